from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.telling.backoff import next_try, verdict

CREATED = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
FAILED = CREATED + timedelta(hours=3)
DAY = 86_400


def wait(tries: int, *, retry_after: int | None = None, jitter: float = 0.0) -> timedelta | None:
    at = next_try(tries, CREATED, FAILED, retry_after, jitter)
    return None if at is None else at - FAILED


def test_the_first_try_is_due_at_once() -> None:
    assert next_try(0, CREATED, CREATED, None, 0.9) == CREATED


def test_each_failure_waits_longer_and_the_tenth_is_the_last() -> None:
    waits = [wait(tries) for tries in range(1, 12)]
    hours = [timedelta(hours=n) for n in (2, 5, 10, 14, 20, 24)]
    assert waits == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *hours,
        None,
        None,
    ]


def test_a_receiver_that_asks_for_time_gets_it_but_no_more_than_a_day() -> None:
    assert wait(1, retry_after=120) == timedelta(seconds=120)
    assert wait(1, retry_after=10 * DAY) == timedelta(days=1)
    assert wait(1, retry_after=2**31) == timedelta(days=1)


@pytest.mark.parametrize("asked", [0, 1, -5])
def test_asking_for_less_brings_nothing_forward(asked: int) -> None:
    assert wait(2, retry_after=asked) == timedelta(minutes=5)


def test_asking_for_time_does_not_add_tries() -> None:
    assert wait(10, retry_after=60) is None


@given(st.integers(1, 9), st.none() | st.integers(0, 10**12), st.floats(0, 1, exclude_max=True))
def test_jitter_delays_by_a_fifth_at_most(tries: int, retry_after: int | None, jitter: float) -> None:
    plain = wait(tries, retry_after=retry_after)
    spread = wait(tries, retry_after=retry_after, jitter=jitter)
    assert plain is not None
    assert spread is not None
    assert plain <= spread <= plain * 1.2
    assert plain >= timedelta(seconds=min(retry_after or 0, DAY))


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(status: int) -> None:
    assert verdict(status, None) == "delivered"


def test_gone_disables() -> None:
    assert verdict(410, None) == "disable"


@pytest.mark.parametrize(
    "status", [100, 199, 301, 302, 304, 307, 400, 401, 404, 409, 411, 429, 500, 502, 503, 504, 599]
)
def test_every_other_answer_is_tried_again(status: int) -> None:
    assert verdict(status, None) == "retry"


@pytest.mark.parametrize(
    "error", ["dns", "refused", "timeout", "tls", "private_address", "too_slow", "protocol"]
)
def test_no_answer_is_tried_again(error: str) -> None:
    assert verdict(None, error) == "retry"
