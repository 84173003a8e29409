"""The chance of a refusal, from what is stored."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import new_id
from models.decisions import Decision
from models.orders import Order, Shipment
from models.sellers import Store
from models.slots import RefusalRate
from models.vocabulary import DecisionReason, Flag, ShipmentStatus, Tier, Verdict, Via
from tests.stored import a_buyer, a_store, an_order
from verification.tiers.recomputing import retier
from verification.worth.priors import WORTH_PRIORS
from verification.worth.risk import parcels_of, reckon_rates, refusals_of
from verification.worth.worth import Parcels, refusal_chance


@pytest.fixture
def store(session: Session, now: datetime) -> Store:
    return a_store(session, now)


def parcel(
    session: Session,
    order: Order,
    now: datetime,
    *statuses: ShipmentStatus,
    verdict: Verdict = Verdict.waived,
) -> None:
    """An order that was decided and sent, with the courier's reports, an hour apart."""
    decision = Decision(
        id=new_id(),
        order_id=order.id,
        verdict=verdict,
        reason=DecisionReason.low_risk,
        via=Via.policy,
        proof={"button": "confirm"} if verdict is Verdict.confirmed else None,
        tier=Tier.new,
        actor="system",
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    order.decision_id = decision.id
    for hours, status in enumerate(statuses):
        at = now + timedelta(hours=hours)
        session.add(
            Shipment(
                id=new_id(),
                order_id=order.id,
                status=status,
                status_raw=status,
                reported_at=at,
                received_at=at,
            )
        )
        session.flush()


def rates(session: Session, now: datetime) -> dict[str, float]:
    reckon_rates(session, now=now)
    return {
        each.country: each.chance
        for each in session.scalars(select(RefusalRate).execution_options(populate_existing=True))
    }


def test_a_house_without_parcels_goes_by_what_is_assumed(
    session: Session, store: Store, now: datetime
) -> None:
    session.add(RefusalRate(country="SA", chance=0.9, parcels=1, reckoned_at=now))
    order = an_order(session, now, store, a_buyer(session, now, "+966551234567"))
    assert rates(session, now) == {}
    assert refusals_of(session, []) == {}
    assert refusals_of(session, [order]) == {order.id: refusal_chance(Tier.new)}


def test_a_buyers_own_parcels_and_an_orders_flags_count(
    session: Session, store: Store, now: datetime
) -> None:
    buyer = a_buyer(session, now, "+966551234567")
    for status in [ShipmentStatus.delivered] * 3 + [ShipmentStatus.refused]:
        parcel(session, an_order(session, now, store, buyer), now, status)
    retier(session, buyer.id, now=now, cause="test")
    plain, flagged = (an_order(session, now, store, buyer) for _ in range(2))
    flagged.flags = [{"code": "address_incomplete", "params": {}}, {"code": "of_old", "params": {}}]
    session.flush()
    assert parcels_of(buyer.tier_reasons) == Parcels(received=3, refused=1)
    base = rates(session, now)["SA"]
    found = refusals_of(session, [plain, flagged])

    assert found == {
        plain.id: refusal_chance(buyer.tier, Parcels(3, 1), base=base),
        flagged.id: refusal_chance(buyer.tier, Parcels(3, 1), [Flag.address_incomplete], base=base),
    }
    assert found[plain.id] < found[flagged.id]


def test_the_latest_report_of_each_parcel_counts_once(session: Session, store: Store, now: datetime) -> None:
    buyer = a_buyer(session, now, "+966551234567")
    for _ in range(30):
        order = an_order(session, now, store, buyer)
        shipped, failed, brought = (
            ShipmentStatus.shipped,
            ShipmentStatus.undeliverable,
            ShipmentStatus.delivered,
        )
        parcel(session, order, now, shipped, failed, failed, brought)
    assert rates(session, now)["SA"] < WORTH_PRIORS.refused


def test_a_country_learns_from_its_own_parcels_only(session: Session, store: Store, now: datetime) -> None:
    buyer = a_buyer(session, now, "+966551234567")
    for number in range(60):
        order = an_order(session, now, store, buyer)
        order.country = "IQ" if number % 2 else "SA"
        parcel(session, order, now, ShipmentStatus.returned if number % 2 else ShipmentStatus.delivered)
    found = rates(session, now)
    assert found["SA"] < WORTH_PRIORS.refused < found["IQ"]
    assert rates(session, now + timedelta(hours=1)) == found
    elsewhere = an_order(session, now, store, buyer)
    elsewhere.country = "KW"
    assert refusals_of(session, [elsewhere])[elsewhere.id] == refusal_chance(Tier.new)


def test_shipping_only_what_was_confirmed_makes_nobody_a_safe_buyer(
    session: Session, store: Store, now: datetime
) -> None:
    buyer = a_buyer(session, now, "+966551234567")
    for number in range(40):
        status = ShipmentStatus.delivered if number % 4 else ShipmentStatus.refused
        parcel(session, an_order(session, now, store, buyer), now, status, verdict=Verdict.confirmed)
    assert rates(session, now)["SA"] == pytest.approx(WORTH_PRIORS.refused, abs=0.02)
