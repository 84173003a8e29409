"""Planning a case again, with what is stored of it."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from models.vocabulary import StepState
from tests.building import a_store, an_order, live_step, order_row
from tests.conftest import Work
from verification.contact.promoting import promote
from verification.planning.scheduling import plan_case


def test_a_contact_that_waits_its_turn_keeps_its_place_in_the_queue(
    engine: Engine, work: Work, now: datetime
) -> None:
    order_id = an_order(engine, a_store(engine, now), now)
    with work() as session:
        promote(session, now=now)
    waiting = live_step(engine, order_id)
    assert waiting.state is StepState.ready
    order = order_row(engine, order_id)
    with work() as session:
        plan_case(session, order.buyer_id, order.store_id, now=now + timedelta(minutes=30))
    still = live_step(engine, order_id)
    assert (still.id, still.state, still.not_before) == (waiting.id, StepState.ready, now)


def test_a_wish_takes_the_place_of_what_was_planned(engine: Engine, work: Work, now: datetime) -> None:
    order_id = an_order(engine, a_store(engine, now), now)
    with work() as session:
        promote(session, now=now)
    planned = live_step(engine, order_id)
    order = order_row(engine, order_id)
    at = now + timedelta(hours=1)
    with work() as session:
        session.merge(order).wish = {
            "reason": {"code": "asked_to_call_later", "params": {}},
            "at": at.isoformat(),
        }
        session.flush()
        plan_case(session, order.buyer_id, order.store_id, now=now)
    promised = live_step(engine, order_id)
    assert promised.id != planned.id
    assert (promised.channel.value, promised.not_before) == ("agent_call", at)
