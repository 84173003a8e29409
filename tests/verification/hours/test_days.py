from datetime import UTC, date, datetime, timedelta

import pytest

from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import IN_CAIRO, IN_DUBAI, IN_RIYADH, IN_SAUDI, at, clocks
from verification.hours.calendar import Calendar, Occasion, Override
from verification.hours.days import DayHours, day_of
from verification.hours.where import Where
from verification.policy.values import default_policy, with_overrides

CALL, MESSAGE = ContactKind.call, ContactKind.message
SERVICE, PROMOTION = MessageClass.service, MessageClass.promotion
SUNDAY, FRIDAY = date(2026, 11, 22), date(2026, 11, 27)
RAMADAN, EID = date(2027, 2, 20), date(2027, 3, 9)
NO_PAUSES = {"prayer_pause_calls": "off", "prayer_pause_messages": "off", "holidays": "off"}


def day(
    where: Where, on: date, kind: ContactKind, purpose: MessageClass = SERVICE, **values: object
) -> DayHours:
    return day_of(where, on, kind, purpose, with_overrides(default_policy(where.country), values))


def test_a_sunday_of_calls_in_riyadh() -> None:
    calls = day(IN_RIYADH, SUNDAY, CALL)
    assert clocks(calls.windows) == ["10:00-21:30"]
    assert clocks(calls.allowed) == [
        "10:00-11:34",
        "12:04-14:38",
        "15:08-16:59",
        "17:29-18:29",
        "18:59-21:30",
    ]
    assert calls.preferred == calls.allowed


def test_messages_may_come_at_prayer_but_better_do_not() -> None:
    messages = day(IN_RIYADH, SUNDAY, MESSAGE)
    assert clocks(messages.allowed) == ["09:00-22:00"]
    assert clocks(messages.preferred)[:2] == ["09:00-11:34", "12:04-14:38"]
    calls_somewhere = day(IN_SAUDI, SUNDAY, CALL)
    assert clocks(calls_somewhere.allowed) == ["10:00-21:30"]
    assert clocks(calls_somewhere.preferred)[:2] == ["10:00-11:34", "12:04-14:38"]


def test_fridays() -> None:
    assert clocks(day(IN_RIYADH, FRIDAY, CALL).allowed) == ["16:00-16:59", "17:29-18:29", "18:59-21:30"]
    dubai = day(IN_DUBAI, FRIDAY, CALL)
    assert clocks(dubai.allowed, IN_DUBAI) == ["09:00-12:00", "15:00-15:06", "15:36-17:27", "17:57-18:00"]
    assert clocks(day(IN_DUBAI, FRIDAY, MESSAGE).preferred, IN_DUBAI)[0] == "09:00-12:15"


def test_a_day_of_ramadan_is_of_the_evening() -> None:
    assert clocks(day(IN_RIYADH, RAMADAN, CALL).allowed) == [
        *("11:00-12:02", "12:32-15:19", "15:49-17:20", "18:35-19:45", "21:05-23:00")
    ]
    assert clocks(day(IN_RIYADH, RAMADAN, MESSAGE).windows) == ["11:00-23:00"]
    assert clocks(day(IN_RIYADH, RAMADAN, MESSAGE, PROMOTION).windows) == ["09:00-22:00"]
    # The law leaves the Emirates no evening.
    assert clocks(day(IN_DUBAI, RAMADAN, CALL).windows, IN_DUBAI) == ["09:00-18:00"]
    assert clocks(day(IN_DUBAI, RAMADAN, CALL).allowed, IN_DUBAI)[0].startswith("11:00")


def test_on_an_eid_nobody_is_called_and_messages_keep_out_of_prayers() -> None:
    assert day(IN_RIYADH, EID, CALL).allowed == ()
    messages = day(IN_RIYADH, EID, MESSAGE)
    assert clocks(messages.allowed) == ["09:00-22:00"]
    assert clocks(messages.preferred)[0] == "09:00-11:59"


def test_promotion_rests_where_operators_bar_it() -> None:
    assert day(IN_CAIRO, FRIDAY, MESSAGE, PROMOTION).allowed == ()
    assert day(IN_CAIRO, FRIDAY, MESSAGE, SERVICE).allowed != ()
    national_day = date(2026, 9, 23)
    assert day(IN_RIYADH, national_day, MESSAGE, PROMOTION).allowed == ()


def test_a_day_tells_what_is_shut_and_why() -> None:
    found = {(pause.code, pause.is_hard) for pause in day(IN_RIYADH, SUNDAY, MESSAGE).shut}
    assert found == {("outside_hours", True), ("prayer", False)}


def test_windows_of_a_day_may_touch_overlap_and_end_at_midnight() -> None:
    hours = {"daily": ["20:00-24:00", "08:00-12:00", "11:00-14:00", "14:00-15:00"], "fri": []}
    assert clocks(day(IN_RIYADH, SUNDAY, CALL, call_hours=hours, **NO_PAUSES).allowed) == [
        *("08:00-15:00", "20:00-00:00")
    ]
    assert day(IN_RIYADH, FRIDAY, CALL, call_hours=hours, **NO_PAUSES).allowed == ()


@pytest.mark.parametrize(
    ("on", "utc_hour"),
    [("2026-04-23", 8), ("2026-04-24", 7), ("2026-10-29", 7), ("2026-10-30", 8)],
)
def test_ten_in_cairo_is_ten_on_the_wall_around_both_clock_changes(on: str, utc_hour: int) -> None:
    hours = {"daily": ["10:00-20:00"]}
    found = day(IN_CAIRO, date.fromisoformat(on), MESSAGE, message_hours=hours, **NO_PAUSES)
    assert found.allowed[0].begins == datetime.fromisoformat(f"{on}T{utc_hour:02}:00+00:00")


@pytest.mark.parametrize("first", [date(2026, 4, 22), date(2026, 10, 28)])
def test_round_the_clock_leaves_no_gap_when_the_clocks_change(first: date) -> None:
    always = {"daily": ["00:00-24:00"]}
    days = [
        day(IN_CAIRO, first + timedelta(days=ahead), MESSAGE, message_hours=always, **NO_PAUSES)
        for ahead in range(4)
    ]
    assert all(each.allowed == ((each.begins, each.ends),) for each in days)
    assert [each.ends for each in days[:-1]] == [each.begins for each in days[1:]]


def test_the_hour_that_comes_twice_belongs_to_the_window_that_holds_it() -> None:
    late = {"daily": ["22:00-24:00"]}
    [stretch] = day(IN_CAIRO, date(2026, 10, 29), MESSAGE, message_hours=late, **NO_PAUSES).allowed
    assert stretch == (datetime(2026, 10, 29, 19, tzinfo=UTC), datetime(2026, 10, 29, 22, tzinfo=UTC))


def test_an_override_of_another_country_leaves_a_day_as_it_was_kept() -> None:
    storm = Override("QA", Occasion.shut, begins_at=at("2026-11-22T12:00"), ends_at=at("2026-11-22T13:00"))
    policy = default_policy("SA")
    kept = day_of(IN_RIYADH, SUNDAY, CALL, SERVICE, policy)
    assert day_of(IN_RIYADH, SUNDAY, CALL, SERVICE, policy, Calendar.of([storm])) is kept
