"""Times at which a buyer may ask to be called, pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind, MessageClass
from verification.hours.calendar import Calendar
from verification.hours.deciding import open_stretches
from verification.hours.where import Where
from verification.policy.values import Policy

SLOT = timedelta(hours=1)
_DAYS = 3
_A_DAY = 3
_NOTICE = timedelta(minutes=30)


def call_slots(
    where: Where, policy: Policy, calendar: Calendar, now: datetime, until: datetime
) -> tuple[datetime, ...]:
    """Full local hours at which a call may be promised (aware UTC, in order), each free of pauses to its end.

    Of the first three days that have any, the first, a middle and the last one: enough to choose from on a
    phone. None is sooner than half an hour from `now`, none ends after `until`.
    """
    zone = ZoneInfo(where.zone)
    by_day: dict[object, list[datetime]] = {}
    service_calls = (ContactKind.call, MessageClass.service)
    for opens, shuts in open_stretches(*service_calls, where, policy, calendar, now + _NOTICE, until):
        at = _full_hour(opens.astimezone(zone))
        while at + SLOT <= shuts:
            by_day.setdefault(at.astimezone(zone).date(), []).append(at)
            at += SLOT
        if len(by_day) > _DAYS:
            break
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
