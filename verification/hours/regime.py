"""The part of the year that changes when people answer: Ramadan, the Eids, or neither."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import Regime
from verification.hours.calendar import COMPUTED, Calendar
from verification.hours.occasions import occasion_of


def regime_at(at: datetime, zone: str, country: str = "", calendar: Calendar = COMPUTED) -> Regime:
    """The regime of the local day in that country; without a country, by the Umm al-Qura calendar alone."""
    return occasion_of(at.astimezone(ZoneInfo(zone)).date(), country, calendar).regime


def local_hour_of_week(at: datetime, zone: str) -> int:
    """Hours since Monday 00:00 on the buyer's clock, 0 to 167."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour


def regimes_until(
    at: datetime, until: datetime, zone: str, country: str, calendar: Calendar = COMPUTED
) -> tuple[Regime, ...]:
    """The regimes of the local days from that of `at` to that of `until`, both included."""
    clock = ZoneInfo(zone)
    first, last = (each.astimezone(clock).date() for each in (at, until))
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(occasion_of(day, country, calendar).regime for day in days)
