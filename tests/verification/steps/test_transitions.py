from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.attempts import Attempt
from models.vocabulary import AttemptState, Outcome
from verification.steps.transitions import advance, conclude

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ROAD = [AttemptState.sent, AttemptState.delivered, AttemptState.reached, AttemptState.closed]


def an_attempt() -> Attempt:
    return Attempt(state=AttemptState.sending, state_at=NOW, outcome=None, ended_at=None)


def after(*states: AttemptState) -> Attempt:
    attempt = an_attempt()
    for state in states:
        advance(attempt, state, NOW)
    return attempt


@given(st.permutations([*ROAD, AttemptState.failed, AttemptState.uncertain]), st.integers(0, 6))
def test_every_order_of_arrival_ends_the_same(reports: list[AttemptState], count: int) -> None:
    known = reports[:count]
    ends = {after(*order).state for order in permutations(known)}
    assert len(ends) == 1


@given(st.lists(st.sampled_from(AttemptState), max_size=12))
def test_reports_that_come_twice_change_nothing(reports: list[AttemptState]) -> None:
    attempt = after(*reports)
    end = attempt.state
    assert not any(advance(attempt, report, NOW) for report in reports)
    assert attempt.state is end


@pytest.mark.parametrize("state", [*ROAD, AttemptState.failed])
def test_the_send_result_never_overwrites_what_came_back_before_it(state: AttemptState) -> None:
    attempt = after(state)
    assert not advance(attempt, AttemptState.sending, NOW)
    assert not advance(attempt, AttemptState.sent, NOW)
    assert not advance(attempt, AttemptState.uncertain, NOW)
    assert attempt.state is state


@pytest.mark.parametrize("state", [*ROAD, AttemptState.failed])
def test_any_news_ends_doubt(state: AttemptState) -> None:
    assert after(AttemptState.uncertain, state).state is state


@given(
    st.permutations([*ROAD, *ROAD, AttemptState.failed]), st.lists(st.integers(0, 99), min_size=9, max_size=9)
)
def test_a_state_has_its_earliest_time_whatever_comes_first(
    reports: list[AttemptState], minutes: list[int]
) -> None:
    told = [(state, NOW + timedelta(minutes=late)) for state, late in zip(reports, minutes, strict=True)]
    attempt = an_attempt()
    for state, at in told:
        advance(attempt, state, at)
    assert attempt.state is AttemptState.closed
    assert attempt.state_at == min(at for state, at in told if state is AttemptState.closed)


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.integers(0, 99)), min_size=1, max_size=8))
def test_an_attempt_ended_when_its_first_outcome_was(outcomes: list[tuple[Outcome, int]]) -> None:
    attempt = an_attempt()
    for outcome, late in outcomes:
        conclude(attempt, outcome, NOW + timedelta(minutes=late))
    assert attempt.ended_at == NOW + timedelta(minutes=min(late for _, late in outcomes))


def test_nothing_is_left_of_a_failure_that_was_none() -> None:
    for doubt in (AttemptState.failed, AttemptState.uncertain):
        attempt = after(doubt)
        attempt.error_code, attempt.meaning = "30003", "switched_off"
        advance(attempt, AttemptState.delivered, NOW)
        assert (attempt.error_code, attempt.meaning) == (None, None)


def test_the_time_of_a_state_is_when_it_was_reached() -> None:
    attempt = after(AttemptState.delivered)
    advance(attempt, AttemptState.sent, NOW + timedelta(minutes=1))
    assert attempt.state_at == NOW
    advance(attempt, AttemptState.reached, NOW + timedelta(minutes=2))
    assert attempt.state_at == NOW + timedelta(minutes=2)


@given(st.permutations(list(Outcome)), st.integers(1, len(Outcome)))
def test_outcomes_in_any_order_end_the_same(outcomes: list[Outcome], count: int) -> None:
    ends = []
    for order in (outcomes[:count], outcomes[:count][::-1], sorted(outcomes[:count])):
        attempt = an_attempt()
        for outcome in order:
            conclude(attempt, outcome, NOW)
        ends.append(attempt.outcome)
    assert len(set(ends)) == 1


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        (Outcome.failed, Outcome.delivered_unread),
        (Outcome.delivered_unread, Outcome.read_silent),
        (Outcome.delivered_unread, Outcome.replied),
        (Outcome.no_answer, Outcome.answered),
        (Outcome.answered, Outcome.voicemail),
        (Outcome.answered, Outcome.replied),
        (Outcome.voicemail, Outcome.replied),
        (Outcome.replied, Outcome.wrong_number),
        (Outcome.wrong_number, Outcome.opted_out),
    ],
)
def test_the_buyers_own_words_outweigh_silence_and_silence_a_failure(
    weaker: Outcome, stronger: Outcome
) -> None:
    attempt = an_attempt()
    assert conclude(attempt, weaker, NOW)
    assert conclude(attempt, stronger, NOW + timedelta(hours=1))
    assert not conclude(attempt, weaker, NOW + timedelta(hours=2))
    assert attempt.outcome is stronger
    assert attempt.ended_at == NOW


def test_a_message_that_arrived_after_all_did_not_fail() -> None:
    attempt = after(AttemptState.failed)
    conclude(attempt, Outcome.unreachable, NOW)
    advance(attempt, AttemptState.delivered, NOW)
    assert attempt.outcome is None
    assert attempt.ended_at is None
