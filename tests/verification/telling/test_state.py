"""Where an order stands, step by step."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.orders import Order
from models.steps import Step
from models.vocabulary import AttemptState, Channel, DecisionReason, Regime, StepState, Verdict, Via
from tests.orders import draft, make_seller, received
from verification.contact.claiming import claim
from verification.contact.promoting import promote
from verification.decision.ruling import Ruling, given_up, rejected
from verification.decision.taking import decide
from verification.intake.withdrawing import withdraw_order
from verification.telling.state import order_state


def _state(session: Session, order: Order) -> str:
    session.flush()
    return session.scalars(select(order_state()).where(Order.id == order.id).select_from(Order)).one()


def _attempt(step: Step, now: datetime) -> Attempt:
    return Attempt(
        step_id=step.id,
        buyer_id=step.buyer_id,
        store_id=step.store_id,
        channel=step.channel,
        reference=str(step.id),
        holder="worker",
        provider="sandbox",
        state=AttemptState.sent,
        attempt_number=1,
        order_age_seconds=0,
        local_hour_of_week=0,
        regime=Regime.normal,
        propensity=1,
        started_at=now,
        answer_until=now,
        state_at=now,
    )


def test_a_machines_contact_is_queued_contacting_then_waiting(session: Session, now: datetime) -> None:
    order = received(session, make_seller(session, now).store, draft(), now)
    assert _state(session, order) == "queued"
    promote(session, now=now)
    assert _state(session, order) == "queued"
    held = claim(session, Channel.whatsapp, "worker", now=now)[0]
    assert _state(session, order) == "contacting"
    session.add(_attempt(session.get_one(Step, held.step_id), now))
    session.execute(update(Step).values(state=StepState.scheduled, lease_holder=None, lease_expires_at=None))
    assert _state(session, order) == "waiting"


def test_an_agents_step_is_queued_until_it_is_due(session: Session, now: datetime) -> None:
    order = received(session, make_seller(session, now).store, draft(buyer={"phone": ""}), now)
    assert _state(session, order) == "queued"
    promote(session, now=now + timedelta(hours=1))
    assert _state(session, order) == "with_agent"
    assert claim(session, Channel.agent_call, "agent", now=now + timedelta(hours=1))
    assert _state(session, order) == "with_agent"


@pytest.mark.parametrize("verdict", ["rejected", "unreachable", "waived"])
def test_a_decision_is_the_state(session: Session, now: datetime, verdict: str) -> None:
    order = received(session, make_seller(session, now).store, draft(), now)
    rulings: dict[str, Ruling] = {
        "rejected": rejected(Via.ivr, None),
        "unreachable": given_up(DecisionReason.no_response),
        "waived": Ruling(Verdict.waived, DecisionReason.seller_policy, Via.policy),
    }
    decide(session, order, rulings[verdict], now=now, actor="system")
    assert _state(session, order) == verdict
    withdraw_order(session, order, None, now=now)
    assert _state(session, order) == "withdrawn"
