"""How a case left an agent's hands, for the page that still shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.decisions import Decision
from models.dispositions import DispositionRow
from models.orders import Order
from models.steps import Step
from models.users import User
from models.vocabulary import StepState, Verdict, Via
from verification.desk.orders import number_of
from verification.desk.thread import user_holder
from verification.steps.covering import orders_of


class How(StrEnum):
    """What became of the case."""

    held = "held"
    recorded = "recorded"
    decided = "decided"
    changed = "changed"
    queued = "queued"
    over = "over"


@dataclass(frozen=True)
class Lost:
    """`holder`, called `by`, has the case since `at` (aware UTC) or recorded its outcome; `verdict` and
    `via` say how its order was decided."""

    how: How
    number: str
    at: datetime | None = None
    holder: str | None = None
    by: str | None = None
    verdict: Verdict | None = None
    via: Via | None = None


def how_lost(session: Session, step_id: UUID) -> Lost | None:
    """What became of a case; None for one that there never was."""
    step = session.get(Step, step_id, populate_existing=True)
    if step is None:
        return None
    orders = orders_of(session, step_id)
    number = number_of(orders[0]) if orders else ""
    if step.state is StepState.claimed:
        holder = step.lease_holder
        return Lost(How.held, number, step.claimed_at, holder, _name(session, holder))
    if step.live:
        return Lost(How.queued, number)
    if step.end_reason == "decided":
        decision = _decision(session, orders)
        if decision is not None:
            verdict, via = decision.verdict, decision.via
            return Lost(How.decided, number, decision.decided_at, verdict=verdict, via=via)
    if step.end_reason in ("order_changed", "planned_anew"):
        return Lost(How.changed, number, step.ended_at)
    recorded = select(DispositionRow.agent).where(
        DispositionRow.step_id == step_id, DispositionRow.undone_at.is_(None)
    )
    if agent := session.scalars(recorded.limit(1)).first():
        return Lost(How.recorded, number, step.ended_at, agent, _name(session, agent))
    return Lost(How.over, number, step.ended_at)


def holder_of(session: Session, order_id: UUID) -> Lost | None:
    """Who has the order's buyer in hand at this moment; None when nobody has."""
    step_id = session.scalar(
        select(Step.id)
        .join(Order, Order.buyer_id == Step.buyer_id)
        .where(Order.id == order_id, Step.state == StepState.claimed)
        .limit(1)
    )
    return how_lost(session, step_id) if step_id else None


def _name(session: Session, holder: str | None) -> str | None:
    return session.scalar(select(User.name).where(user_holder() == holder))


def _decision(session: Session, orders: list[Order]) -> Decision | None:
    """The latest decision in force about these orders."""
    ids = [order.decision_id for order in orders if order.decision_id]
    return session.scalars(
        select(Decision).where(Decision.id.in_(ids)).order_by(Decision.decided_at.desc()).limit(1)
    ).first()
