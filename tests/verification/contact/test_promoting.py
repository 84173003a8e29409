from datetime import datetime, timedelta

from sqlalchemy import Engine

from models.vocabulary import StepState
from tests.building import a_store, an_order, live_step
from tests.conftest import Work
from verification.contact.promoting import promote


def test_steps_enter_the_queue_when_they_come_due_and_not_before(
    engine: Engine, work: Work, now: datetime
) -> None:
    order = an_order(engine, a_store(engine, now), now)
    with work() as session:
        assert promote(session, now=now - timedelta(seconds=1)) == 0
    with work() as session:
        assert promote(session, now=now) == 1
    assert live_step(engine, order).state is StepState.ready
    with work() as session:
        assert promote(session, now=now) == 0


def test_two_at_once_share_the_work(engine: Engine, work: Work, now: datetime) -> None:
    store = a_store(engine, now)
    for number in range(4):
        an_order(engine, store, now, phone=f"055123456{number}")
    with work() as one, work() as other:
        assert promote(one, now=now, limit=3) == 3
        assert promote(other, now=now) == 1
