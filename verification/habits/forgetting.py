"""Forgetting buyers' habits: the counts are dropped, and nothing that was counted is counted again."""

from collections.abc import Collection
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import Text, delete, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.orders import Order
from models.slots import Habits
from models.steps import Step, StepOrder
from verification.telling.plan import OF_HABITS


def forget(session: Session, buyer_ids: Collection[UUID]) -> None:
    """Drop the counts of these buyers; the caller holds their locks.

    What comes later of a contact that was made before is counted afresh, as that contact's.
    """
    session.execute(delete(Habits).where(Habits.buyer_id.in_(buyer_ids)))
    session.execute(
        update(Attempt)
        .where(Attempt.buyer_id.in_(buyer_ids), or_(Attempt.counted_as.is_not(None), Attempt.recount))
        .values(counted_as=None, recount=False)
        .execution_options(synchronize_session="fetch")
    )


def forget_told(session: Session, order_ids: Collection[UUID]) -> None:
    """Drop what the plans of these orders, which are decided, tell of their buyer's habits.

    A diary is for good: they never enter it.
    """
    session.execute(update(Order).where(Order.id.in_(order_ids)).values(plan=None, ladder=[]))
    planned = select(StepOrder.step_id).where(StepOrder.order_id.in_(order_ids))
    session.execute(
        update(Step)
        .where(Step.id.in_(planned))
        .values(reason=_without_habits(Step.reason))
        .execution_options(synchronize_session=False)
    )


def _without_habits(reason: Any) -> Any:
    return reduce(lambda left, name: left.op("#-")(literal(["params", name], ARRAY(Text))), OF_HABITS, reason)
