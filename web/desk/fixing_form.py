"""The lines of an address as an agent puts them right, with what a courier still needs first in view."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.drafts import ADDRESS_LINES
from verification.desk.shown import CaseOrder
from web.desk.choosing import Form, Misread
from web.formats import listed
from web.translating import lazy

BLOCK = "block"
LONGEST_LINE = 200

# Where what couriers ask for has its place among the lines that stores send.
_LINE_OF = {
    "city": "city",
    "governorate": "region",
    "area": "district",
    "district": "district",
    "zone": "district",
    "street": "street",
    "road": "street",
    "building": "building",
    "house": "building",
    "landmark": "landmark",
}
_NAMES: Mapping[str, Any] = {
    "region": lazy("Region"),
    "city": lazy("City"),
    "district": lazy("District"),
    "street": lazy("Street"),
    "building": lazy("Building"),
    "short_address": lazy("Short address"),
    "postal_code": lazy("Postal code"),
    "landmark": lazy("Landmark"),
}
_ALWAYS = ("city", "district", "street", "building", "landmark")


@dataclass(frozen=True)
class FixLine:
    """One field: `label` in the reader's words, `is_missing` when a courier needs it."""

    name: str
    label: str
    value: str
    is_missing: bool


def line_name(name: str) -> str:
    """What a line of an address is called."""
    return str(_NAMES.get(name, name))


def lines_of(order: CaseOrder, country: str, typed: Mapping[str, str]) -> Sequence[FixLine]:
    """The fields for an order's address, from the widest to the closest; `typed` was sent a moment ago."""
    if order.address is None:
        return ()
    kept = typed if typed.get("order") == str(order.id) else {}
    missing = {_LINE_OF[code]: code for code in order.missing if code in _LINE_OF}
    return tuple(_fields(order.address, country, missing, kept, needs_block=BLOCK in order.missing))


def _fields(
    address: Mapping[str, str],
    country: str,
    missing: Mapping[str, str],
    kept: Mapping[str, str],
    *,
    needs_block: bool,
) -> Iterator[FixLine]:
    for name in ADDRESS_LINES:
        if name == "street" and needs_block:
            yield FixLine(BLOCK, listed([BLOCK]).capitalize(), kept.get(BLOCK, ""), is_missing=True)
        if (
            name in address
            or name in missing
            or name in _ALWAYS
            or (name, country) == ("short_address", "SA")
        ):
            label = listed([missing[name]]).capitalize() if name in missing else line_name(name)
            yield FixLine(name, label, kept.get(name, address.get(name) or ""), is_missing=name in missing)


def read_lines(form: Form, language: str | None) -> dict[str, str | None]:
    """The lines of a submitted form; a block stands before its street, as couriers read it.

    Raises `Misread`: `address_empty`, `too_long`.
    """
    lines = {name: _line(form[name]) for name in ADDRESS_LINES if name in form}
    if block := _line(form.get(BLOCK, "")):
        # A bare number says nothing to a courier: the word for a block goes with it.
        word = "قطعة" if language in ("ar", None) else "Block"
        announced = f"{word} {block}" if block.isalnum() and len(block) <= len("1234") else block
        lines["street"] = " ".join(filter(None, (announced, lines.get("street"))))
    if not any(lines.values()):
        raise Misread("address_empty")
    return lines


def _line(typed: str) -> str | None:
    line = " ".join("".join(each if each.isprintable() else " " for each in typed).split())
    if len(line) > LONGEST_LINE:
        raise Misread("too_long")
    return line or None
