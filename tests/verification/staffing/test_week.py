"""The week as agents work it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.staffing.week import (
    RosterRefused,
    Staff,
    block,
    less_owed,
    read_days,
    read_hours,
    room_of,
)

RIYADH = ZoneInfo("Asia/Riyadh")
SUNDAY_NINE = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOURS = [SUNDAY_NINE + timedelta(hours=number) for number in range(6)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("sun-thu", (6, 0, 1, 2, 3)),
        ("fri", (4,)),
        ("Mon,Wed, fri-sat", (0, 2, 4, 5)),
        ("mon-sun", tuple(range(7))),
        ("sat,sat", (5,)),
    ],
)
def test_days_are_read(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "sunday", "sun-", "-sun", "sun-thu-fri", "sun,,mon", "١"])
def test_days_that_are_none_are_refused(text):
    with pytest.raises(RosterRefused, match="days"):
        read_days(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00-22:00", (9, 22)),
        ("9-22", (9, 22)),
        ("0-24", (0, 24)),
        ("22:00 – 02:00", (22, 2)),
        ("٩-٢٢", (9, 22)),
    ],
)
def test_hours_are_read(text, hours):
    assert read_hours(text) == hours


@pytest.mark.parametrize("text", ["", "9", "9-9", "09:30-22:00", "24-2", "9-25", "-3-9", "9-22-23"])
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(RosterRefused, match="hours"):
        read_hours(text)


def test_work_after_midnight_is_the_next_days():
    assert list(block((6,), 22, 2)) == [(6, 22), (6, 23), (0, 0), (0, 1)]


def test_the_room_follows_the_wall_clock_and_the_hour_that_has_begun_has_what_is_left_of_it():
    week = {(6, 9): Staff(4, 10), (6, 10): Staff(2, 15), (6, 12): Staff(0)}
    room = room_of(week, RIYADH, SUNDAY_NINE + timedelta(minutes=45), 4)
    assert room == {HOURS[0]: 10, HOURS[1]: 30, HOURS[2]: 0, HOURS[3]: 0}


def test_a_zone_half_an_hour_off_shares_its_hours():
    week = {(6, 9): Staff(4, 10)}
    room = room_of(week, ZoneInfo("Asia/Tehran"), SUNDAY_NINE - timedelta(hours=1), 3)
    assert list(room.values()) == [20, 20, 0]


def test_calls_that_are_owed_take_their_hour_or_the_next_with_room():
    room = dict(zip(HOURS, [10, 40, 0, 40, 40, 40], strict=True))
    owed = {HOURS[0] - timedelta(hours=2): 5, HOURS[0]: 15, HOURS[2]: 50}
    assert list(less_owed(room, owed).values()) == [0, 30, 0, 0, 30, 40]


@given(
    st.lists(st.integers(0, 50), min_size=6, max_size=6),
    st.dictionaries(st.sampled_from(HOURS), st.integers(0, 90)),
)
def test_what_is_owed_is_taken_once(calls, owed):
    room = dict(zip(HOURS, calls, strict=True))
    left = less_owed(room, owed)
    assert all(0 <= left[hour] <= room[hour] for hour in room)
    assert sum(room.values()) - sum(left.values()) <= sum(owed.values())
