from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Channel
from tests.verification.planning import literal
from verification.planning.hours import hours_of, is_open, next_open, shuts_at
from verification.policy.values import WeekHours, default_policy

RIYADH, CAIRO, DUBAI = "Asia/Riyadh", "Africa/Cairo", "Asia/Dubai"
ALWAYS = {"daily": ("00:00-24:00",)}


def at(text: str, zone: str = RIYADH) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_hours_are_half_open() -> None:
    hours = {"daily": ("10:00-21:30",)}
    assert not is_open(hours, RIYADH, at("2026-11-22T09:59:59"))
    assert is_open(hours, RIYADH, at("2026-11-22T10:00"))
    assert is_open(hours, RIYADH, at("2026-11-22T21:29:59"))
    assert not is_open(hours, RIYADH, at("2026-11-22T21:30"))


def test_after_the_last_window_comes_the_next_morning() -> None:
    assert next_open({"daily": ("10:00-21:30",)}, RIYADH, at("2026-11-22T21:30")) == at("2026-11-23T10:00")


def test_a_day_with_its_own_line_keeps_to_it() -> None:
    calls = hours_of(default_policy("SA"), Channel.ivr)
    assert next_open(calls, RIYADH, at("2026-11-27T10:00")) == at("2026-11-27T16:00")  # a Friday
    assert next_open(calls, RIYADH, at("2026-11-28T09:00")) == at("2026-11-28T10:00")


def test_a_day_may_have_two_windows() -> None:
    calls = hours_of(default_policy("AE"), Channel.agent_call)
    assert next_open(calls, DUBAI, at("2026-11-27T11:59", DUBAI)) == at("2026-11-27T11:59", DUBAI)
    assert next_open(calls, DUBAI, at("2026-11-27T12:00", DUBAI)) == at("2026-11-27T15:00", DUBAI)


def test_a_day_can_be_shut() -> None:
    hours = {"daily": ("10:00-20:00",), "fri": ()}
    assert next_open(hours, RIYADH, at("2026-11-26T20:00")) == at("2026-11-28T10:00")


def test_without_any_window_there_is_no_next() -> None:
    assert next_open({}, RIYADH, at("2026-11-22T12:00")) is None
    assert not is_open({}, RIYADH, at("2026-11-22T12:00"))


def test_messages_and_calls_have_their_own_hours() -> None:
    policy = default_policy("SA")
    morning = at("2026-11-22T09:30")
    assert is_open(hours_of(policy, Channel.sms), RIYADH, morning)
    assert not is_open(hours_of(policy, Channel.ivr), RIYADH, morning)


@pytest.mark.parametrize(
    ("day", "utc_hour"), [("2026-04-23", 8), ("2026-04-24", 7), ("2026-10-29", 7), ("2026-10-30", 8)]
)
def test_ten_in_cairo_is_ten_on_the_wall_around_both_clock_changes(day: str, utc_hour: int) -> None:
    ten = next_open({"daily": ("10:00-20:00",)}, CAIRO, at(f"{day}T01:30", CAIRO))
    assert ten == datetime.fromisoformat(f"{day}T{utc_hour:02}:00+00:00")


@pytest.mark.parametrize("night", ["2026-04-23T18:00", "2026-10-29T18:00"])
def test_round_the_clock_leaves_no_gap_when_the_clocks_change(night: str) -> None:
    start = at(night, CAIRO)
    minutes = [start + timedelta(minutes=minute) for minute in range(12 * 60)]
    assert all(is_open(ALWAYS, CAIRO, minute) for minute in minutes)


def test_the_hour_before_midnight_happens_twice_and_belongs_to_the_window_that_holds_it() -> None:
    late = {"daily": ("22:00-24:00",)}
    assert shuts_at(late, CAIRO, at("2026-10-29T22:30", CAIRO)) == at("2026-10-29T22:30", CAIRO) + timedelta(
        hours=2, minutes=30
    )


def test_a_window_tells_when_it_shuts() -> None:
    hours = {"daily": ("09:00-12:00", "15:00-18:00")}
    assert shuts_at(hours, RIYADH, at("2026-11-22T11:00")) == at("2026-11-22T12:00")
    assert shuts_at(hours, RIYADH, at("2026-11-22T13:00")) == at("2026-11-22T13:00")


# The clocks change within the hour around midnight: what a window edge inside it means is nobody's business.
EDGES = [f"{minute // 60:02}:{minute % 60:02}" for minute in [0, *range(60, 23 * 60 + 1, 15), 24 * 60]]


@st.composite
def week_hours(draw: st.DrawFn) -> WeekHours:
    windows = st.lists(st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True), max_size=3)
    days = draw(st.sets(st.sampled_from(["daily", "mon", "thu", "fri", "sat", "sun"]), max_size=4))
    return {day: tuple("-".join(sorted(edges)) for edges in draw(windows)) for day in days}


def minutes_from(text: str, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 24 * 60).map(lambda minute: at(text) + timedelta(minutes=minute))


# Around both clock changes in Cairo, and any time of the year.
INSTANTS = minutes_from("2026-04-20", 6) | minutes_from("2026-10-26", 6) | minutes_from("2026-01-01", 365)


@settings(max_examples=80, deadline=None)
@given(hours=week_hours(), zone=st.sampled_from([RIYADH, CAIRO, DUBAI]), start=INSTANTS)
def test_next_open_is_the_first_minute_that_reads_as_open(
    hours: WeekHours, zone: str, start: datetime
) -> None:
    minutes = (start + timedelta(minutes=minute) for minute in range(8 * 24 * 60 + 60))
    first = next((minute for minute in minutes if literal.is_open(hours, zone, minute)), None)
    assert next_open(hours, zone, start) == first
