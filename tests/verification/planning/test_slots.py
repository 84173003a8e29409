from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from models.countries import SERVED
from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import IN_RIYADH, NO_PAUSES
from verification.hours.calendar import COMPUTED
from verification.hours.deciding import closes_at, decide
from verification.hours.places import largest, where_of
from verification.planning.slots import SLOT, call_slots
from verification.policy.values import default_policy, with_overrides

NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def local(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Asia/Riyadh")).strftime("%a %H:%M")


def slots(now: datetime, until: datetime, **values: object) -> list[str]:
    policy = with_overrides(default_policy("SA"), values)
    return [local(at) for at in call_slots(IN_RIYADH, policy, COMPUTED, now, until)]


def test_three_times_a_day_are_offered_for_three_days() -> None:
    assert slots(NOON, NOON + timedelta(days=9), **NO_PAUSES) == [
        *("Sun 13:00", "Sun 17:00", "Sun 20:00"),
        *("Mon 10:00", "Mon 15:00", "Mon 20:00"),
        *("Tue 10:00", "Tue 15:00", "Tue 20:00"),
    ]


def test_no_offered_hour_runs_into_a_prayer() -> None:
    assert slots(NOON, NOON + timedelta(days=2)) == [
        *("Sun 13:00", "Sun 19:00", "Sun 20:00"),
        *("Mon 10:00", "Mon 19:00", "Mon 20:00", "Tue 10:00"),
    ]


def test_no_call_is_promised_for_after_the_deadline() -> None:
    assert slots(NOON, NOON + timedelta(hours=3), **NO_PAUSES) == ["Sun 13:00", "Sun 14:00"]
    assert slots(NOON, NOON) == []


@settings(deadline=None)
@given(
    country=st.sampled_from(sorted(SERVED)),
    minutes=st.integers(0, 60 * 24 * 365),
    within=st.integers(0, 60 * 24 * 9),
)
def test_what_is_offered_may_be_kept(country: str, minutes: int, within: int) -> None:
    where, policy = where_of(country, largest(country).code), default_policy(country)
    now = NOON + timedelta(minutes=minutes)
    until = now + timedelta(minutes=within)
    found = call_slots(where, policy, COMPUTED, now, until)
    assert list(found) == sorted(set(found))
    for at in found:
        assert now + timedelta(minutes=30) <= at <= until - SLOT
        asked = (ContactKind.call, MessageClass.service, where, policy, COMPUTED, at)
        assert closes_at(*asked) >= at + SLOT
        assert decide(*asked).at == at
