from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from verification.routing.health import (
    FULL,
    LOWEST,
    OUT_AFTER,
    Health,
    ProviderHealth,
    after_failure,
    after_success,
    is_resting,
    provider_after_failure,
    standing_at,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LUCK = st.floats(0, 1, exclude_max=True)


def failing(times: int, luck: float = 0.0) -> tuple[Health, datetime]:
    """A sender that failed as often in a row, each time as soon as its rest was over."""
    health, now = Health(), NOON
    for _ in range(times):
        health = after_failure(health, now, luck)
        now = health.resting_until or now
    return health, now


@given(st.integers(1, 60), LUCK)
def test_rests_grow_from_two_seconds_to_ten_minutes(times: int, luck: float) -> None:
    health, now = failing(times, luck)
    again = after_failure(health, now, luck)
    assert again.resting_until is not None
    assert timedelta(seconds=2) <= again.resting_until - now <= timedelta(minutes=10)
    assert again.resting_until - now == timedelta(seconds=min(2 ** (times + 1), 300)) * (1 + luck)


def test_one_failure_costs_a_rest_and_more_in_a_row_the_standing() -> None:
    assert [failing(times)[0].standing for times in range(7)] == [100, 100, 80, 60, 40, 20, LOWEST]


@given(st.lists(st.tuples(st.booleans(), st.timedeltas(timedelta(0), timedelta(hours=1)), LUCK), max_size=60))
def test_no_history_leaves_a_sender_without_a_way_back(story: list[tuple[bool, timedelta, float]]) -> None:
    health, now = Health(), NOON
    for failed, pause, luck in story:
        now += pause
        health = after_failure(health, now, luck) if failed else after_success(health, now)
        assert LOWEST <= health.standing <= FULL
        assert LOWEST <= standing_at(health, now) <= FULL
    for _ in range(20):
        now += timedelta(minutes=11)
        health = after_success(health, now)
    assert health.is_full


def test_time_brings_half_back_and_successes_the_rest_step_by_step() -> None:
    health, now = failing(8)
    assert standing_at(health, now) == LOWEST
    assert standing_at(health, now + timedelta(minutes=25)) > LOWEST
    later = now + timedelta(days=1)
    assert standing_at(health, later) == 50
    found = []
    for second in range(0, 400, 10):
        health = after_success(health, later + timedelta(seconds=second))
        found.append(health.standing)
    assert found[:7] == [60] * 6 + [70]
    assert found[-1] == FULL
    assert health.failures == 0


def test_what_was_under_way_when_it_began_to_rest_tells_nothing_new() -> None:
    health = after_failure(Health(), NOON, 0)
    soon = NOON + timedelta(seconds=1)
    assert after_failure(health, soon, 0) == health
    assert after_success(health, soon) == health


def test_a_provider_that_asks_for_more_time_gets_it_within_reason() -> None:
    health = after_failure(Health(), NOON, 0, asked=timedelta(minutes=1))
    assert health.resting_until == NOON + timedelta(minutes=1)
    longer = after_failure(health, NOON, 0, asked=timedelta(minutes=2))
    assert longer.resting_until == NOON + timedelta(minutes=2)
    for_ever = after_failure(Health(), NOON, 0, asked=timedelta(days=400))
    assert for_ever.resting_until == NOON + timedelta(days=1)


def test_a_lone_lost_answer_is_only_counted() -> None:
    once = after_failure(Health(), NOON, 0, forgiven_once=True)
    assert (once.standing, once.failures, is_resting(once, NOON)) == (FULL, 1, False)
    assert after_success(once, NOON) == Health()
    twice = after_failure(once, NOON, 0, forgiven_once=True)
    assert (twice.standing, is_resting(twice, NOON)) == (80, True)


def test_a_provider_is_out_after_five_failures_and_tried_ever_less_often() -> None:
    health, now, waits = ProviderHealth(), NOON, []
    for number in range(1, 20):
        health = provider_after_failure(health, now, 0.5)
        assert (health.out_since is not None) == (number >= OUT_AFTER)
        if health.retry_at is not None:
            waits.append(health.retry_at - now)
            now = health.retry_at
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=7.5)
    assert waits[-1] == timedelta(minutes=7.5)
    assert health.out_since == NOON
