"""The kinds of fields an order is made of, each with its check and its form in the published contract."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints, ValidationInfo
from pydantic import WithJsonSchema as Published

from models.countries import is_country
from models.folding import without_directions
from models.money import AmountError, is_currency, parse_amount
from verification.intake.problems import broken_rule

LONGEST_TEXT = 2_000
MOST_ITEMS = 200
MOST_PIECES = 10_000
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Setting:
    """What a field needs to know of its surroundings: the store's zone and the order's currency, if known."""

    zone: ZoneInfo
    currency: str | None


def known_currency(value: object) -> str | None:
    """The currency code in upper case, or None when it is not one."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if is_currency(code) else None


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise broken_rule("text_has_nul")
    return text


def _undirected(value: object) -> object:
    return without_directions(value) if isinstance(value, str) else value


def _filled(text: str | None) -> str | None:
    return text or None


def _currency(text: str) -> str:
    code = known_currency(text)
    if code is None:
        raise broken_rule("unknown_currency")
    return code


def _country(text: str) -> str:
    code = text.upper()
    if not is_country(code):
        raise broken_rule("unknown_country")
    return code


def _language(text: str | None) -> str | None:
    tag = re.fullmatch(r"([a-z]{2,3})(?:[-_][a-z0-9_-]+)?", (text or "").casefold(), re.ASCII)
    return tag[1] if tag else None


def _web_address(text: str | None) -> str | None:
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None


def _amount(value: object, info: ValidationInfo) -> int:
    # Without a currency the amount is held against the most decimals in use, so that its other faults show.
    currency = _setting(info).currency or "KWD"
    try:
        return parse_amount(_text(value).strip(), currency)
    except AmountError as error:
        raise broken_rule(error.code) from None


def _time(value: object, info: ValidationInfo) -> datetime:
    text = _text(value).strip()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise broken_rule("not_a_time") from None
    if not re.search(r"[T ]", text):
        raise broken_rule("not_a_time")
    if time.year not in YEARS:
        raise broken_rule("time_out_of_range")
    if time.tzinfo is None:
        time = time.replace(tzinfo=_setting(info).zone)
    return time.astimezone(UTC)


def _optional_time(value: object, info: ValidationInfo) -> datetime | None:
    return None if value is None else _time(value, info)


def _few(items: object) -> object:
    # Before any item is read: five thousand items are one problem, not five thousand.
    if isinstance(items, list) and len(items) > MOST_ITEMS:
        raise broken_rule("too_many_items")
    return items


def _text(value: object) -> str:
    if value is None:
        raise broken_rule("required")
    if not isinstance(value, str):
        raise broken_rule("text_expected")
    return value


def _setting(info: ValidationInfo) -> Setting:
    assert isinstance(info.context, Setting)  # noqa: S101
    return info.context


_STRIPPED = StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)
# An id names what it names with every character that was sent.
Id = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(_without_nul),
]
AnyText = Annotated[str, _STRIPPED, AfterValidator(_without_nul), BeforeValidator(_undirected)]
Text = Annotated[Id, BeforeValidator(_undirected)]
OptionalText = Annotated[AnyText | None, AfterValidator(_filled)]
Currency = Annotated[Text, AfterValidator(_currency)]
Country = Annotated[Text, AfterValidator(_country)]
Language = Annotated[OptionalText, AfterValidator(_language)]
WebAddress = Annotated[OptionalText, AfterValidator(_web_address)]
Quantity = Annotated[int, Field(ge=1, le=MOST_PIECES)]
Few = BeforeValidator(_few)

_TIME = {"type": "string", "format": "date-time"}
Amount = Annotated[
    int, PlainValidator(_amount), Published({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"})
]
Time = Annotated[datetime, PlainValidator(_time), Published(_TIME)]
OptionalTime = Annotated[
    datetime | None, PlainValidator(_optional_time), Published({"anyOf": [_TIME, {"type": "null"}]})
]
