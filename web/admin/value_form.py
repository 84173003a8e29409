"""The form of one value: what stands in its fields, and what is read out of them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from models.folding import fold_digits
from verification.policy.changing import LONGEST_BASIS, SHORTEST_BASIS, LegalBasisRefused
from verification.policy.describing import WEEK, Kind, Value
from verification.policy.hours import MOST_WINDOWS
from verification.policy.values import MOST_CONTACTS, MOST_LINK_HOSTS, PolicyRefused
from web.admin.choosing_words import DOLLARS_RULE
from web.formats import number
from web.translating import gettext, lazy

WHOLE = "value"
"""The field of a value that has only one."""
BASIS = "legal_basis"

_SHUT = {"-", "–", "—", "0", "shut", "closed", "مغلق"}
_BETWEEN = re.compile(r"[,،;؛\n]+")
_CLOCK = re.compile(r"(?<!\d)(\d):(\d\d)")
_DASH = re.compile(r"\s*[-–—]\s*")
_APART = re.compile(r"[\s,،;؛]+")
_RULES = {
    "suspicious_value": lazy("An amount such as 2000.00, or nothing."),
    "friday_prayer": lazy("“solar”, or a window such as 12:15-13:45."),
    "ramadan_calls_from": lazy("A time such as 11:00."),
}


def fields_of(value: Value) -> tuple[str, ...]:
    """The names of a value's fields."""
    return {Kind.hours: WEEK, Kind.numbers: value.choices}.get(value.kind, (WHOLE,))


def written(value: Value, content: Any) -> dict[str, str]:
    """What stands in the fields for a value as JSON has it."""
    match value.kind:
        case Kind.hours:
            return {day: ", ".join(each) or "-" for day, each in (content or {}).items()}
        case Kind.numbers:
            return {name: str(count) for name, count in content.items()}
        case Kind.switch:
            return {WHOLE: "1" if content else ""}
        case Kind.texts:
            return {WHOLE: ", ".join(content)}
        case Kind.other:
            return {WHOLE: json.dumps(content, indent=1)}
    return {WHOLE: "" if content is None else str(content)}


def read(value: Value, typed: Mapping[str, str]) -> Any:
    """What was typed, as JSON has it; whether it may be is the policy's to say. Raises `PolicyRefused`."""
    if value.kind is Kind.hours:
        hours = {day: _windows(typed[day]) for day in WEEK if typed.get(day, "").strip()}
        if hours or value.is_optional:
            return hours or None
        raise PolicyRefused(f"{value.name}.{WEEK[0]}", "empty")
    if value.kind is Kind.numbers:
        return {name: _number(typed.get(name, "")) for name in value.choices}
    whole = typed.get(WHOLE, "").strip()
    match value.kind:
        case Kind.switch:
            return whole == "1"
        case Kind.number:
            return _number(whole)
        case Kind.choice:
            return whole
        case Kind.texts:
            return [each for each in _APART.split(whole.lower()) if each]
        case Kind.dollars:
            return fold_digits(whole).replace("٫", ".").removeprefix("$").strip()
        case Kind.text:
            plain = fold_digits(whole)
            return _pad(plain) if plain or not value.is_optional else None
    try:
        return json.loads(whole)
    except (ValueError, RecursionError):
        raise PolicyRefused(value.name, gettext("this is not JSON")) from None


def field_of(value: Value, refused: PolicyRefused) -> str:
    """The field in which the trouble lies."""
    if isinstance(refused, LegalBasisRefused):
        return BASIS
    part = refused.name.split(".")[1:2]
    return part[0] if part and part[0] in fields_of(value) else fields_of(value)[0]


def rule_of(value: Value, refused: PolicyRefused) -> str:
    """The rule that was broken, in the page's language."""
    if isinstance(refused, LegalBasisRefused) and refused.code == "too_long":
        return gettext("A legal basis has at most %(most)s characters.", most=number(LONGEST_BASIS))
    if isinstance(refused, LegalBasisRefused):
        return gettext(
            "Hours of a seller's or a store's own need their legal basis, in %(least)s characters or more.",
            least=number(SHORTEST_BASIS),
        )
    match value.kind:
        case Kind.hours if refused.code == "too_long":
            return gettext("A day has at most %(most)s windows.", most=number(MOST_WINDOWS))
        case Kind.hours:
            return gettext(
                "Windows such as 10:00-14:00, 16:00-21:30. Each shuts after it opens; "
                "one over midnight is written as two."
            )
        case Kind.number | Kind.numbers if value.highest is not None:
            return gettext(
                "A whole number from %(lowest)s to %(highest)s.",
                lowest=number(value.lowest or 0),
                highest=number(value.highest),
            )
        case Kind.number | Kind.numbers:
            return gettext("A whole number, %(lowest)s or more.", lowest=number(value.lowest or 0))
        case Kind.dollars:
            return str(DOLLARS_RULE)
        case Kind.text if value.name in _RULES:
            return str(_RULES[value.name])
        case Kind.texts if refused.code == "too_long":
            return gettext("At most %(most)s hosts.", most=number(MOST_LINK_HOSTS))
        case Kind.texts:
            return gettext("Hosts such as orders.example.com, with commas between them.")
        case Kind.other if refused.code in ("too_short", "too_long"):
            return gettext("From 1 to %(most)s contacts are needed.", most=number(MOST_CONTACTS))
        case Kind.choice:
            return gettext("This cannot be chosen in this installation.")
    return gettext("It cannot be read: %(detail)s", detail=refused.detail)


def _windows(text: str) -> list[str]:
    if text.strip().casefold() in _SHUT:
        return []
    return [_pad(each) for each in _BETWEEN.split(fold_digits(text)) if each.strip()]


def _pad(text: str) -> str:
    """Times as the policy writes them: "9:00 – 12:00" is "09:00-12:00"."""
    return _CLOCK.sub(r"0\1:\2", _DASH.sub("-", text.strip()))


def _number(text: str) -> int | str:
    plain = fold_digits(text).strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else plain
