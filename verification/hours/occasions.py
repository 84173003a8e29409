"""What kind of day it is in a country: Ramadan, an Eid, a holiday, or none, and how sure that is."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from models.vocabulary import Regime
from verification.hours.calendar import COMPUTED, Calendar, Occasion, Override
from verification.hours.moon import moon_of
from verification.hours.public_days import PublicDay, public_day

_BY_MOON = (Occasion.ramadan, Occasion.eid_fitr, Occasion.eid_adha)
_SET_HOLIDAY = PublicDay("Public holiday", "عطلة رسمية", is_estimated=False)


@dataclass(frozen=True, slots=True)
class Day:
    """A local day.

    `regime`, `is_sure`, `eid_day` and `may_be` are the moon's (see `MoonDay`), by what people set for it.
    `holiday` is None on a day that people have set to be a working one (`is_working_override`).
    """

    regime: Regime
    is_sure: bool
    eid_day: int | None
    holiday: PublicDay | None
    is_working_override: bool
    may_be: Regime | None = None


def occasion_of(day: date, country: str, calendar: Calendar = COMPUTED, *, place: str | None = None) -> Day:
    """What the local day is, by what people set and else by computation; never raises.

    Overrides for `place` (a place's code, where the buyer's is known) win over those for the whole country;
    of two for the same scope and occasion, or a holiday and a working day on one day, the last in the
    calendar's order wins. Without `place` only the country's count.
    """
    standing = _standing(calendar, country, place) if calendar.overrides else ()
    return _day(day, country, standing)


@lru_cache(maxsize=4096)
def _standing(calendar: Calendar, country: str, place: str | None) -> tuple[Override, ...]:
    """The overrides that count there, weakest first."""
    counting = (
        each for each in calendar.overrides if each.country == country and each.place in (None, place)
    )
    return tuple(sorted(counting, key=lambda each: each.place is not None))


@lru_cache(maxsize=16384)
def _day(day: date, country: str, overrides: tuple[Override, ...]) -> Day:
    moon = moon_of(day, tuple(each for each in overrides if each.occasion in _BY_MOON))
    told = [each.occasion for each in overrides if _holds(each, day)]
    is_working = bool(told) and told[-1] is Occasion.working_day
    holiday = _SET_HOLIDAY if told else _public_day(country, day, moon.shift)
    return Day(
        regime=moon.regime,
        is_sure=moon.is_sure,
        eid_day=moon.eid_day,
        holiday=None if is_working else holiday,
        is_working_override=is_working,
        may_be=moon.may_be,
    )


def _public_day(country: str, day: date, shift: timedelta) -> PublicDay | None:
    """The public holiday, where those that hang on the moon have moved with their Eid."""
    fixed = public_day(country, day)
    if not shift or (fixed and not fixed.is_estimated):
        return fixed
    moved = public_day(country, day - shift)
    return moved if moved and moved.is_estimated else None


def _holds(override: Override, day: date) -> bool:
    if override.occasion not in (Occasion.holiday, Occasion.working_day) or override.first_on is None:
        return False
    return override.first_on <= day <= (override.last_on or override.first_on)
