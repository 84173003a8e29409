"""When Ramadan and the two Eids begin: by Umm al-Qura, unless people say otherwise.

A sighting elsewhere may differ from the table by a day, so what nobody has confirmed is not sure. Only this
file knows hijridate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hijridate import Gregorian, Hijri

from models.vocabulary import Regime
from verification.hours.calendar import Occasion, Override

_BEGINS = {Occasion.ramadan: (9, 1), Occasion.eid_fitr: (10, 1), Occasion.eid_adha: (12, 10)}
BY_MOON = tuple(_BEGINS)
"""The occasions that the moon begins; the others have no computed day."""
_EID_DAYS = {Occasion.eid_fitr: 3, Occasion.eid_adha: 4}
_DAY = timedelta(days=1)
_SHORT, _LONG = 29 * _DAY, 30 * _DAY


@dataclass(frozen=True, slots=True)
class MoonDay:
    """What the moon makes of a day.

    `eid_day` counts from 1 (al-Fitr to 3, al-Adha to 4), else it is None. `is_sure` is False on the first
    day, and one day either side of it, of a Ramadan or an Eid that nobody has confirmed; `may_be` is then the
    regime that the day has if the moon is seen a day earlier or later, where that differs. `shift` is how
    far the Eid within a week of the day stands from its computed day.
    """

    regime: Regime
    eid_day: int | None = None
    is_sure: bool = True
    may_be: Regime | None = None
    shift: timedelta = timedelta()


_ORDINARY = MoonDay(Regime.normal)


@dataclass(frozen=True, slots=True)
class _Year:
    """The first days of a Hijri year's Ramadan and Eids, and which of them people have set."""

    starts: dict[Occasion, date]
    computed: dict[Occasion, date]
    confirmed: frozenset[Occasion]


def computed_start(occasion: Occasion, near: date) -> date | None:
    """The day on which Umm al-Qura begins the one of `BY_MOON` closest to `near`; None outside 1924-2077."""
    year = _hijri_year(near)
    if year is None:
        return None
    known = [start for each in (year - 1, year, year + 1) if (start := _start_in(occasion, each))]
    return min(known, key=lambda start: abs(start - near), default=None)


def moon_of(day: date, overrides: tuple[Override, ...]) -> MoonDay:
    """The regime of a day, where `overrides` are those that count for its country (and place), weakest first.

    An override speaks of the year whose computed day is closest to it; of two of one occasion in one year the
    last wins. Ramadan ends the day before Eid al-Fitr and has 29 or 30 days: an override of one of the two
    moves the other along where its computed day would give another length, and where both are set and leave
    another length, the Eid's holds.
    """
    year = _hijri_year(day)
    if year is None:
        return _ORDINARY
    of_year = _year(year, overrides)
    regime, eid_day = _told(day, of_year.starts)
    is_sure, may_be = _doubt(day, regime, of_year)
    return MoonDay(regime, eid_day, is_sure, may_be, _shift(day, of_year))


def _told(day: date, starts: Mapping[Occasion, date]) -> tuple[Regime, int | None]:
    for occasion, length in _EID_DAYS.items():
        if 0 <= (passed := (day - starts[occasion]).days) < length:
            return Regime.eid, passed + 1
    is_ramadan = starts[Occasion.ramadan] <= day < starts[Occasion.eid_fitr]
    return (Regime.ramadan if is_ramadan else Regime.normal), None


def _doubt(day: date, regime: Regime, year: _Year) -> tuple[bool, Regime | None]:
    for occasion, start in year.starts.items():
        if occasion not in year.confirmed and abs(day - start) <= _DAY:
            moved = (_told(day, {**year.starts, occasion: start + by})[0] for by in (-_DAY, _DAY))
            return False, next((other for other in moved if other is not regime), None)
    return True, None


def _shift(day: date, year: _Year) -> timedelta:
    near = (occasion for occasion in _EID_DAYS if abs(day - year.computed[occasion]) <= 7 * _DAY)
    return next((year.starts[each] - year.computed[each] for each in near), timedelta())


@lru_cache(maxsize=4096)
def _year(year: int, overrides: tuple[Override, ...]) -> _Year:
    computed = {occasion: start for occasion in _BEGINS if (start := _start_in(occasion, year))}
    told = {
        each.occasion: each.first_on
        for each in overrides
        if each.occasion in _BEGINS and each.first_on
        if computed_start(each.occasion, each.first_on) == computed[each.occasion]
    }
    first, eid = (told.get(each, computed[each]) for each in (Occasion.ramadan, Occasion.eid_fitr))
    if Occasion.eid_fitr in told:
        first = min(max(first, eid - _LONG), eid - _SHORT)
    else:
        eid = min(max(eid, first + _SHORT), first + _LONG)
    starts = {**computed, **told, Occasion.ramadan: first, Occasion.eid_fitr: eid}
    return _Year(starts, computed, frozenset(told))


def _start_in(occasion: Occasion, year: int) -> date | None:
    try:
        start = Hijri(year, *_BEGINS[occasion]).to_gregorian()
    except OverflowError:
        return None
    return date(start.year, start.month, start.day)


def _hijri_year(day: date) -> int | None:
    try:
        return Gregorian(day.year, day.month, day.day).to_hijri().year
    except OverflowError:
        return None
