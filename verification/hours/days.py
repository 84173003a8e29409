"""The open and the shut minutes of a local day, kept once they are worked out.

The weekly hours are `call_hours` for calls, `message_hours` for messages about an order, `promotion_hours`
for messages that promote. On days of Ramadan (as the calendar has it, sure or not) `ramadan_call_hours` and
`ramadan_message_hours` stand in for the first two, where the policy has them. What they leave out is shut by
the hard rule `outside_hours`; the other rules are in `pauses.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from models.vocabulary import ContactKind, MessageClass, Regime
from verification.hours.calendar import COMPUTED, Calendar
from verification.hours.pauses import Pause, bounds, minutes_of, on_the_wall, pauses_by, told_of
from verification.hours.where import Where
from verification.policy.hours import Binding, Week
from verification.policy.values import Policy

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Stretch(NamedTuple):
    """Minutes in a row, aware UTC, half-open."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class DayHours:
    """One local day for one kind of contact; stretches are in order and apart, all aware UTC.

    `windows` are the weekly hours, `allowed` what hard rules leave of them, `preferred` what soft ones that
    delay leave of that. `shut` holds all pauses and, as `outside_hours`, what the weekly hours leave out:
    they may overlap.
    """

    begins: datetime
    ends: datetime
    windows: tuple[Stretch, ...]
    allowed: tuple[Stretch, ...]
    preferred: tuple[Stretch, ...]
    shut: tuple[Pause, ...]

    def delays(self, pause: Pause) -> bool:
        """Whether contacts wait for the end of the pause: one that is soft all day delays nothing."""
        return pause.is_hard or (pause.begins, pause.ends) != (self.begins, self.ends)


def day_of(
    where: Where,
    day: date,
    kind: ContactKind,
    purpose: MessageClass,
    policy: Policy,
    calendar: Calendar = COMPUTED,
) -> DayHours:
    """The local day of a place under a policy."""
    return day_by(policy.binding(kind, purpose), where, day, of_country(calendar, where.country))


def of_country(calendar: Calendar, country: str) -> Calendar:
    """What of a calendar days of a country are kept by."""
    return calendar.for_country(country) if calendar.overrides else calendar


@lru_cache(maxsize=8192)
def day_by(binding: Binding, where: Where, day: date, calendar: Calendar) -> DayHours:
    """The local day under these values; `calendar` holds overrides of this country alone."""
    begins, ends = bounds(day, where.zone)
    windows = tuple(_joined(_windows(binding, where, day, calendar)))
    outside = (
        Pause(*gap, "outside_hours", is_hard=True) for gap in without([Stretch(begins, ends)], windows)
    )
    found = pauses_by(binding, where, day, calendar)
    shut = tuple(sorted((*found, *outside), key=lambda pause: pause.begins))
    day_hours = DayHours(begins, ends, windows, (), (), shut)
    hard = (Stretch(each.begins, each.ends) for each in found if each.is_hard)
    waited_for = (Stretch(each.begins, each.ends) for each in found if day_hours.delays(each))
    return replace(
        day_hours, allowed=tuple(without(windows, hard)), preferred=tuple(without(windows, waited_for))
    )


def _windows(binding: Binding, where: Where, day: date, calendar: Calendar) -> Iterator[Stretch]:
    for window in _spans(_week(binding, where, day, calendar), day):
        opens, shuts = (minutes_of(clock) for clock in window.split("-"))
        yield Stretch(on_the_wall(day, opens, where.zone), on_the_wall(day, shuts, where.zone))


def _week(binding: Binding, where: Where, day: date, calendar: Calendar) -> Week:
    if binding.ramadan_week is not None and told_of(where, day, calendar).regime is Regime.ramadan:
        return binding.ramadan_week
    return binding.week


def _spans(week: Week, day: date) -> tuple[str, ...]:
    by_name = dict(week)
    return by_name.get(_NAMES[day.weekday()], by_name.get("daily", ()))


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """The same minutes in order, in as few stretches as may be."""
    pending: Stretch | None = None
    for each in sorted(stretches):
        if pending is not None and each.begins <= pending.ends:
            pending = Stretch(pending.begins, max(pending.ends, each.ends))
            continue
        if pending is not None:
            yield pending
        pending = each
    if pending is not None:
        yield pending


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of stretches (in order and apart) when others are taken out."""
    holes = tuple(_joined(taken))
    for begins, ends in stretches:
        rest = begins
        for hole in holes:
            if hole.ends <= rest:
                continue
            if hole.begins >= ends:
                break
            if rest < hole.begins:
                yield Stretch(rest, hole.begins)
            rest = hole.ends
        if rest < ends:
            yield Stretch(rest, ends)
