"""A seller disputes a decision: an agent looks at it again."""

from datetime import datetime

import pytest
from sqlalchemy import select

from models.decisions import Decision
from models.diary import DiaryEntry
from models.inbound import InboundBody
from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Channel, Via
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification.decision.ruling import rejected
from verification.decision.taking import decide
from verification.intake.disputing import dispute_order
from verification.intake.withdrawing import withdraw_order
from verification.refusals import NotDecided


@pytest.fixture
def order(work: Work, now: datetime) -> Order:
    with work() as session:
        return received(session, make_seller(session, now).store, draft(), now)


def _dispute(work: Work, order: Order, now: datetime, words: str | None = None) -> None:
    with work() as session:
        dispute_order(session, session.get_one(Order, order.id), words, now=now)


def _reject(work: Work, order: Order, now: datetime) -> Decision:
    with work() as session:
        stored = session.get_one(Order, order.id)
        return decide(session, stored, rejected(Via.agent_call, None), now=now, actor="agent:1")


def test_a_decided_order_goes_to_an_agent_with_the_decision_standing(
    work: Work, order: Order, now: datetime
) -> None:
    decision = _reject(work, order, now)
    _dispute(work, order, now, "العميل يؤكد أنه يريد الطلب")
    _dispute(work, order, now, "اتصل بنا مرة أخرى")
    with work() as session:
        assert session.get_one(Order, order.id).decision_id == decision.id
        step = session.scalars(
            select(Step)
            .join(StepOrder, StepOrder.step_id == Step.id)
            .where(StepOrder.order_id == order.id, StepOrder.live)
        ).one()
        assert step.channel is Channel.agent_call
        assert step.reason["code"] == "decision_disputed"
        lines = session.scalars(select(DiaryEntry).where(DiaryEntry.code == "decision_disputed")).all()
        assert [line.params["verdict"] for line in lines] == ["rejected"] * 2
        assert len(session.scalars(select(InboundBody)).all()) == 2


def test_an_open_order_has_nothing_to_dispute(work: Work, order: Order, now: datetime) -> None:
    with pytest.raises(NotDecided):
        _dispute(work, order, now)


def test_the_sellers_own_withdrawal_is_not_reviewed(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        withdraw_order(session, session.get_one(Order, order.id), None, now=now)
    with pytest.raises(NotDecided):
        _dispute(work, order, now)
