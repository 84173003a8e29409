"""Variables: what stands in double braces in a text, and what is put there."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from channels.protocol import ContactOrder
from verification.wording.amounts import write_amount

NAMES = ("first", "reminder", "last_call")
"""What a text is for: the first contact on its channel about an order, the second, and all later ones."""

VARIABLES = ("store", "number", "items", "total", "link")
"""The store's name, the orders' numbers, the titles of what was ordered, the sum to pay, the buyer's page."""

REFERENCE = "reference"
"""Stands in the ids of an approved template's buttons, so that a tap names its contact."""

SAMPLES: Mapping[str, str] = {
    "store": "Layla Boutique",
    "number": "#1047",
    "items": "Hand blender, black",
    "total": "SAR 199.00",
    "link": "https://orders.example.com/c/4WZtq0Tn",
    REFERENCE: "tk-0",
}
"""What whoever approves a template is shown."""

LONGEST: Mapping[str, int] = {"store": 60, "number": 80, "items": 240, "total": 60, "link": 200}
"""How long what is put there may be; longer ones are cut."""

_BRACES = re.compile(r"\{\{([^{}]*)\}\}")
# Providers refuse line breaks and runs of spaces in a variable; the marks around an amount only cost room.
_GAPS = re.compile(r"[\s\u00a0]+")
_MARKS = re.compile(r"[\u200e\u200f\u2066-\u2069]")
_NOTHING = "—"


def named_in(body: str) -> tuple[str, ...]:
    """What stands in double braces, in the order written, each as often as it is written."""
    return tuple(name.strip() for name in _BRACES.findall(body))


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced; one without a value stays as it is."""
    return _BRACES.sub(lambda found: values.get(found[1].strip(), found[0]), body)


def numbers_of(body: str, *, has_buttons: bool) -> Mapping[str, str]:
    """The providers' own names of the variables, "1", "2", ..., counted as they appear."""
    names = dict.fromkeys((*named_in(body), *((REFERENCE,) if has_buttons else ())))
    return {name: str(number) for number, name in enumerate(names, 1)}


def values_of(
    orders: Sequence[ContactOrder], *, store_name: str, language: str, link: str | None
) -> Mapping[str, str]:
    """What the variables stand for in a contact about these orders; none is empty or has a line break."""
    totals: dict[str, Decimal] = {}
    for order in orders:
        totals[order.currency] = totals.get(order.currency, Decimal(0)) + Decimal(order.total)
    comma = "، " if language in ("ar", "ckb") else ", "
    amounts = [write_amount(total, currency, language) for currency, total in totals.items()]
    values = {
        "store": store_name,
        "number": comma.join(order.number for order in orders),
        "items": comma.join(item for order in orders for item in order.items),
        "total": " + ".join(amounts),
    }
    plain = {name: _plain(value, LONGEST[name]) for name, value in values.items()}
    return {**plain, "link": link} if link else plain


def _plain(text: str, longest: int) -> str:
    """One line of at most so many letters, without what would open a variable of its own."""
    line = _GAPS.sub(" ", _MARKS.sub("", text)).replace("{{", "{ {").replace("}}", "} }").strip()
    return (line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…") or _NOTHING
