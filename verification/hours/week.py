"""How much of each hour of a week is open for contacts: what heat maps shade; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind, MessageClass
from verification.hours.calendar import Calendar
from verification.hours.days import DayHours, day_of
from verification.hours.where import Where
from verification.policy.values import Policy

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class OpenHour:
    """An hour on the wall: how many `minutes` of it contacts may use, and what shuts the others, in codes."""

    minutes: int
    codes: tuple[str, ...] = ()


def week_hours(
    where: Where, kind: ContactKind, policy: Policy, calendar: Calendar, first: date
) -> Mapping[tuple[int, int], OpenHour]:
    """The seven days from the first on, by weekday (Monday is 0) and hour of the place's clock."""
    return {
        (day.weekday(), hour): found
        for day in (first + timedelta(days=ahead) for ahead in range(7))
        for hour, found in hours_of(
            day_of(where, day, kind, MessageClass.service, policy, calendar), where.zone
        ).items()
    }


def hours_of(day: DayHours, zone: str) -> Mapping[int, OpenHour]:
    """One day by hour of the clock: one that it shows twice counts once, one that it skips is missing."""
    local = ZoneInfo(zone)
    found: dict[int, OpenHour] = {}
    at = day.begins
    while at < day.ends:
        found.setdefault(at.astimezone(local).hour, _hour(day, at))
        at += _HOUR
    return found


def _hour(day: DayHours, at: datetime) -> OpenHour:
    end = at + _HOUR
    minutes = sum(
        max(min(end, ends) - max(at, begins), timedelta()) // _MINUTE for begins, ends in day.preferred
    )
    over = (pause for pause in day.shut if pause.begins < end and at < pause.ends and day.delays(pause))
    return OpenHour(minutes, tuple(dict.fromkeys(pause.code for pause in over)))
