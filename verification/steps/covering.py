"""Which orders a step covers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.orders import Order
from models.steps import StepOrder


def orders_of(session: Session, step_id: UUID) -> list[Order]:
    """The orders that a step covers, oldest first."""
    return list(
        session.scalars(
            select(Order)
            .join(StepOrder, StepOrder.order_id == Order.id)
            .where(StepOrder.step_id == step_id)
            .order_by(Order.created_at, Order.id)
            .execution_options(populate_existing=True)
        )
    )


def covered(session: Session, step_id: UUID) -> list[UUID]:
    """The ids of those orders."""
    return list(session.scalars(select(StepOrder.order_id).where(StepOrder.step_id == step_id)))


def decide_by(session: Session, step_id: UUID) -> datetime:
    """The soonest deadline of those orders."""
    return session.scalars(
        select(func.min(Order.decide_by))
        .join(StepOrder, StepOrder.order_id == Order.id)
        .where(StepOrder.step_id == step_id)
    ).one()
