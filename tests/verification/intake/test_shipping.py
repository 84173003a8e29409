"""What couriers report, as sellers pass it on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.buyers import Buyer
from models.decisions import Decision
from models.orders import Order, Shipment
from models.steps import Step
from models.vocabulary import DecisionReason, ShipmentStatus, Verdict, Via
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification.decision.ruling import confirmed
from verification.decision.taking import decide
from verification.intake.shipping import CourierReport, report_shipment, shipment_status


@pytest.fixture
def order(work: Work, now: datetime) -> Order:
    with work() as session:
        order = received(session, make_seller(session, now).store, draft(), now)
        decide(
            session,
            order,
            confirmed(Via.whatsapp, soft=False),
            now=now,
            actor="buyer",
            proof={"button": "confirm"},
        )
        return order


def _report(work: Work, order: Order, report: CourierReport, now: datetime) -> bool:
    with work() as session:
        return report_shipment(session, session.get_one(Order, order.id), report, now=now)


def test_a_report_is_kept_once_however_often_it_comes(work: Work, order: Order, now: datetime) -> None:
    report = CourierReport("shipped", at=now, carrier="SMSA", tracking="29001")
    assert _report(work, order, report, now)
    assert not _report(work, order, report, now + timedelta(hours=1))
    with work() as session:
        shipment = session.scalars(select(Shipment)).one()
        assert (shipment.status, shipment.carrier, shipment.tracking) == (
            ShipmentStatus.shipped,
            "SMSA",
            "29001",
        )
        assert session.get_one(Order, order.id).shipped_at == now


def test_a_report_without_a_time_repeats_the_one_before(work: Work, order: Order, now: datetime) -> None:
    assert _report(work, order, CourierReport("shipped"), now)
    assert not _report(work, order, CourierReport("shipped"), now + timedelta(minutes=5))
    assert _report(work, order, CourierReport("delivered"), now + timedelta(minutes=9))


def test_an_unknown_status_is_kept_with_its_words_and_ships_nothing(
    work: Work, order: Order, now: datetime
) -> None:
    assert _report(work, order, CourierReport("طلب العميل التأجيل", at=now), now)
    with work() as session:
        shipment = session.scalars(select(Shipment)).one()
        assert (shipment.status, shipment.status_raw) == (ShipmentStatus.unknown, "طلب العميل التأجيل")
        assert session.get_one(Order, order.id).shipped_at is None


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("Delivered", ShipmentStatus.delivered),
        (" PARTLY-RETURNED ", ShipmentStatus.partly_returned),
        ("partly returned", ShipmentStatus.partly_returned),
        ("", ShipmentStatus.unknown),
        ("deliveredd", ShipmentStatus.unknown),
    ],
)
def test_statuses_are_read_in_any_case(raw: str, status: ShipmentStatus) -> None:
    assert shipment_status(raw) is status


def test_results_teach_the_tier(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        before = session.get_one(Buyer, order.buyer_id).tier_reasons
    assert _report(work, order, CourierReport("refused", at=now), now)
    with work() as session:
        reasons = session.get_one(Buyer, order.buyer_id).tier_reasons
        assert reasons != before
        assert "tier_refused" in [reason["code"] for reason in reasons]


def test_a_parcel_that_leaves_undecided_is_the_sellers_choice(work: Work, now: datetime) -> None:
    with work() as session:
        order = received(session, make_seller(session, now, "Other").store, draft(), now)
    assert _report(work, order, CourierReport("delivered", at=now), now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        decision = session.get_one(Decision, stored.decision_id)
        assert (decision.verdict, decision.reason, decision.via) == (
            Verdict.waived,
            DecisionReason.seller_policy,
            Via.seller,
        )
        assert session.scalars(select(Step).where(Step.live)).all() == []
