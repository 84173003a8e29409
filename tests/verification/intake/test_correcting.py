"""A seller corrects an order that was taken."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.buyers import ContactPoint
from models.decisions import Decision
from models.diary import DiaryEntry
from models.orders import Order, OrderContactPoint, OrderDetails
from models.outbox import OutboxBody, OutboxDelivery
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import Channel, EventType, Verdict, Via
from tests.conftest import Work
from tests.orders import E164, KEYS, draft, make_seller, receive, received
from verification.contact.claiming import claim
from verification.contact.promoting import promote
from verification.decision.ruling import confirmed
from verification.decision.taking import decide
from verification.intake.correcting import correct_order
from verification.intake.problems import OrderRefused
from verification.intake.shipping import CourierReport, report_shipment
from verification.intake.withdrawing import withdraw_order
from verification.refusals import AlreadyShipped, DetailsErased
from verification.steps.transitions import Stale, hold


@pytest.fixture
def order(work: Work, now: datetime) -> Order:
    with work() as session:
        return received(session, make_seller(session, now).store, draft(), now)


def _correct(work: Work, order: Order, patch: dict[str, Any], now: datetime) -> bool:
    with work() as session:
        return correct_order(session, session.get_one(Order, order.id), patch, now=now, keys=KEYS)


def _live_steps(session: Session, order: Order) -> list[Step]:
    return list(
        session.scalars(
            select(Step)
            .join(StepOrder, StepOrder.step_id == Step.id)
            .where(StepOrder.order_id == order.id, StepOrder.live)
        )
    )


def test_a_correction_is_stored_screened_told_and_planned(work: Work, order: Order, now: datetime) -> None:
    later = now + timedelta(hours=1)
    patch = {"total": "80.00", "note": "اتصلوا بعد المغرب", "address": {"street": "شارع العليا"}}
    assert _correct(work, order, patch, later)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.details is not None
        assert (stored.total_minor, stored.version, stored.updated_at) == (8000, 2, later)
        assert (stored.details.note, stored.details.street) == ("اتصلوا بعد المغرب", "شارع العليا")
        assert stored.details.city == "الرياض"
        assert [flag["code"] for flag in stored.flags] == ["total_mismatch"]
        assert len(_live_steps(session, stored)) == 1
        event = session.scalars(select(OutboxDelivery)).one()
        assert (event.event_type, event.order_version) == (EventType.order_changed, 2)
        body = json.loads(session.get_one(OutboxBody, event.id).body)
        assert body["data"]["total"] == "80.00"
        line = session.scalars(select(DiaryEntry).where(DiaryEntry.code == "order_changed")).one()
        assert line.params == {"fields": ["total", "note", "address"]}


@pytest.mark.parametrize("patch", [{}, {"total": "199.00"}, {"buyer": {"language": "AR"}}, {"unknown": 1}])
def test_a_correction_that_changes_nothing_tells_nothing(
    work: Work, order: Order, now: datetime, patch: dict[str, Any]
) -> None:
    with work() as session:
        step = _live_steps(session, order)[0]
    assert not _correct(work, order, patch, now + timedelta(hours=1))
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert (stored.version, stored.updated_at) == (1, order.updated_at)
        assert session.scalars(select(OutboxDelivery)).all() == []
        assert [live.id for live in _live_steps(session, order)] == [step.id]


def test_items_are_replaced(work: Work, order: Order, now: datetime) -> None:
    two = [
        {"title": "غلاية", "quantity": 2, "unit_price": "40.00"},
        {"title": "مكواة", "quantity": 1, "unit_price": "60.00"},
    ]
    assert _correct(work, order, {"items": two}, now)
    assert _correct(work, order, {"items": two[1:]}, now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert [(item.position, item.title, item.sku) for item in stored.items] == [(0, "مكواة", None)]


def test_a_new_phone_leads_to_its_buyer_and_ends_the_contact_with_the_old_one(
    work: Work, order: Order, now: datetime
) -> None:
    with work() as session:
        promote(session, now=now)
        held = claim(session, Channel.whatsapp, "worker", now=now)[0]
    assert _correct(work, order, {"buyer": {"phone": "0509876543"}}, now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.buyer_id != order.buyer_id
        phones = session.scalars(
            select(ContactPoint.phone)
            .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
            .where(OrderContactPoint.order_id == order.id)
        ).all()
        assert phones == ["+966509876543"]
        step = _live_steps(session, stored)[0]
        assert step.id != held.step_id
        assert step.buyer_id == stored.buyer_id
        with pytest.raises(Stale):
            hold(session, held.step_id, held.token)


def test_the_buyers_other_orders_keep_their_contact_when_one_leaves(
    work: Work, order: Order, now: datetime
) -> None:
    with work() as session:
        other = received(session, session.get_one(Store, order.store_id), draft("2"), now)
    assert _correct(work, order, {"buyer": {"phone": "0509876543"}}, now)
    with work() as session:
        [mine], [theirs] = (_live_steps(session, each) for each in (order, other))
        assert mine.id != theirs.id
        assert theirs.buyer_id == other.buyer_id


def test_a_phone_that_becomes_unusable_takes_the_order_to_an_agent(
    work: Work, order: Order, now: datetime
) -> None:
    assert _correct(work, order, {"buyer": {"phone": "?"}}, now)
    with work() as session:
        assert [step.channel for step in _live_steps(session, order)] == [Channel.agent_call]


def test_a_number_refused_before_stays_refused(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        session.scalars(select(OrderContactPoint)).one().refused_at = now
    assert _correct(work, order, {"buyer": {"alternate_phone": "0509876543"}}, now)
    with work() as session:
        refused = session.scalars(
            select(ContactPoint.phone)
            .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
            .where(OrderContactPoint.refused_at.is_not(None))
        ).all()
        assert refused == [E164]


def test_an_order_that_turns_out_paid_is_released(work: Work, order: Order, now: datetime) -> None:
    assert _correct(work, order, {"payment_method": "mada"}, now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert session.get_one(Decision, stored.decision_id).verdict is Verdict.waived
        events = session.scalars(
            select(OutboxDelivery.event_type).order_by(OutboxDelivery.order_version)
        ).all()
        assert events == [EventType.order_changed, EventType.order_waived]


def _confirm(work: Work, order: Order, now: datetime) -> Decision:
    with work() as session:
        return decide(
            session,
            session.get_one(Order, order.id),
            confirmed(Via.whatsapp, soft=False),
            now=now,
            actor="buyer",
            proof={"button": "confirm"},
        )


def test_a_decided_order_whose_address_is_corrected_keeps_its_decision(
    work: Work, order: Order, now: datetime
) -> None:
    decision = _confirm(work, order, now)
    assert _correct(
        work, order, {"address": dict.fromkeys(("city", "district", "street", "short_address"))}, now
    )
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.decision_id == decision.id
        assert "address_incomplete" in [flag["code"] for flag in stored.flags]
        assert _live_steps(session, order) == []


@pytest.mark.parametrize(
    "patch", [{"total": "10.00"}, {"buyer": {"phone": "0509876543"}}, {"buyer": {"phone": ""}}]
)
def test_a_decided_order_is_asked_anew_when_what_was_asked_about_changes(
    work: Work, order: Order, now: datetime, patch: dict[str, Any]
) -> None:
    first = _confirm(work, order, now)
    later = now + timedelta(hours=60)
    assert _correct(work, order, patch, later)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.decision_id is None
        assert stored.decide_by > later
        [step] = _live_steps(session, order)
        assert step.reason["code"] in ("first_contact", "no_usable_number")
        second = decide(
            session, stored, confirmed(Via.ivr, soft=False), now=later, actor="buyer", proof={"key": "1"}
        )
        assert second.supersedes_id == first.id


def test_an_order_released_as_paid_is_contacted_once_it_is_to_be_paid_at_the_door(
    work: Work, now: datetime
) -> None:
    with work() as session:
        order = received(session, make_seller(session, now).store, draft(payment_method="mada"), now)
        assert order.decision_id is not None
    assert _correct(work, order, {"payment_method": "cod"}, now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert (stored.decision_id, stored.flags) == (None, [])
        assert [step.channel for step in _live_steps(session, order)] == [Channel.whatsapp]


def test_a_withdrawn_order_stays_withdrawn(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        withdraw_order(session, session.get_one(Order, order.id), None, now=now)
    assert _correct(work, order, {"total": "10.00"}, now)
    with work() as session:
        decision_id = session.get_one(Order, order.id).decision_id
        assert session.get_one(Decision, decision_id).verdict is Verdict.withdrawn
        assert _live_steps(session, order) == []


def test_a_corrected_city_moves_the_contact(work: Work, order: Order, now: datetime) -> None:
    assert _correct(work, order, {"address": {"city": "تبوك"}}, now)
    with work() as session:
        assert session.get_one(Order, order.id).place == "SA/tabuk"
        assert session.scalars(select(Step).where(Step.live)).one().place == "SA/tabuk"


def test_a_new_shipping_date_is_the_new_deadline(work: Work, order: Order, now: datetime) -> None:
    assert _correct(work, order, {"ship_by": "2026-11-22T21:00:00Z"}, now)
    with work() as session:
        assert session.get_one(Order, order.id).decide_by == now + timedelta(hours=11)
    assert _correct(work, order, {"ship_by": None}, now)
    with work() as session:
        assert session.get_one(Order, order.id).decide_by == now + timedelta(hours=48)


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"external_id": "2"}, "/external_id"),
        ({"total": 5}, "/total"),
        ({"total": None}, "/total"),
        ({"items": []}, "/items"),
        ({"address": "Riyadh"}, "/address"),
    ],
)
def test_a_correction_that_breaks_a_rule_names_the_field(
    work: Work, order: Order, now: datetime, patch: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(OrderRefused) as refused:
        _correct(work, order, patch, now)
    assert refused.value.problems[0].pointer == pointer


def test_a_shipped_order_is_not_corrected(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        report_shipment(session, session.get_one(Order, order.id), CourierReport("shipped"), now=now)
    with pytest.raises(AlreadyShipped):
        _correct(work, order, {"total": "5.00"}, now)


def test_an_order_whose_details_are_gone_is_not_corrected(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        session.execute(delete(OrderDetails))
    with pytest.raises(DetailsErased):
        _correct(work, order, {"total": "5.00"}, now)


def test_a_corrected_order_is_repeated_as_it_was_and_as_it_is(
    work: Work, order: Order, now: datetime
) -> None:
    assert _correct(work, order, {"total": "10.00"}, now)
    with work() as session:
        store = session.get_one(Store, order.store_id)
        statuses = [
            receive(session, store, draft(total=total), now).status for total in ("199.00", "10.00", "5.00")
        ]
    assert statuses == ["repeated", "repeated", "conflict"]
