"""A seller withdraws an order."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.decisions import Decision
from models.inbound import InboundBody, InboundEvent
from models.orders import Order
from models.outbox import OutboxDelivery
from models.steps import Step
from models.vocabulary import Channel, DecisionReason, EventType, StepState, Verdict, Via
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification.contact.claiming import claim
from verification.contact.promoting import promote
from verification.decision.ruling import confirmed
from verification.decision.taking import decide
from verification.intake.shipping import CourierReport, report_shipment
from verification.intake.withdrawing import withdraw_order
from verification.refusals import AlreadyShipped
from verification.steps.transitions import Stale, hold


@pytest.fixture
def order(work: Work, now: datetime) -> Order:
    with work() as session:
        return received(session, make_seller(session, now).store, draft(), now)


def _withdraw(work: Work, order: Order, now: datetime, words: str | None = None) -> bool:
    with work() as session:
        return withdraw_order(session, session.get_one(Order, order.id), words, now=now)


def test_withdrawing_decides_ends_the_contact_and_tells(work: Work, order: Order, now: datetime) -> None:
    assert _withdraw(work, order, now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        decision = session.get_one(Decision, stored.decision_id)
        assert (decision.verdict, decision.reason, decision.via) == (
            Verdict.withdrawn,
            DecisionReason.seller_request,
            Via.seller,
        )
        assert session.scalars(select(Step.state)).all() == [StepState.cancelled]
        assert session.scalars(select(OutboxDelivery.event_type)).all() == [EventType.order_withdrawn]


def test_withdrawing_again_changes_nothing(work: Work, order: Order, now: datetime) -> None:
    assert _withdraw(work, order, now)
    assert not _withdraw(work, order, now + timedelta(hours=1))
    with work() as session:
        assert len(session.scalars(select(Decision)).all()) == 1
        assert session.get_one(Order, order.id).version == 2


def test_a_contact_under_way_loses_its_lease(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        promote(session, now=now)
        held = claim(session, Channel.whatsapp, "worker", now=now)[0]
    assert _withdraw(work, order, now)
    with work() as session, pytest.raises(Stale):
        hold(session, held.step_id, held.token)


def test_a_confirmed_order_can_still_be_withdrawn(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        stored = session.get_one(Order, order.id)
        first = decide(
            session, stored, confirmed(Via.page, soft=False), now=now, actor="buyer", proof={"token": "1"}
        )
    assert _withdraw(work, order, now)
    with work() as session:
        decision = session.get_one(Decision, session.get_one(Order, order.id).decision_id)
        assert decision.supersedes_id == first.id


def test_a_shipped_order_is_not_withdrawn(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        report_shipment(session, session.get_one(Order, order.id), CourierReport("shipped"), now=now)
    with pytest.raises(AlreadyShipped):
        _withdraw(work, order, now)


def test_the_sellers_words_are_kept_where_they_expire(work: Work, order: Order, now: datetime) -> None:
    assert _withdraw(work, order, now, "نفدت الكمية")
    with work() as session:
        event = session.scalars(select(InboundEvent)).one()
        assert event.external_id.startswith(f"{order.id}:withdraw:")
        body = session.get_one(InboundBody, event.id)
        assert body.body == "نفدت الكمية"
        assert body.expires_at > now
