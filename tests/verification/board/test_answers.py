"""When buyers answer: what counts, for which hour, country and channel."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models.sellers import Store
from models.vocabulary import AttemptState, Channel, Outcome, StepState
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.board.answers import Answers, Tally, read_answers, whole

WEEK = timedelta(weeks=1)


@pytest.fixture
def store(session: Session, now: datetime) -> Store:
    return stored.a_store(session, now)


def contact(
    session: Session,
    at: datetime,
    store: Store,
    outcome: Outcome | None,
    *,
    hour: int = 20,
    country: str = "SA",
    channel: Channel = Channel.agent_call,
    state: AttemptState = AttemptState.closed,
    called_in: bool = False,
) -> None:
    """A contact made on a Monday at that hour of the buyer's clock."""
    order = an_order(session, at, store, country=country)
    step = a_step(session, at, order, state=StepState.done, channel=channel)
    attempt = an_attempt(session, at, step, outcome=outcome)
    attempt.local_hour_of_week, attempt.state, attempt.called_in = hour, state, called_in
    session.flush()


def read(session: Session, now: datetime, weeks: int = 8) -> Answers:
    return read_answers(session, since=now - weeks * WEEK, until=now)


def test_answers_stand_in_the_hour_of_the_buyers_week(session: Session, store: Store, now: datetime) -> None:
    yesterday = now - timedelta(days=1)
    for outcome in (Outcome.answered, Outcome.no_answer, Outcome.wrong_number):
        contact(session, yesterday, store, outcome)
    contact(session, yesterday, store, Outcome.answered, hour=6 * 24 + 9)
    found = read(session, now)
    assert found.of("SA", Channel.agent_call) == {(0, 20): Tally(3, 2), (6, 9): Tally(1, 1)}
    assert whole(found.of("SA", Channel.agent_call)) == Tally(4, 3)
    assert found.of("SA", Channel.sms) == {}


def test_countries_and_channels_are_kept_apart(session: Session, store: Store, now: datetime) -> None:
    at = now - timedelta(hours=3)
    contact(session, at, store, Outcome.answered, country="AE")
    contact(session, at, store, Outcome.no_answer)
    contact(session, at, store, Outcome.replied, channel=Channel.whatsapp)
    found = read(session, now)
    assert found.countries == ("SA", "AE")
    assert found.channels("SA") == (Channel.whatsapp, Channel.agent_call)
    assert found.of("AE", Channel.agent_call)[0, 20].rate == 1
    assert found.of("SA", Channel.agent_call)[0, 20].rate == 0


def test_a_message_waits_for_its_answer_and_a_call_for_its_end(
    session: Session, store: Store, now: datetime
) -> None:
    at = now - timedelta(hours=1)
    contact(session, at, store, None, channel=Channel.whatsapp, state=AttemptState.delivered)
    contact(session, at, store, None, channel=Channel.ivr, state=AttemptState.sent)
    found = read(session, now)
    assert found.of("SA", Channel.whatsapp)[0, 20] == Tally(1, 0)
    assert found.channels("SA") == (Channel.whatsapp,)


def test_what_never_left_or_was_not_ours_does_not_count(
    session: Session, store: Store, now: datetime
) -> None:
    at = now - timedelta(hours=1)
    contact(session, at, store, Outcome.failed, state=AttemptState.failed)
    contact(session, at, store, Outcome.answered, called_in=True)
    contact(session, now - 9 * WEEK, store, Outcome.answered)
    contact(session, now, store, Outcome.answered)
    assert read(session, now).hours == {}
    assert read(session, now).countries == ()
    assert whole(read(session, now, weeks=10).of("SA", Channel.agent_call)).made == 1
    assert Tally().rate is None
