"""Taking back what a failure left behind, when it turns out that the contact arrived after all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.orders import Order
from models.steps import StepOrder
from models.vocabulary import Outcome
from verification.reachability import forget_unreachable
from verification.steps.covering import orders_of


def void_failure(session: Session, attempt: Attempt) -> None:
    """Forget what the failed attempt taught of the phone, and that it was the last that came of its orders.

    A decision that was taken meanwhile stays: its seller has been told.
    """
    forget_unreachable(session, attempt)
    for order in orders_of(session, attempt.step_id):
        if order.last_outcome is attempt.outcome:
            order.last_outcome = _outcome_before(session, order, attempt)


def _outcome_before(session: Session, order: Order, attempt: Attempt) -> Outcome | None:
    return session.scalar(
        select(Attempt.outcome)
        .join(StepOrder, StepOrder.step_id == Attempt.step_id)
        .where(StepOrder.order_id == order.id, Attempt.id != attempt.id, Attempt.outcome.is_not(None))
        .order_by(Attempt.ended_at.desc(), Attempt.id)
        .limit(1)
    )
