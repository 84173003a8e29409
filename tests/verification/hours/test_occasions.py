from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.vocabulary import Regime
from verification.hours.calendar import COMPUTED, Calendar, Occasion, Override
from verification.hours.occasions import Day, occasion_of

COUNTRIES = ("SA", "AE", "KW", "QA", "BH", "OM", "JO", "EG", "IQ")
DAY = timedelta(days=1)
RAMADAN_1448 = date(2027, 2, 8)
FITR_1448 = date(2027, 3, 9)
ADHA_1448 = date(2027, 5, 16)

countries = st.sampled_from(COUNTRIES)
a_day_off = st.sampled_from((-DAY, 0 * DAY, DAY))


def setting(occasion: Occasion, first_on: date, last_on: date | None = None, **more: str | None) -> Override:
    return Override(**{"country": "SA", **more}, occasion=occasion, first_on=first_on, last_on=last_on)


def days(first: date, count: int, calendar: Calendar = COMPUTED, country: str = "SA") -> list[Day]:
    return [occasion_of(first + each * DAY, country, calendar) for each in range(count)]


def regimes(first: date, count: int, calendar: Calendar = COMPUTED, country: str = "SA") -> list[str]:
    return [each.regime.value for each in days(first, count, calendar, country)]


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    ("first", "before", "begins"),
    [
        (date(2026, 2, 18), Regime.normal, Regime.ramadan),
        (RAMADAN_1448, Regime.normal, Regime.ramadan),
        (FITR_1448, Regime.ramadan, Regime.eid),
        (ADHA_1448, Regime.normal, Regime.eid),
    ],
)
def test_the_computed_calendar_is_umm_al_quras(
    country: str, first: date, before: Regime, begins: Regime
) -> None:
    assert [occasion_of(each, country).regime for each in (first - DAY, first)] == [before, begins]


def test_the_days_of_the_eids_are_numbered() -> None:
    assert [each.eid_day for each in days(FITR_1448 - DAY, 5)] == [None, 1, 2, 3, None]
    assert [each.eid_day for each in days(ADHA_1448 - DAY, 6)] == [None, 1, 2, 3, 4, None]
    assert regimes(FITR_1448 + 2 * DAY, 2) == ["eid", "normal"]


def test_what_nobody_has_confirmed_is_not_sure() -> None:
    around = days(FITR_1448 - 2 * DAY, 5)
    assert [each.is_sure for each in around] == [True, False, False, False, True]
    assert [each.may_be for each in around] == [None, Regime.eid, Regime.ramadan, None, None]
    assert [each.may_be for each in days(RAMADAN_1448 - DAY, 2)] == [Regime.ramadan, Regime.normal]


def test_a_confirmed_day_is_sure() -> None:
    confirmed = Calendar.of([setting(Occasion.eid_fitr, FITR_1448)])
    assert all(each.is_sure for each in days(FITR_1448 - 2 * DAY, 5, confirmed))
    assert not occasion_of(RAMADAN_1448, "SA", confirmed).is_sure
    assert not occasion_of(FITR_1448, "AE", confirmed).is_sure


def test_ramadan_may_begin_a_day_later_and_keeps_its_eid() -> None:
    later = Calendar.of([setting(Occasion.ramadan, date(2026, 2, 19))])
    assert regimes(date(2026, 2, 18), 2, later) == ["normal", "ramadan"]
    assert occasion_of(date(2026, 3, 20), "SA", later).eid_day == 1
    assert regimes(date(2026, 2, 18), 1, later, "OM") == ["ramadan"]


def test_an_eid_a_day_later_ends_ramadan_a_day_later() -> None:
    later = Calendar.of([setting(Occasion.eid_fitr, FITR_1448 + DAY)])
    assert regimes(FITR_1448, 5, later) == ["ramadan", "eid", "eid", "eid", "normal"]
    assert [each.eid_day for each in days(FITR_1448, 3, later)] == [None, 1, 2]


def test_an_eid_a_day_earlier_ends_ramadan_a_day_earlier() -> None:
    earlier = Calendar.of([setting(Occasion.eid_fitr, date(2026, 3, 19))])
    assert regimes(date(2026, 3, 18), 5, earlier) == ["ramadan", "eid", "eid", "eid", "normal"]


def test_eid_al_adha_moves_alone() -> None:
    later = Calendar.of([setting(Occasion.eid_adha, ADHA_1448 + DAY)])
    assert regimes(ADHA_1448, 6, later) == ["normal", "eid", "eid", "eid", "eid", "normal"]
    assert regimes(FITR_1448, 1, later) == ["eid"]


def test_a_month_of_neither_29_nor_30_days_moves_the_end_that_nobody_set() -> None:
    # 1448's Ramadan has 29 computed days: beginning it later makes the Eid later.
    later = Calendar.of([setting(Occasion.ramadan, RAMADAN_1448 + DAY)])
    assert regimes(FITR_1448, 2, later) == ["ramadan", "eid"]
    both = Calendar.of([*later.overrides, setting(Occasion.eid_fitr, FITR_1448)])
    assert regimes(RAMADAN_1448, 1, both) == ["ramadan"]


def test_a_place_goes_before_its_country() -> None:
    calendar = Calendar.of(
        [
            setting(Occasion.eid_fitr, FITR_1448 + DAY, country="IQ"),
            setting(Occasion.eid_fitr, FITR_1448, country="IQ", place="IQ/erbil"),
        ]
    )
    days = {
        each: occasion_of(FITR_1448, "IQ", calendar, place=each) for each in (None, "IQ/basra", "IQ/erbil")
    }
    assert {place: day.eid_day for place, day in days.items()} == {
        None: None,
        "IQ/basra": None,
        "IQ/erbil": 1,
    }


def test_holidays_have_a_name_in_both_languages() -> None:
    national = occasion_of(date(2027, 9, 23), "SA").holiday
    assert national
    assert (national.name_en, national.name_ar) == ("National Day Holiday", "اليوم الوطني")
    assert not national.is_estimated
    assert occasion_of(date(2027, 9, 22), "SA").holiday is None
    for country in COUNTRIES:
        eid = occasion_of(ADHA_1448, country).holiday
        assert eid
        assert "Eid al-Adha" in eid.name_en
        assert "الأضحى" in eid.name_ar
        assert eid.is_estimated, country


def test_holidays_of_an_eid_move_with_it() -> None:
    later = Calendar.of([setting(Occasion.eid_fitr, FITR_1448 + DAY, country="KW")])
    found = [occasion_of(FITR_1448 + each * DAY, "KW", later).holiday is not None for each in range(5)]
    assert found == [False, True, True, True, False]


def test_people_set_holidays_and_working_days() -> None:
    week = date(2027, 9, 20)
    calendar = Calendar.of(
        [
            setting(Occasion.holiday, week, week + 2 * DAY),
            setting(Occasion.working_day, week + 2 * DAY, week + 3 * DAY),
        ]
    )
    found = days(week - DAY, 6, calendar)
    assert [each.holiday is not None for each in found] == [False, True, True, False, False, False]
    assert [each.is_working_override for each in found] == [False, False, False, True, True, False]
    assert days(week, 1, calendar, "KW")[0].holiday is None


def test_a_holiday_without_a_last_day_is_one_day() -> None:
    calendar = Calendar.of([setting(Occasion.holiday, date(2027, 9, 20))])
    assert [each.holiday is not None for each in days(date(2027, 9, 20), 2, calendar)] == [True, False]


@given(st.dates(), st.sampled_from((*COUNTRIES, "US", "ZZ", "")))
def test_every_day_ever_is_some_day(day: date, country: str) -> None:
    found = occasion_of(day, country)
    assert (found.eid_day is not None) == (found.regime is Regime.eid)
    if day.year < 1924 or day.year > 2077:
        assert found.regime is Regime.normal


@given(st.integers(1344, 1499), countries, st.none() | a_day_off, st.none() | a_day_off)
def test_ramadan_has_29_or_30_days_however_it_is_moved(
    year: int, country: str, start_off: timedelta | None, eid_off: timedelta | None
) -> None:
    near = date(1926, 4, 1) + (year - 1344) * timedelta(days=354.367)
    computed = [near + each * DAY for each in range(-60, 120)]
    first = next(
        day
        for day in computed
        if occasion_of(day, country).regime is Regime.ramadan
        and occasion_of(day - DAY, country).regime is Regime.normal
    )
    eid = next(day for day in computed if day > first and occasion_of(day, country).eid_day == 1)
    overrides = [
        setting(occasion, start + off, country=country)
        for occasion, start, off in ((Occasion.ramadan, first, start_off), (Occasion.eid_fitr, eid, eid_off))
        if off is not None
    ]
    told = regimes(first - 5 * DAY, 45, Calendar.of(overrides), country)
    assert told.count("ramadan") in (29, 30)
    assert told.count("eid") == 3
    assert "ramadan eid" in (joined := " ".join(told))
    assert "eid ramadan" not in joined
    if eid_off is not None:
        assert occasion_of(eid + eid_off, country, Calendar.of(overrides)).eid_day == 1


@given(countries, countries, st.dates(date(2026, 1, 1), date(2028, 12, 31)), a_day_off)
def test_one_countrys_moon_is_not_anothers(one: str, other: str, day: date, off: timedelta) -> None:
    assume(one != other)
    calendar = Calendar.of([setting(Occasion.eid_fitr, FITR_1448 + off, country=one)])
    assert occasion_of(day, other, calendar) == occasion_of(day, other)
