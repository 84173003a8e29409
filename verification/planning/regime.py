"""The part of the year that changes when people answer: Ramadan, the Eids, or neither."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from hijridate import Gregorian

from models.vocabulary import Regime

_EIDS = {(10, 1), (10, 2), (10, 3), (12, 10), (12, 11), (12, 12), (12, 13)}


@lru_cache(maxsize=512)
def _of_day(year: int, month: int, day: int) -> Regime:
    hijri = Gregorian(year, month, day).to_hijri()
    if hijri.month == 9:
        return Regime.ramadan
    return Regime.eid if (hijri.month, hijri.day) in _EIDS else Regime.normal


def regime_at(at: datetime, zone: str) -> Regime:
    """The regime of the local day, by the Umm al-Qura calendar; a sighting elsewhere may differ by a day."""
    local = at.astimezone(ZoneInfo(zone))
    return _of_day(local.year, local.month, local.day)


def local_hour_of_week(at: datetime, zone: str) -> int:
    """Hours since Monday 00:00 on the buyer's clock, 0 to 167."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour
