from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from verification.routing.buckets import burst, free_at, slots, take

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATES = st.decimals("0.01", "200", places=3)
PAUSES = st.lists(st.timedeltas(timedelta(0), timedelta(seconds=3)), min_size=1, max_size=200)


def used(rate: Decimal, pauses: list[timedelta]) -> list[datetime]:
    """When a sender was used by somebody who asks after each of these pauses."""
    now, slot, found = NOON, None, []
    for pause in pauses:
        now += pause
        if (taken := take(slot, rate, now)) is not None:
            slot = taken
            found.append(now)
    return found


@given(RATES, PAUSES)
def test_never_more_than_the_rate_and_one_burst(rate: Decimal, pauses: list[timedelta]) -> None:
    times = used(rate, pauses)
    for first in range(0, len(times), 7):
        for last in range(first, len(times)):
            span = Decimal((times[last] - times[first]) / timedelta(seconds=1))
            assert last - first + 1 <= burst(rate) + span * rate + Decimal("0.001")


@given(RATES)
def test_whoever_comes_when_a_slot_is_free_gets_the_whole_rate(rate: Decimal) -> None:
    now, slot, count = NOON, None, 0
    for _ in range(50):
        now = free_at(slot, rate, now)
        slot, count = take(slot, rate, now), count + 1
        assert slot is not None
    expected = (count - burst(rate)) / float(rate)
    assert abs((now - NOON) / timedelta(seconds=1) - max(0, expected)) <= 0.001


@given(RATES, PAUSES)
def test_what_is_foretold_is_what_can_be_taken(rate: Decimal, pauses: list[timedelta]) -> None:
    now, slot = NOON, None
    for pause in pauses[:20]:
        now += pause
        foretold, free, count = slots(slot, rate, now), free_at(slot, rate, now), 0
        assert (foretold > 0) == (free == now)
        assert slots(slot, rate, free) > 0
        while (taken := take(slot, rate, now)) is not None:
            slot, count = taken, count + 1
        assert count == foretold


def test_one_call_a_second_is_one_call_a_second() -> None:
    slot = take(None, Decimal(1), NOON)
    assert take(slot, Decimal(1), NOON + timedelta(milliseconds=999)) is None
    assert take(slot, Decimal(1), NOON + timedelta(seconds=1)) is not None


def test_a_second_of_idleness_is_a_second_of_uses() -> None:
    assert slots(None, Decimal(10), NOON) == 10
    assert slots(NOON - timedelta(hours=1), Decimal(10), NOON) == 10
