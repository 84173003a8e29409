"""Disputing a decision: the seller asks an agent to look at it again, with its proof."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.decisions import Decision
from models.orders import Order
from models.reasons import Reason
from models.vocabulary import Verdict
from verification import diary
from verification.intake.loading import hold
from verification.intake.noting import note_words
from verification.planning.scheduling import plan_review
from verification.refusals import NotDecided


def dispute_order(session: Session, order: Order, words: str | None, *, now: datetime) -> None:
    """Give the decided order to an agent for review; a second dispute adds its words to the first's review.

    Shipped orders too: what the buyer said is asked about most when the parcel comes back. Raises
    `NotDecided` for an open order and for one that the seller withdrew.
    """
    hold(session, order)
    if order.decision_id is None:
        raise NotDecided
    decision = session.get_one(Decision, order.decision_id)
    if decision.verdict is Verdict.withdrawn:
        raise NotDecided
    note_words(session, order, "dispute", words, now=now)
    params = {"verdict": decision.verdict.value, "decision_id": str(decision.id)}
    diary.write(
        session,
        at=now,
        kind="seller",
        actor="seller",
        code="decision_disputed",
        params=params,
        order_id=order.id,
    )
    order.updated_at = now
    session.flush()
    plan_review(session, order, now=now, reason=Reason("decision_disputed", params))
