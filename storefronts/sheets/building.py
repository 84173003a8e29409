"""From the rows of one order to what `POST /orders` would be sent."""

from datetime import tzinfo
from hashlib import sha256
from json import dumps
from typing import Any

from models.folding import fold, fold_digits
from models.money import decimal_text
from storefronts.sheets.cells import CellError, amount_of, order_id_of, quantity_of, text_of
from storefronts.sheets.columns import Column
from storefronts.sheets.dates import read_date
from storefronts.sheets.grouping import Found, Group, Row
from storefronts.sheets.places import country_code
from storefronts.sheets.pricing import Line, order_currency, price
from storefronts.sheets.problems import Problems

CASH_ON_DELIVERY = "cod"
_LOST = "\ufffd"
_ADDRESS = (
    Column.region,
    Column.city,
    Column.district,
    Column.building,
    Column.short_address,
    Column.postal_code,
    Column.landmark,
)
_ITEM_TEXTS = {
    "sku": Column.sku,
    "variant": Column.variant,
    "image_url": Column.image_url,
    "product_url": Column.product_url,
}


def build_order(group: Group, problems: Problems, *, country: str, zone: tzinfo) -> dict[str, Any]:
    """The payload of one order, without what could not be read, which is among the problems.

    `country` is that of orders which name none. The payload has no `external_id` when the file gives none
    (see `content_id`), and no `placed_at` when the file has no date.
    """
    _note_lost_characters(group, problems)
    _note_strangers(group, problems)
    payload: dict[str, Any] = _ids(group, problems)
    if (placed := group.first(Column.placed_at)) and (moment := problems.reading(placed, _date_in(zone))):
        payload["placed_at"] = moment
    method = group.first(Column.payment_method)
    payload["payment_method"] = text_of(method.cell) if method else CASH_ON_DELIVERY
    payload["note"] = _joined(group, Column.note)
    payload["buyer"] = _buyer(group)
    named = group.first(Column.country)
    code = problems.reading(named, _known_country) if named else country
    payload["address"] = {"country": code, "street": _joined(group, Column.street)} | {
        column.value: _text(group.first(column)) for column in _ADDRESS
    }
    return payload | _goods(group, code or country, problems)


def content_id(payload: dict[str, Any]) -> str:
    """An id for an order that has none: the same for the same content, whatever file brings it."""
    content = dumps(payload, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
    return f"sheet-{sha256(content).hexdigest()[:24]}"


def _ids(group: Group, problems: Problems) -> dict[str, Any]:
    identity, number = group.first(Column.order_id), group.first(Column.number)
    shown = number or identity
    if shown is None:
        return {"number": None}
    names = [problems.reading(found, order_id_of) for found in (identity, number) if found]
    external_id = next(iter(filter(None, names)), None)
    return {"number": text_of(shown.cell)} | ({"external_id": external_id} if external_id else {})


def _buyer(group: Group) -> dict[str, Any]:
    phones = {
        fold_digits(text_of(found.cell)): text_of(found.cell) for found in _by_rank(group, Column.phone)
    }
    first, *further = phones.values() or [""]
    name = _text(next(iter(_by_rank(group, Column.buyer_name)), None))
    parts = [_text(next(iter(_by_rank(group, c)), None)) for c in (Column.first_name, Column.last_name)]
    buyer: dict[str, Any] = {"name": name or " ".join(filter(None, parts)) or None, "language": None}
    if any(Column.phone in row.header.places for row in group.rows):
        buyer["phone"] = first
    return buyer | {"alternate_phone": " / ".join(further) or None}


def _goods(group: Group, country: str, problems: Problems) -> dict[str, Any]:
    rows = [row for row in group.rows if row.first(Column.item_title) or row.first(Column.sku)]
    currency = order_currency(group, country, problems)
    if currency is None:
        return {}
    lines = [_line(row, currency, problems) for row in rows or group.rows[:1]]
    total = price(group, lines, currency, problems)
    return {
        "currency": currency,
        "total": None if total is None else decimal_text(total, currency),
        "items": [_item(line, currency) for line in lines],
    }


def _line(row: Row, currency: str, problems: Problems) -> Line:
    quantity, unit, line_total = map(row.first, (Column.quantity, Column.unit_price, Column.line_total))
    return Line(
        row=row,
        # After a problem 1 stands in, so that the amounts can be read on; the order is refused anyway.
        quantity=(problems.reading(quantity, quantity_of) or 1) if quantity else 1,
        unit=problems.reading(unit, lambda cell: amount_of(cell, currency)) if unit else None,
        line_total=problems.reading(line_total, lambda cell: amount_of(cell, currency))
        if line_total
        else None,
    )


def _item(line: Line, currency: str) -> dict[str, Any]:
    title = line.row.first(Column.item_title) or line.row.first(Column.sku)
    item: dict[str, Any] = {
        "title": _text(title),
        "quantity": line.quantity,
        "unit_price": None if line.unit is None else decimal_text(line.unit, currency),
    }
    return item | {name: _text(line.row.first(column)) for name, column in _ITEM_TEXTS.items()}


def _by_rank(group: Group, column: Column) -> list[Found]:
    return sorted(group.all(column), key=lambda found: (found.place.rank, found.row))


def _joined(group: Group, column: Column) -> str | None:
    """All that the best columns of the first row to say anything say, once: address line 1 and line 2."""
    found = group.all(column)
    parts: list[str] = []
    for one in found:
        text = text_of(one.cell)
        same_kind = (one.row, one.place.rank) == (found[0].row, found[0].place.rank)
        if same_kind and not any(fold(text) in fold(part) for part in parts):
            parts = [part for part in parts if fold(part) not in fold(text)] + [text]
    return "، ".join(parts) or None


def _text(found: Found | None) -> str | None:
    return text_of(found.cell) if found else None


def _known_country(cell: object) -> str:
    code = country_code(text_of(cell))
    if code is None:
        raise CellError("unknown_country")
    return code


def _date_in(zone: tzinfo) -> Any:
    def read(cell: object) -> str:
        moment = read_date(cell, zone)
        if moment is None:
            raise CellError("not_a_date")
        return moment.isoformat()

    return read


def _note_lost_characters(group: Group, problems: Problems) -> None:
    for row in group.rows:
        for column in row.filled():
            for found in row.all(column):
                if isinstance(found.cell, str) and _LOST in found.cell:
                    problems.add(found, "text_damaged")


def _note_strangers(group: Group, problems: Problems) -> None:
    """Two buyers or two countries under one order number are two orders that must not become one parcel."""
    countries = [found for row in group.rows if (found := row.first(Column.country))]
    for found in countries[1:]:
        if country_code(text_of(found.cell)) != country_code(text_of(countries[0].cell)):
            problems.add(found, "rows_disagree")
    # Another name at the same number, or another number of the same name, is still one buyer.
    buyers = [
        (
            fold(text_of(name.cell)),
            "".join(filter(str.isdecimal, fold_digits(text_of(phone.cell))))[-8:],
            name,
        )
        for row in group.rows
        if (name := row.first(Column.buyer_name)) and (phone := row.first(Column.phone))
    ]
    for named, digits, where in buyers[1:]:
        if named != buyers[0][0] and digits != buyers[0][1]:
            problems.add(where, "rows_disagree")
