"""Computing a buyer's tier anew from everything that is known of them, over all sellers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from models.buyers import Buyer, TierChange
from models.decisions import Decision
from models.orders import Order, Shipment
from models.vocabulary import Tier
from verification import diary
from verification.tiers.history import BuyerHistory, PastOrder, result_of
from verification.tiers.tier import tier_of


def retier(session: Session, buyer_id: UUID, *, now: datetime, cause: str) -> Buyer:
    """Store the buyer's tier as the history has it now; a move is kept with its reasons and its cause."""
    session.flush()
    buyer = session.get_one(Buyer, buyer_id)
    found = tier_of(_history(session, buyer), now)
    old, buyer.tier = buyer.tier, found.tier
    buyer.tier_reasons = [reason.as_json() for reason in found.reasons]
    if found.tier is not old:
        session.add(
            TierChange(
                buyer_id=buyer.id,
                old=old,
                new=found.tier,
                reasons=buyer.tier_reasons,
                cause=cause,
                changed_at=now,
            )
        )
        diary.write(
            session,
            at=now,
            kind="buyer",
            actor="system",
            code="tier_changed",
            params={"old": old.value, "new": found.tier.value},
            buyer_id=buyer.id,
        )
    session.flush()
    return buyer


def _history(session: Session, buyer: Buyer) -> BuyerHistory:
    latest = (
        select(Shipment.order_id, Shipment.status, Shipment.reported_at)
        .ext(distinct_on(Shipment.order_id))
        .where(Shipment.order_id.in_(select(Order.id).where(Order.buyer_id == buyer.id)))
        .order_by(Shipment.order_id, Shipment.reported_at.desc(), Shipment.received_at.desc())
        .subquery()
    )
    rows = session.execute(
        select(Order, Decision, latest.c.status, latest.c.reported_at)
        .outerjoin(Decision, Decision.id == Order.decision_id)
        .outerjoin(latest, latest.c.order_id == Order.id)
        .where(Order.buyer_id == buyer.id)
    )
    past = []
    for order, decision, shipment, reported_at in rows:
        result = result_of(
            decision.verdict if decision else None, decision.reason if decision else None, shipment
        )
        if result is not None:
            at = reported_at or decision.decided_at
            past.append(PastOrder(result, at, order.total_minor, order.currency))
    return BuyerHistory(tuple(past), Tier(buyer.override) if buyer.override else None)
