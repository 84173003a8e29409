"""When a buyer may be reached: now, or from when on, and what stands in the way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind, MessageClass
from verification.hours.calendar import Calendar
from verification.hours.days import DayHours, Stretch, day_by, of_country
from verification.hours.pauses import Pause
from verification.hours.where import Where
from verification.policy.hours import Binding
from verification.policy.values import Policy

_HORIZON_DAYS = 16
_SOFT_DELAY = timedelta(hours=3)
_DAY = timedelta(days=1)
_Days = Callable[[date], DayHours]


@dataclass(frozen=True, slots=True)
class Decided:
    """The first allowed instant (aware UTC; None: none in 16 days), and the codes of what pushed it back."""

    at: datetime | None
    reasons: tuple[str, ...] = ()


def decide(
    kind: ContactKind,
    purpose: MessageClass,
    where: Where,
    policy: Policy,
    calendar: Calendar,
    at: datetime,
    *,
    until: datetime | None = None,
) -> Decided:
    """The first instant not before `at` at which this kind of contact may reach a buyer there.

    Hard rules always hold. Soft pauses are avoided too if the next instant that avoids both is before `until`
    and either within the same window of weekly hours (which ends at midnight at the latest) or at most three
    hours after the first that the hard rules allow; else the hard rules alone decide. What is soft all day is
    not waited for. Asked again at the instant it gave, with the same `until`, it gives the same. Codes are in
    the order in which they push, each once, as few as explain the time.
    """
    days = _days(policy.binding(kind, purpose), where, calendar)
    today = at.astimezone(ZoneInfo(where.zone)).date()
    if _holds(days(today).preferred, at):
        return Decided(at)
    horizon = today + _HORIZON_DAYS * _DAY
    opened = _first_in((days(day).allowed for day in _each(today, horizon)), at)
    if opened is None:
        end = days(horizon).ends
        return Decided(None, _codes(days, today, at, end, _forbids))
    reasons = _codes(days, today, at, opened, _forbids)
    return _softened(days, where.zone, opened, reasons, until)


def open_stretches(
    kind: ContactKind,
    purpose: MessageClass,
    where: Where,
    policy: Policy,
    calendar: Calendar,
    at: datetime,
    until: datetime,
    *,
    softly: bool = True,
) -> Iterator[Stretch]:
    """The stretches (in order) that avoid hard and soft pauses, from `at` to `until`, cut to them; those that
    hard rules alone allow if not `softly`."""
    days = _days(policy.binding(kind, purpose), where, calendar)
    zone = ZoneInfo(where.zone)
    for day in _each(at.astimezone(zone).date(), until.astimezone(zone).date()):
        for begins, ends in days(day).preferred if softly else days(day).allowed:
            if max(begins, at) < min(ends, until):
                yield Stretch(max(begins, at), min(ends, until))


def closes_at(
    kind: ContactKind,
    purpose: MessageClass,
    where: Where,
    policy: Policy,
    calendar: Calendar,
    at: datetime,
) -> datetime:
    """Until when (aware UTC) hard rules allow what they allow at `at`; `at` itself where they forbid it."""
    days = _days(policy.binding(kind, purpose), where, calendar)
    today = days(at.astimezone(ZoneInfo(where.zone)).date())
    return next((ends for begins, ends in today.allowed if begins <= at < ends), at)


def _days(binding: Binding, where: Where, calendar: Calendar) -> _Days:
    counting = of_country(calendar, where.country)
    return lambda day: day_by(binding, where, day, counting)


def _forbids(_: DayHours, pause: Pause) -> bool:
    return pause.is_hard


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def _holds(stretches: tuple[Stretch, ...], at: datetime) -> bool:
    return any(begins <= at < ends for begins, ends in stretches)


def _first_in(by_day: Iterable[tuple[Stretch, ...]], at: datetime) -> datetime | None:
    """The first instant not before `at` in stretches in order."""
    return next((max(begins, at) for day in by_day for begins, ends in day if at < ends), None)


def _softened(
    days: _Days, zone: str, opened: datetime, reasons: tuple[str, ...], until: datetime | None
) -> Decided:
    """What becomes of the first instant that hard rules allow when soft pauses are avoided too."""
    today = opened.astimezone(ZoneInfo(zone)).date()
    window = next(each for each in days(today).windows if each.begins <= opened < each.ends)
    quiet = _first_in((days(day).preferred for day in (today, today + _DAY)), opened)
    if quiet is None or not (quiet < window.ends or quiet <= opened + _SOFT_DELAY):
        return Decided(opened, reasons)
    if until is not None and quiet >= until:
        return Decided(opened, reasons)
    softly = _codes(days, today, opened, quiet, DayHours.delays)
    return Decided(quiet, tuple(dict.fromkeys((*reasons, *softly))))


def _codes(
    days: _Days, day: date, at: datetime, end: datetime, counts: Callable[[DayHours, Pause], bool]
) -> tuple[str, ...]:
    """From one pause to the one that holds its end and ends last; a rule's name rather than the hours'."""
    codes: dict[str, None] = {}
    while at < end:
        while days(day).ends <= at:
            day += _DAY
        today = days(day)
        over = (each for each in today.shut if each.begins <= at < each.ends and counts(today, each))
        longest = max(over, key=lambda pause: (pause.ends, pause.code != "outside_hours"))
        codes[longest.code] = None
        at = longest.ends
    return tuple(codes)
