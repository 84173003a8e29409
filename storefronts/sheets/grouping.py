"""From rows to orders: which rows belong together, and which hold no order at all."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.folding import fold
from storefronts.sheets.cells import CellError, order_id_of, text_of
from storefronts.sheets.columns import Column
from storefronts.sheets.headers import Header, Place
from storefronts.sheets.sheet import SkippedRow
from storefronts.sheets.table import Table

_TOTALS = frozenset(
    fold(word) for word in ("الإجمالي", "إجمالي", "المجموع", "مجموع", "total", "totals", "sum")
)
_TOTALS_CHINESE = ("合计", "总计", "共计")
_CANCELLED = frozenset(
    fold(word)
    for word in ("cancelled", "canceled", "ملغي", "ملغى", "ملغية", "تم الإلغاء", "已取消", "取消", "交易关闭")
)


@dataclass(frozen=True)
class Found:
    """A filled-in cell, with the row and the place where it stands."""

    row: int
    place: Place
    cell: object


@dataclass(frozen=True)
class Row:
    """One row under its header."""

    number: int
    cells: list[object]
    header: Header

    def all(self, column: Column) -> list[Found]:
        """What the row says of a column, the best place first."""
        return [
            Found(self.number, place, self.cells[place.index])
            for place in self.header.places.get(column, ())
            if place.index < len(self.cells) and text_of(self.cells[place.index])
        ]

    def first(self, column: Column) -> Found | None:
        """The best of `all`."""
        return next(iter(self.all(column)), None)

    def filled(self) -> frozenset[Column]:
        """The columns of which the row says anything."""
        return frozenset(column for column in self.header.places if self.first(column))


@dataclass(frozen=True)
class Group:
    """The rows of one order; what its later rows leave empty is as in an earlier one."""

    rows: list[Row]

    def all(self, column: Column) -> list[Found]:
        """What the rows say of a column, row by row."""
        return [found for row in self.rows for found in row.all(column)]

    def first(self, column: Column) -> Found | None:
        """The first row's say, then the next one's."""
        return next(iter(self.all(column)), None)

    def is_cancelled(self) -> bool:
        """Whether the shop itself says that nothing will be sent."""
        status = self.first(Column.status)
        return self.first(Column.cancelled_at) is not None or (
            status is not None and fold(text_of(status.cell)) in _CANCELLED
        )


def group_rows(table: Table, header: Header) -> tuple[list[Group], list[SkippedRow]]:
    """The orders of a table in the order of their first rows, and the rows that belong to none.

    Rows with the same order number are one order, side by side or not. A row without number that names no
    buyer but an item continues the order above it; one that names a buyer is an order of its own. An order
    number that the spreadsheet has rounded joins nothing, because strangers may share it.
    """
    key_column = _key_column(table, header)
    groups: dict[str, Group] = {}
    skipped = [
        SkippedRow(number, "title" if cells else "blank", table.worksheet)
        for number, cells in enumerate(table.rows[: header.index], start=1)
    ]
    current: Group | None = None
    for row in _rows_below(table, header):
        reason = _no_order(row, key_column)
        if reason:
            skipped.append(SkippedRow(row.number, reason, table.worksheet))
            continue
        key = _key(row, key_column)
        if key is None and current and not any(column.is_of_buyer for column in row.filled()):
            current.rows.append(row)
            continue
        # A key that no order number can be: the row stands alone.
        current = groups.setdefault(key if key is not None else f"\0{row.number}", Group([]))
        current.rows.append(row)
    for group in [group for group in groups.values() if group.is_cancelled()]:
        skipped += [SkippedRow(row.number, "cancelled", table.worksheet) for row in group.rows]
    kept = [group for group in groups.values() if not group.is_cancelled()]
    return kept, sorted(skipped, key=lambda row: row.row)


def _rows_below(table: Table, header: Header) -> Iterator[Row]:
    first = header.index + 1
    for number, cells in enumerate(table.rows[first:], start=first + 1):
        yield Row(number, cells, header)


def _key_column(table: Table, header: Header) -> Column:
    """Of id and number the one filled in more often: Shopify's export repeats only its "Name"."""
    rows = list(_rows_below(table, header))
    return max(
        (Column.order_id, Column.number), key=lambda column: sum(bool(row.first(column)) for row in rows)
    )


def _key(row: Row, key_column: Column) -> str | None:
    found = row.first(key_column)
    if found is None:
        return None
    try:
        return order_id_of(found.cell)
    except CellError:
        return None


def _no_order(row: Row, key_column: Column) -> str | None:
    """Why a row holds no order, or None when it holds one."""
    texts = [text_of(cell) for cell in row.cells if text_of(cell)]
    if not texts:
        return "blank"
    names = row.header.names()
    if len(texts) > 1 and all(fold(text) in names for text in texts):
        return "repeated_header"
    filled = row.filled()
    if Column.phone not in filled and _is_total(texts[0]):
        return "totals"
    if filled <= {key_column}:
        return "remark"
    if filled & {key_column, Column.item_title, Column.sku} or any(column.is_of_buyer for column in filled):
        return None
    return "totals" if all(any(letter.isdecimal() for letter in text) for text in texts) else "remark"


def _is_total(text: str) -> bool:
    words = fold(text).split()
    return bool(words) and (words[0] in _TOTALS or words[0].startswith(_TOTALS_CHINESE))
