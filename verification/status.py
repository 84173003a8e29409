"""The whole installation in a few numbers."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.decisions import Decision
from models.orders import Order
from models.outbox import OutboxDelivery
from models.steps import Step, StepOrder
from verification.telling.state import order_state


def status(session: Session) -> dict[str, Any]:
    """Orders, steps, current decisions and events by state; words that count none are left out.

    `stranded` are orders with neither a live step nor a decision, of which there are never any.
    """
    current = select(Decision).join(Order, Order.decision_id == Decision.id).subquery()
    has_live_step = select(StepOrder.order_id).where(StepOrder.order_id == Order.id, StepOrder.live).exists()
    stranded = select(func.count()).where(Order.decision_id.is_(None), ~has_live_step)
    return {
        "orders": _counted(session, order_state(), Order),
        "steps": _counted(session, Step.state, Step),
        "decisions": {
            "by_verdict": _counted(session, current.c.verdict, current),
            "by_via": _counted(session, current.c.via, current),
        },
        "outbox": _counted(session, OutboxDelivery.state, OutboxDelivery),
        "stranded": session.scalar(stranded) or 0,
    }


def _counted(session: Session, word: Any, of: Any) -> dict[str, int]:
    labelled = word.label("word")
    rows = session.execute(select(labelled, func.count()).select_from(of).group_by("word").order_by("word"))
    return {str(each): count for each, count in rows}
