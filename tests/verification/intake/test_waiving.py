"""An order that is not worth a contact is released, where its seller says so: once, and with the numbers."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.buyers import Buyer
from models.decisions import Decision
from models.diary import DiaryEntry
from models.orders import Order
from models.outbox import OutboxBody, OutboxDelivery
from models.policies import PolicyOverride
from models.sellers import Store
from models.steps import Step
from models.vocabulary import DecisionReason, EventType, Tier, Verdict, Via
from tests.conftest import Work
from tests.orders import KEYS, PAYLOAD, draft, make_seller, receive, received
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.intake.correcting import correct_order
from verification.intake.disputing import dispute_order
from verification.intake.shipping import CourierReport, report_shipment

NEW_BUYER = {"buyer": {"phone": "0559876543"}}
Knows = Callable[..., None]


@pytest.fixture
def store(work: Work, now: datetime) -> Store:
    with work() as session:
        return make_seller(session, now).store


@pytest.fixture
def says(work: Work, store: Store, now: datetime) -> Callable[..., None]:
    """Set values of the store's policy."""

    def set_values(**values: Any) -> None:
        with work() as session:
            for name, value in values.items():
                session.add(
                    PolicyOverride(store_id=store.id, name=name, value=value, set_at=now, set_by="test")
                )

    return set_values


@pytest.fixture
def known(work: Work, store: Store, now: datetime) -> Knows:
    """Give the usual buyer parcels, some weeks ago."""

    def send(received_parcels: int, refused: int = 0) -> None:
        for number in range(received_parcels + refused):
            at = now - timedelta(days=20 + number)
            with work() as session:
                order = received(session, store, _order(f"old-{number}", at), at)
                status = "delivered" if number < received_parcels else "refused"
                report_shipment(session, order, CourierReport(status, at=at), now=at)

    return send


def _order(external_id: str, at: datetime, **patch: Any) -> Any:
    return draft(external_id, placed_at=at.isoformat(), **patch)


def _decision(session: Session, order: Order) -> Decision:
    return session.get_one(Decision, session.get_one(Order, order.id).decision_id)


def _take(work: Work, store: Store, now: datetime, **patch: Any) -> Order:
    with work() as session:
        return received(session, store, draft("new", **patch), now)


def _live_steps(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Step).where(Step.live)) or 0


def test_a_known_buyers_order_is_released_and_says_why(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    order = _take(work, store, now)
    with work() as session:
        decision = _decision(session, order)
        assert (decision.verdict, decision.reason, decision.via, decision.tier) == (
            Verdict.waived,
            DecisionReason.low_risk,
            Via.policy,
            Tier.good,
        )
        assert _live_steps(session) == 0
        line = session.scalars(
            select(DiaryEntry).where(DiaryEntry.order_id == order.id, DiaryEntry.code == "waived_known_buyer")
        ).one()
        assert line.params["tier"] == "good"
        assert line.params["freight"] == "9.0000"
        assert float(line.params["loss"]) == pytest.approx(line.params["percent"] * 9 / 100, abs=0.01)
        body = session.scalars(
            select(OutboxBody.body)
            .join(OutboxDelivery, OutboxDelivery.id == OutboxBody.delivery_id)
            .where(OutboxDelivery.order_id == order.id)
        ).one()
        event = json.loads(body)
        assert event["type"] == "order.waived"
        told = event["data"]["decision"]
        assert (told["verdict"], told["reason"], told["ground"]["params"]) == (
            "waived",
            "low_risk",
            line.params,
        )
        assert "expected loss" in told["ground"]["text"]


def test_it_is_off_until_a_seller_says_so(work: Work, store: Store, now: datetime, known: Knows) -> None:
    known(8)
    order = _take(work, store, now)
    with work() as session:
        assert session.get_one(Order, order.id).decision_id is None
        assert _live_steps(session) == 1


def test_a_new_buyer_is_asked_unless_asking_costs_more(
    work: Work, store: Store, now: datetime, says: Any
) -> None:
    says(waive_low_risk=True)
    assert _take(work, store, now).decision_id is None
    says(freight_out_cost="0.20", freight_back_cost="0.10")
    with work() as session:
        order = received(session, store, draft("cheap", **NEW_BUYER), now)
        decision = _decision(session, order)
        assert decision.reason is DecisionReason.low_risk
        assert decision.proof is not None
        ground = decision.proof["ground"]
        assert ground["code"] == "waived_asking_costs_more"
        assert float(ground["params"]["loss"]) < float(ground["params"]["cost"])


@pytest.mark.parametrize(
    "patch",
    [
        {"items": [PAYLOAD["items"][0] | {"quantity": 9}], "total": "1620.00"},
        {"total": "5000.00"},
        {"address": {"district": None, "street": None, "building": None, "short_address": None}},
        {"address": {"country": "TR"}},
        {"buyer": {"alternate_phone": "0500000000"}},
    ],
)
def test_a_flag_is_always_asked_about(
    work: Work, store: Store, now: datetime, says: Any, known: Knows, patch: dict[str, Any]
) -> None:
    known(8)
    says(waive_low_risk=True, freight_out_cost="0", freight_back_cost="0")
    order = _take(work, store, now, **patch)
    with work() as session:
        assert session.get_one(Order, order.id).flags
        assert session.get_one(Order, order.id).decision_id is None


def test_a_second_order_of_the_same_thing_is_asked_about(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(8)
    says(waive_low_risk=True)
    assert _take(work, store, now).decision_id is not None
    with work() as session:
        assert received(session, store, draft("again"), now).decision_id is None


def test_a_blocked_buyer_is_not_waived(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(8)
    says(waive_low_risk=True, freight_out_cost="0", freight_back_cost="0")
    with work() as session:
        buyer = session.scalars(select(Buyer)).one()
        buyer.override, buyer.tier = "blocked", Tier.blocked
    assert _take(work, store, now).decision_id is None


def test_merits_that_faded_do_not_count(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    later = now + timedelta(days=500)
    with work() as session:
        order = received(session, store, _order("late", later), later)
        assert order.decision_id is None


def test_the_same_order_again_is_waived_once(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    order = _take(work, store, now)
    with work() as session:
        assert receive(session, store, draft("new"), now).status == "repeated"
    with work() as session:
        assert session.scalar(select(func.count()).where(Decision.order_id == order.id)) == 1
        assert session.scalar(select(func.count()).where(OutboxDelivery.order_id == order.id)) == 1


def _correct(work: Work, order: Order, patch: dict[str, Any], now: datetime) -> list[EventType]:
    with work() as session:
        before = set(session.scalars(select(OutboxDelivery.id)))
        assert correct_order(session, session.get_one(Order, order.id), patch, now=now, keys=KEYS)
        return list(
            session.scalars(
                select(OutboxDelivery.event_type)
                .where(OutboxDelivery.id.not_in(before))
                .order_by(OutboxDelivery.order_version)
            )
        )


def test_a_correction_that_changes_nothing_of_it_leaves_the_waiver(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    order = _take(work, store, now)
    assert _correct(work, order, {"note": "بعد المغرب"}, now) == [EventType.order_changed]
    with work() as session:
        assert _decision(session, order).reason is DecisionReason.low_risk


def test_a_correction_that_raises_doubt_opens_the_order_again(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    order = _take(work, store, now)
    later = now + timedelta(days=3)
    nowhere = {"district": None, "street": None, "building": None, "short_address": None}
    assert _correct(work, order, {"address": nowhere}, later) == [EventType.order_changed]
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.decision_id is None
        assert stored.decide_by > later
        assert _live_steps(session) == 1


def test_other_things_at_another_price_are_weighed_anew(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    order = _take(work, store, now)
    first = order.decision_id
    assert _correct(work, order, {"total": "210.00"}, now) == [
        EventType.order_changed,
        EventType.order_waived,
    ]
    with work() as session:
        assert _decision(session, order).supersedes_id == first
    assert _correct(work, order, {"total": "5000.00"}, now) == [EventType.order_changed]
    with work() as session:
        assert session.get_one(Order, order.id).decision_id is None


def test_what_was_disputed_is_asked_about_when_it_is_corrected(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(4)
    says(waive_low_risk=True)
    order = _take(work, store, now)
    with work() as session:
        dispute_order(session, session.get_one(Order, order.id), "not sure", now=now)
    _correct(work, order, {"total": "210.00"}, now)
    with work() as session:
        assert session.get_one(Order, order.id).decision_id is None


def test_what_its_buyer_once_refused_is_never_waived(
    work: Work, store: Store, now: datetime, says: Any, known: Knows
) -> None:
    known(8)
    order = _take(work, store, now)
    with work() as session:
        no = Ruling(Verdict.rejected, DecisionReason.changed_mind, Via.whatsapp)
        decide(session, session.get_one(Order, order.id), no, now=now, actor="buyer")
    says(waive_low_risk=True)
    _correct(work, order, {"total": "210.00"}, now)
    with work() as session:
        assert session.get_one(Order, order.id).decision_id is None
        assert _live_steps(session) == 1
