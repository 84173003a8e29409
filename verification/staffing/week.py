"""The week as agents work it, pure: by weekday (Monday is 0) and hour of the clock on the house's wall."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from models.folding import fold_digits

DAYS, HOURS = 7, 24
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_AGENTS, MOST_CALLS = 10_000, 60
USUAL_CALLS = 10
"""Calls that an agent manages in an hour, where nobody said."""
_HOUR = timedelta(hours=1)
_PIECE = timedelta(minutes=15)  # every zone's clock is whole quarters of an hour from UTC
_HOURS = re.compile(r"(\d{1,2})(?::00)?-(\d{1,2})(?::00)?")

Hour = tuple[int, int]
"""A weekday and an hour of it."""


@dataclass(frozen=True)
class Staff:
    """How many agents are at work in an hour, and how many calls each of them manages in it."""

    agents: int
    calls_an_hour: int = USUAL_CALLS

    @property
    def calls(self) -> int:
        """What they manage together."""
        return self.agents * self.calls_an_hour


Week = Mapping[Hour, Staff]
"""The hours in which somebody is at work; empty: nobody said, and nothing is bounded."""


class RosterRefused(ValueError):
    """Something told of the week that cannot be: its `field`, and the `code` of the rule."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


def check(week: Week) -> None:
    """Raises `RosterRefused` for numbers that no house has."""
    for (weekday, hour), staff in week.items():
        field = f"{weekday}-{hour}"
        if not (0 <= weekday < DAYS and 0 <= hour < HOURS):
            raise RosterRefused(field, "no_such_hour")
        if not 0 <= staff.agents <= MOST_AGENTS:
            raise RosterRefused(field, "agents")
        if not 1 <= staff.calls_an_hour <= MOST_CALLS:
            raise RosterRefused("calls_an_hour", "calls_an_hour")


def read_days(text: str) -> tuple[int, ...]:
    """Weekdays as "sun-thu", "fri" or "mon,wed"; a span may run over the end of the week."""
    found: list[int] = []
    for part in text.strip().lower().split(","):
        ends = [each.strip() for each in part.split("-")]
        if len(ends) > 2 or not set(ends) <= set(DAY_NAMES):
            raise RosterRefused("days", "unreadable")
        found += span(DAY_NAMES.index(ends[0]), DAY_NAMES.index(ends[-1]), DAYS)
    return tuple(dict.fromkeys(found))


def read_hours(text: str) -> tuple[int, int]:
    """The first hour and the one at which work ends, of "09:00-22:00": full hours, until 24 at most."""
    read = _HOURS.fullmatch("".join(fold_digits(text).split()).replace("–", "-"))
    first, until = (int(each) for each in read.groups()) if read else (0, 0)
    if read is None or first >= HOURS or until > HOURS or first == until:
        raise RosterRefused("hours", "unreadable")
    return first, until


def span(first: int, last: int, size: int) -> Iterator[int]:
    """From the first to the last, both in it, over the end if need be."""
    return ((first + step) % size for step in range((last - first) % size + 1))


def block(days: tuple[int, ...], first: int, until: int) -> Iterator[Hour]:
    """The hours of these days from `first` until `until`; those after midnight are the next day's."""
    for day in days:
        for hour in range(first, until if until > first else until + HOURS):
            yield (day + hour // HOURS) % DAYS, hour % HOURS


def room_of(week: Week, zone: tzinfo, now: datetime, hours: int) -> dict[datetime, float]:
    """The calls that those at work manage in each of the coming hours (their beginning, UTC).

    Of the hour that has begun, what is left of it.
    """
    first = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    room = {}
    for hour in (first + _HOUR * number for number in range(hours)):
        pieces = [(hour + _PIECE * number).astimezone(zone) for number in range(_HOUR // _PIECE)]
        calls = sum(week[at.weekday(), at.hour].calls for at in pieces if (at.weekday(), at.hour) in week)
        room[hour] = calls / len(pieces) * ((hour + _HOUR - max(hour, now)) / _HOUR)
    return room


def less_owed(room: Mapping[datetime, float], owed: Mapping[datetime, float]) -> dict[datetime, float]:
    """What is left of the room once the calls that will be made in any case are: each in its hour, or as soon
    after it as there is room; those of before in the first hour."""
    left, waiting = {}, sum(calls for hour, calls in owed.items() if hour < min(room, default=hour))
    for hour in sorted(room):
        waiting += owed.get(hour, 0.0)
        left[hour] = max(room[hour] - waiting, 0.0)
        waiting = max(waiting - room[hour], 0.0)
    return left
