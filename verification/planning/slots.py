"""Times at which a buyer may ask to be called, pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from verification.planning.hours import windows_from
from verification.policy.values import WeekHours

SLOT = timedelta(hours=1)
_DAYS = 3
_A_DAY = 3
_NOTICE = timedelta(minutes=30)


def call_slots(hours: WeekHours, zone: str, now: datetime, until: datetime) -> tuple[datetime, ...]:
    """Full local hours at which a call may be promised (aware UTC, in order), each open to its end.

    Of the first three days that have any, the first, a middle and the last one: enough to choose from on a
    phone. None is sooner than half an hour from `now`, none ends after `until`.
    """
    by_day: dict[object, list[datetime]] = {}
    for opens, shuts in windows_from(hours, zone, now + _NOTICE):
        at = _full_hour(max(opens, now + _NOTICE).astimezone(ZoneInfo(zone)))
        while at + SLOT <= min(shuts, until):
            by_day.setdefault(at.astimezone(ZoneInfo(zone)).date(), []).append(at)
            at += SLOT
    days = list(by_day.values())[:_DAYS]
    return tuple(at for day in days for at in _spread(day))


def _full_hour(local: datetime) -> datetime:
    floor = local.replace(minute=0, second=0, microsecond=0)
    full = floor if floor == local else floor + SLOT
    return full.astimezone(ZoneInfo("UTC"))


def _spread(day: Sequence[datetime]) -> Sequence[datetime]:
    if len(day) <= _A_DAY:
        return day
    return [day[round(place * (len(day) - 1) / (_A_DAY - 1))] for place in range(_A_DAY)]
