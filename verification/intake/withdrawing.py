"""Withdrawing an order: the seller will not ship it, so its buyer is left in peace."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.decisions import Decision
from models.orders import Order
from models.vocabulary import DecisionReason, Verdict, Via
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.intake.loading import hold
from verification.intake.noting import note_words
from verification.refusals import AlreadyShipped


def withdraw_order(session: Session, order: Order, words: str | None, *, now: datetime) -> bool:
    """Decide the order as withdrawn, whatever was decided before; False when it was withdrawn already.

    A contact being made at this moment loses its lease, so that its holder's writes find nothing. `words` are
    the seller's reason. Raises `AlreadyShipped`.
    """
    hold(session, order)
    if order.decision_id is not None:
        current = session.get_one(Decision, order.decision_id)
        if current.verdict is Verdict.withdrawn:
            return False
    if order.shipped_at is not None:
        raise AlreadyShipped
    note_words(session, order, "withdraw", words, now=now)
    decide(
        session,
        order,
        Ruling(Verdict.withdrawn, DecisionReason.seller_request, Via.seller),
        now=now,
        actor="seller",
    )
    return True
