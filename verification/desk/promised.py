"""The call that an agent has just promised."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orders import Order
from models.promises import Promise
from models.steps import StepOrder
from verification.accounts.sessions import SignedIn
from verification.hours.places import where_of


@dataclass(frozen=True)
class Promised:
    """When the call is owed (aware UTC), and the buyer's IANA zone."""

    at: datetime
    zone: str


def promised_with(session: Session, agent: SignedIn, step_id: UUID) -> Promised | None:
    """The open promise that this agent made as the outcome of a case."""
    row = session.execute(
        select(Promise.promised_at, Order.country, Order.place)
        .join(Order, Order.id == Promise.order_id)
        .join(StepOrder, StepOrder.order_id == Order.id)
        .where(StepOrder.step_id == step_id, Promise.made_by == agent.holder, Promise.result.is_(None))
        .order_by(Promise.made_at.desc())
        .limit(1)
    ).first()
    return Promised(row[0], where_of(row[1], row[2]).zone) if row else None
