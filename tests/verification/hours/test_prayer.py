import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.hours.places import PLACES
from verification.hours.prayer import Prayers, prayers

MINUTE = timedelta(minutes=1)
PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.toml"))


def times(of: Prayers) -> tuple[datetime, ...]:
    return (of.fajr, of.sunrise, of.dhuhr, of.asr, of.maghrib, of.isha)


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_prayers_are_within_three_minutes_of_the_published_tables(file: Path) -> None:
    published = tomllib.loads(file.read_text(encoding="utf-8"))
    where = PLACES[published["place"]]
    zone = ZoneInfo(where.zone)
    for table in published["tables"]:
        for line in table["times"]:
            day, *said = line.split()
            ours = times(prayers(where, date.fromisoformat(day), ramadan=False))
            theirs = [datetime.fromisoformat(f"{day}T{each}").replace(tzinfo=zone) for each in said]
            off = [abs(one - other) for one, other in zip(ours, theirs, strict=True)]
            assert max(off) <= 3 * MINUTE, (table["source"], line, off)


@given(st.sampled_from(sorted(PLACES)), st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.booleans())
def test_prayers_follow_each_other_through_one_local_day(code: str, day: date, ramadan: bool) -> None:
    where = PLACES[code]
    found = times(prayers(where, day, ramadan=ramadan))
    assert all(one < other for one, other in pairwise(found))
    assert {each.astimezone(ZoneInfo(where.zone)).date() for each in found} == {day}
    assert all(each.tzinfo is UTC and not each.second and not each.microsecond for each in found)


@pytest.mark.parametrize(
    ("code", "usual", "in_ramadan"),
    [("SA/makkah", 90, 120), ("BH/manama", 90, 120), ("QA/doha", 90, 90)],
)
def test_umm_al_qura_waits_half_an_hour_more_for_isha_in_ramadan(
    code: str, usual: int, in_ramadan: int
) -> None:
    for ramadan, minutes in ((False, usual), (True, in_ramadan)):
        found = prayers(PLACES[code], date(2027, 2, 10), ramadan=ramadan)
        assert found.isha - found.maghrib == minutes * MINUTE


def test_ramadan_moves_nothing_else() -> None:
    for where in PLACES.values():
        in_ramadan, usual = (prayers(where, date(2027, 2, 10), ramadan=each) for each in (True, False))
        assert times(in_ramadan)[:5] == times(usual)[:5]


def test_jordan_breaks_the_fast_five_minutes_after_sunset() -> None:
    amman = PLACES["JO/amman"]
    elsewhere = replace(amman, country="LB")
    jordan, league = (prayers(each, date(2027, 2, 10), ramadan=True) for each in (amman, elsewhere))
    assert jordan.maghrib - league.maghrib == 5 * MINUTE
