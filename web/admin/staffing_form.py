"""The form of the week: what was typed, read into agents by the hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from models.folding import fold_digits
from verification.staffing.week import (
    DAYS,
    HOURS,
    MOST_AGENTS,
    MOST_CALLS,
    USUAL_CALLS,
    Hour,
    Staff,
    Week,
    block,
    span,
)
from web.formats import number
from web.translating import gettext

CALLS = "calls_an_hour"
QUICK = ("first_day", "last_day", "first_hour", "until_hour", "agents")
FIRST_DAY = 6
"""The week of these countries begins on Sunday."""
_USUAL_HOURS = range(8, 24)
_EMPTY = {"first_day": "6", "last_day": "3", "first_hour": "9", "until_hour": "22", "agents": ""}


@dataclass(frozen=True)
class Typed:
    """What stands in the fields; `trouble` by field, in words."""

    cells: Mapping[Hour, str]
    calls: str = ""
    quick: Mapping[str, str] = field(default_factory=lambda: dict(_EMPTY))
    trouble: Mapping[str, str] = field(default_factory=dict)

    @property
    def busy_hours(self) -> list[int]:
        """The hours of the day that come first: those with anybody, or with something to mend."""
        found = {hour for (_, hour), text in self.cells.items() if text.strip() not in ("", "0")}
        return sorted(found) or list(_USUAL_HOURS)

    @property
    def other_hours(self) -> list[int]:
        """The other hours of the day."""
        return [hour for hour in range(HOURS) if hour not in self.busy_hours]


def name_of(hour: Hour) -> str:
    """The field of an hour."""
    return f"h-{hour[0]}-{hour[1]}"


def every_hour() -> Iterable[Hour]:
    """All hours of the week."""
    return ((day, hour) for day in range(DAYS) for hour in range(HOURS))


def days_in_order() -> list[int]:
    """The days as the week shows them."""
    return list(span(FIRST_DAY, (FIRST_DAY - 1) % DAYS, DAYS))


def typed_from(week: Week) -> Typed:
    """The fields that say this week; calls an hour are left empty where hours differ."""
    cells = {hour: str(week[hour].agents) if hour in week else "" for hour in every_hour()}
    calls = {staff.calls_an_hour for staff in week.values()}
    told = str(calls.pop()) if len(calls) == 1 else "" if calls else str(USUAL_CALLS)
    return Typed(cells, told)


def typed_in(form: Mapping[str, str]) -> Typed:
    """What was typed into the fields."""
    cells = {hour: form.get(name_of(hour), "") for hour in every_hour()}
    return Typed(cells, form.get(CALLS, ""), {name: form.get(name, "") for name in QUICK})


def read(typed: Typed, before: Week) -> tuple[Week, Mapping[str, str]]:
    """The week that was typed, and what stands in its way, by field. Where calls an hour are left empty, each
    hour keeps its own."""
    trouble: dict[str, str] = {}
    calls = _whole(typed.calls, 1, MOST_CALLS, CALLS, trouble)
    week: dict[Hour, Staff] = {}
    for hour, text in typed.cells.items():
        agents = _whole(text, 0, MOST_AGENTS, name_of(hour), trouble)
        if agents is not None:
            own = before[hour].calls_an_hour if hour in before else USUAL_CALLS
            week[hour] = Staff(agents, own if calls is None else calls)
    return week, trouble


def filled(typed: Typed) -> Typed:
    """The fields with the quick fill over them, or with what stands in its way."""
    trouble: dict[str, str] = {}
    first, last, begins, until = (
        _whole(typed.quick[name], 0, most, name, trouble)
        for name, most in zip(QUICK, (DAYS - 1, DAYS - 1, HOURS - 1, HOURS), strict=False)
    )
    agents = _whole(typed.quick["agents"], 0, MOST_AGENTS, "agents", trouble)
    missing = [name for name in QUICK if not typed.quick[name].strip()]
    trouble |= {name: gettext("This is needed.") for name in missing}
    if begins == until and not trouble:
        trouble["until_hour"] = gettext("This is when it begins.")
    if trouble or first is None or last is None or begins is None or until is None:
        return replace(typed, trouble=trouble)
    hours = dict.fromkeys(block(tuple(span(first, last, DAYS)), begins, until), str(agents))
    return replace(typed, cells={**typed.cells, **hours})


def _whole(text: str, least: int, most: int, name: str, trouble: dict[str, str]) -> int | None:
    plain = fold_digits(text).strip()
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) <= len(str(most)) and least <= int(plain) <= most:
        return int(plain)
    trouble[name] = gettext(
        "A whole number from %(least)s to %(most)s.", least=number(least), most=number(most)
    )
    return None
