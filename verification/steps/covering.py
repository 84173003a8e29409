"""Which orders a step covers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, selectinload

from models.orders import Order
from models.steps import StepOrder

_COVERED = (
    select(StepOrder.step_id, Order)
    .join(StepOrder, StepOrder.order_id == Order.id)
    .where(StepOrder.step_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Order.created_at, Order.id)
    .execution_options(populate_existing=True)
)
_COVERED_WITH_ITEMS = _COVERED.options(selectinload(Order.items))


_UNDER = select(StepOrder.step_id, StepOrder.order_id).where(
    StepOrder.step_id == any_(bindparam("ids", type_=ARRAY(Uuid)))
)


def orders_by_step(
    session: Session, step_ids: Sequence[UUID], *, with_items: bool = False
) -> dict[UUID, list[Order]]:
    """The orders that each step covers, oldest first."""
    found: dict[UUID, list[Order]] = {step_id: [] for step_id in step_ids}
    asked = _COVERED_WITH_ITEMS if with_items else _COVERED
    for step_id, order in session.execute(asked, {"ids": list(step_ids)}):
        found[step_id].append(order)
    return found


def orders_of(session: Session, step_id: UUID) -> list[Order]:
    """The orders that a step covers, oldest first."""
    return orders_by_step(session, [step_id])[step_id]


def covered(session: Session, step_id: UUID) -> list[UUID]:
    """The ids of those orders."""
    return list(session.scalars(select(StepOrder.order_id).where(StepOrder.step_id == step_id)))


def orders_under(session: Session, step_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The orders that these live steps cover, each with its step: an order has one live step at most."""
    return {order_id: step_id for step_id, order_id in session.execute(_UNDER, {"ids": list(step_ids)})}


def decide_by(session: Session, step_id: UUID) -> datetime:
    """The soonest deadline of those orders."""
    return session.scalars(
        select(func.min(Order.decide_by))
        .join(StepOrder, StepOrder.order_id == Order.id)
        .where(StepOrder.step_id == step_id)
    ).one()
