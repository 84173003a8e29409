"""What the calendar says of the months ahead: Ramadan, the Eids, public holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from models.vocabulary import Regime
from verification.hours.calendar import Calendar, Occasion
from verification.hours.moon import BY_MOON, computed_start
from verification.hours.occasions import Day, occasion_of

_DAY = timedelta(days=1)
_AHEAD = 365
# A Ramadan that has begun is told with its beginning, one that begins with its end.
_RAMADAN = 31


class Certainty(StrEnum):
    """Who says so: a person, the computation where nothing is in doubt, or an estimate."""

    told = "told"
    sure = "sure"
    estimated = "estimated"


@dataclass(frozen=True)
class Ahead:
    """Some days in a row; `occasion` is None for a public holiday, which has a name instead."""

    first_on: date
    last_on: date
    occasion: Occasion | None
    name_en: str
    name_ar: str
    certainty: Certainty


def year_ahead(country: str, today: date, calendar: Calendar) -> list[Ahead]:
    """What lies in the twelve months from today on, or has begun, in the order of the days."""
    first, until = today - _DAY * _RAMADAN, today + _DAY * _AHEAD
    days = {
        each: occasion_of(each, country, calendar)
        for each in (first + _DAY * number for number in range(_AHEAD + 2 * _RAMADAN))
    }
    found = [*_by_moon(days, calendar.for_country(country)), *_holidays(days)]
    ahead = (each for each in found if each.last_on >= today and each.first_on < until)
    return sorted(ahead, key=lambda each: each.first_on)


def _by_moon(days: dict[date, Day], calendar: Calendar) -> Iterator[Ahead]:
    told = {
        (each.occasion, computed_start(each.occasion, each.first_on))
        for each in calendar.overrides
        if each.occasion in BY_MOON and each.first_on and each.place is None
    }
    for occasion, first, last in _runs(days):
        is_told = (occasion, computed_start(occasion, first)) in told
        yield Ahead(first, last, occasion, "", "", Certainty.told if is_told else Certainty.estimated)


def _runs(days: dict[date, Day]) -> Iterator[tuple[Occasion, date, date]]:
    """Each Ramadan and Eid, with its first and last day among these."""
    before = Regime.normal
    for regime, run in groupby(days, key=lambda each: days[each].regime):
        first, *rest = run
        if regime is Regime.ramadan:
            yield Occasion.ramadan, first, rest[-1] if rest else first
        elif regime is Regime.eid:
            kind = Occasion.eid_fitr if before is Regime.ramadan else Occasion.eid_adha
            yield kind, first, rest[-1] if rest else first
        before = regime


def _holidays(days: dict[date, Day]) -> Iterator[Ahead]:
    """Public holidays, those of one name in a row together; the Eids' own are told by the moon."""
    found: list[Ahead] = []
    for today, day in days.items():
        holiday = day.holiday
        if holiday is None or day.regime is Regime.eid:
            continue
        certainty = Certainty.estimated if holiday.is_estimated else Certainty.sure
        last = found[-1] if found else None
        if last and (last.name_en, last.last_on) == (holiday.name_en, today - _DAY):
            found[-1] = Ahead(last.first_on, today, None, last.name_en, last.name_ar, last.certainty)
        else:
            found.append(Ahead(today, today, None, holiday.name_en, holiday.name_ar, certainty))
    yield from found
