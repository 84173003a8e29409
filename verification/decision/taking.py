"""Taking a decision: appended with the tier it was taken with, the diary line and the seller's event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from models.base import new_id
from models.buyers import Buyer
from models.decisions import Decision
from models.orders import Order
from models.vocabulary import EventType, Verdict
from verification import diary, promises
from verification.decision.ruling import Ruling, Standing
from verification.steps.ending import cancel_live_steps
from verification.telling.events import tell
from verification.tiers.recomputing import retier

_EVENTS = {
    Verdict.confirmed: EventType.order_confirmed,
    Verdict.rejected: EventType.order_rejected,
    Verdict.unreachable: EventType.order_unreachable,
    Verdict.waived: EventType.order_waived,
    Verdict.withdrawn: EventType.order_withdrawn,
}


class NoProof(Exception):
    """A yes without anything that the buyer did to show for it."""


def standing_of(session: Session, order: Order) -> Standing:
    """Where the order stands now."""
    if order.shipped_at is not None:
        return Standing.shipped
    if order.decision_id is None:
        return Standing.open
    return Standing(session.get_one(Decision, order.decision_id).verdict.value)


def reopen(session: Session, order: Order, *, now: datetime) -> None:
    """Leave the order undecided again, because what its buyer was asked about has changed.

    The decision stays in the record, and the next one supersedes it. The caller plans the case.
    """
    order.decision_id = None
    session.flush()
    retier(session, order.buyer_id, now=now, cause="order_reopened")
    diary.write(session, at=now, kind="decision", actor="seller", code="order_reopened", order_id=order.id)


def _latest(session: Session, order: Order) -> UUID | None:
    """The order's last decision, also when a correction has reopened the order since."""
    later = aliased(Decision)
    return session.scalar(
        select(Decision.id).where(
            Decision.order_id == order.id, ~exists().where(later.supersedes_id == Decision.id)
        )
    )


def decide(
    session: Session,
    order: Order,
    ruling: Ruling,
    *,
    now: datetime,
    actor: str,
    proof: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> Decision:
    """Append the decision, make it the order's current one, and write the event that tells the seller.

    `not_before` holds the event back while the decision can still be undone. Live steps end with the
    decision. Raises `NoProof` for a yes without proof.
    """
    if ruling.verdict is Verdict.confirmed and not proof:
        raise NoProof
    cancel_live_steps(session, [order.id], now=now, reason="decided")
    promises.drop(session, [order.id], now=now)
    buyer = session.get_one(Buyer, order.buyer_id)
    decision = Decision(
        id=new_id(),
        order_id=order.id,
        supersedes_id=_latest(session, order),
        verdict=ruling.verdict,
        reason=ruling.reason,
        via=ruling.via,
        soft=ruling.soft,
        proof=dict(proof) if proof else None,
        changes=dict(changes or {}),
        tier=buyer.tier,
        tier_reasons=list(buyer.tier_reasons),
        actor=actor,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    order.decision_id = decision.id
    order.wish = None
    if order.plan and order.ladder:
        order.plan = {**order.plan, "left": order.ladder}
    order.ladder = []
    session.flush()
    retier(session, order.buyer_id, now=now, cause=f"decision:{ruling.verdict.value}")
    diary.write(
        session,
        at=now,
        kind="decision",
        actor=actor,
        code=f"decided_{ruling.verdict.value}",
        params={
            "reason": ruling.reason.value,
            "via": ruling.via.value,
            "soft": ruling.soft,
            "decision_id": str(decision.id),
        },
        order_id=order.id,
    )
    session.flush()
    tell(session, order, _EVENTS[ruling.verdict], now=now, decision_id=decision.id, not_before=not_before)
    return decision
