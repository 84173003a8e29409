from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from models.countries import SERVED
from verification.planning.hours import is_open
from verification.planning.slots import SLOT, call_slots
from verification.policy.values import default_policy

NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def local(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Asia/Riyadh")).strftime("%a %H:%M")


def test_three_times_a_day_are_offered_for_three_days() -> None:
    hours = default_policy("SA").call_hours
    found = call_slots(hours, "Asia/Riyadh", NOON, NOON + timedelta(days=9))
    assert [local(at) for at in found] == [
        *("Sun 13:00", "Sun 17:00", "Sun 20:00"),
        *("Mon 10:00", "Mon 15:00", "Mon 20:00"),
        *("Tue 10:00", "Tue 15:00", "Tue 20:00"),
    ]


def test_no_call_is_promised_for_after_the_deadline() -> None:
    hours = default_policy("SA").call_hours
    found = call_slots(hours, "Asia/Riyadh", NOON, NOON + timedelta(hours=3))
    assert [local(at) for at in found] == ["Sun 13:00", "Sun 14:00"]
    assert call_slots(hours, "Asia/Riyadh", NOON, NOON) == ()


@given(
    country=st.sampled_from(sorted(SERVED)),
    minutes=st.integers(0, 60 * 24 * 365),
    within=st.integers(0, 60 * 24 * 9),
)
def test_what_is_offered_may_be_kept(country: str, minutes: int, within: int) -> None:
    hours, zone = default_policy(country).call_hours, SERVED[country].time_zone
    now = NOON + timedelta(minutes=minutes)
    until = now + timedelta(minutes=within)
    found = call_slots(hours, zone, now, until)
    assert list(found) == sorted(set(found))
    for at in found:
        assert now + timedelta(minutes=30) <= at <= until - SLOT
        assert is_open(hours, zone, at)
        assert is_open(hours, zone, at + SLOT - timedelta(seconds=1))
