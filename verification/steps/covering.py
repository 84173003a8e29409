"""Which orders a step covers."""

from uuid import UUID

from sqlalchemy import select
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
