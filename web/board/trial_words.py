"""The trial in words: what is compared, by how much it differs, and whether that is more than chance."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from verification.trial.comparing import Compared, Measure
from verification.trial.intervals import Estimate
from verification.trial.looking import DayPart
from verification.trial.watching import Standing
from web.language import page_language
from web.translating import gettext, lazy

_NOTHING = "–"
_FINE = 0.1
# A piece that runs from left to right: the sign of a number stays on its left in Arabic sentences too.
_APART = "\u2066{}\u2069"
_MEASURES: Mapping[Measure, Any] = {
    Measure.decided: lazy("Decided in time"),
    Measure.calls: lazy("Agents' calls for each order"),
    Measure.contacts: lazy("Contacts for each order"),
    Measure.cost: lazy("US dollars for each order decided"),
    Measure.complaints: lazy("Buyers who opted out, of 1,000"),
    Measure.returned: lazy("Parcels that came back"),
}
_BY_CHANNEL: Mapping[Measure, Any] = {
    Measure.decided: lazy("Decided through it"),
    Measure.contacts: lazy("Contacts for each order"),
    Measure.cost: lazy("US dollars for each order"),
}
_STANDINGS: Mapping[Standing, Any] = {
    Standing.below: lazy("Worse than the fixed schedule"),
    Standing.doubtful: lazy("Perhaps worse; not beyond chance"),
    Standing.fine: lazy("Not worse"),
    Standing.too_few: lazy("Too few orders to tell"),
}
_PARTS: Mapping[DayPart, Any] = {
    DayPart.night: lazy("0:00–6:00"),
    DayPart.morning: lazy("6:00–12:00"),
    DayPart.afternoon: lazy("12:00–18:00"),
    DayPart.evening: lazy("18:00–24:00"),
}


def measure_name(measure: Measure, *, of_channel: bool = False) -> str:
    """What is compared."""
    return str((_BY_CHANNEL if of_channel else _MEASURES)[measure])


def standing_name(standing: Standing) -> str:
    """How learned stands to control."""
    return str(_STANDINGS[standing])


def part_name(part: DayPart) -> str:
    """A part of the day by its hours."""
    return str(_PARTS[part])


def value(measure: Measure, found: float | None) -> str:
    """ "82.4%", "0.53", "1.9" of 1,000; a dash when there is nothing to count."""
    if found is None:
        return _NOTHING
    if measure is Measure.complaints:
        return _written(1000 * found, "0.0")
    if measure.is_share:
        return _written(found, "0.0%")
    return _written(found, "0.000" if 0 < found < _FINE else "0.00")


def effect(each: Compared) -> str:
    """ "+2.1 points", "× 0.49"; where it is too few, that."""
    if each.effect is None:
        return gettext("Too few to tell")
    if not each.measure.is_share:
        return f"× {_written(each.effect.value, '0.00')}"
    told = _signed(each.measure, each.effect.value)
    return told if each.measure is Measure.complaints else gettext("%(points)s points", points=told)


def between(measure: Measure, found: Estimate) -> str:
    """ "+0.4 to +3.8": where the true effect lies with 95 % confidence."""
    if measure.is_share:
        low, high = (_signed(measure, each) for each in (found.low, found.high))
    else:
        low, high = (_written(each, "0.00") for each in (found.low, found.high))
    return gettext("%(low)s to %(high)s", low=low, high=high)


def verdict(each: Compared) -> str:
    """Whether learned is better, in a word."""
    if each.effect is None:
        return ""
    if each.is_better is None:
        return gettext("no clear difference")
    return gettext("better") if each.is_better else gettext("worse")


def kind(is_good: bool | None) -> str:
    """How a verdict is coloured."""
    return {True: "better", False: "worse", None: "even"}[is_good]


def standing_kind(standing: Standing) -> str:
    """How a standing is coloured."""
    return kind({Standing.below: False, Standing.fine: True}.get(standing))


def share(found: float) -> str:
    """A small share: "0.94%"."""
    return _written(found, "0.00%")


def dollars(found: float) -> str:
    """ "1,204.50"."""
    return _written(found, "#,##0.00")


def points_between(found: Estimate) -> str:
    """Between what a difference of shares lies, in points."""
    return between(Measure.decided, found)


def points(found: float) -> str:
    """A share as signed points: "+1.4"."""
    return _signed(Measure.decided, found)


def _signed(measure: Measure, found: float) -> str:
    written = _written((1000 if measure is Measure.complaints else 100) * found, "+0.0;-0.0")
    return _APART.format(written) if page_language() == "ar" else written


def _written(found: float, pattern: str) -> str:
    digits = len(pattern.partition(";")[0].rpartition(".")[2].rstrip("%")) + (2 if "%" in pattern else 0)
    found = round(found, digits) or 0.0  # no "-0.0"
    return format_decimal(found, format=pattern, locale=page_language())
