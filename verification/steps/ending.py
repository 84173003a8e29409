"""Ending the live steps of orders that need no further contact."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.steps import Step, StepOrder
from models.vocabulary import StepState
from verification.steps.transitions import end_step, end_steps

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_STEPS = (
    select(Step)
    .where(Step.id == any_(_IDS))
    .order_by(Step.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_LIVE = (
    select(Step)
    .where(
        Step.id.in_(select(StepOrder.step_id).where(StepOrder.order_id == any_(_IDS), StepOrder.live)),
        Step.live,
    )
    .order_by(Step.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def live_steps(session: Session, order_ids: Sequence[UUID]) -> Sequence[Step]:
    """The live steps that cover any of these orders, locked."""
    return session.scalars(_LIVE, {"ids": list(order_ids)}).all()


def end_contacted_step(session: Session, attempt: Attempt, *, now: datetime) -> bool:
    """End the step of an attempt that was made; False when it had ended before. The caller plans anew."""
    return bool(end_contacted_steps(session, [attempt], now=now))


def end_contacted_steps(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> int:
    """The same for many; returns how many ended now."""
    steps = session.scalars(_STEPS, {"ids": [attempt.step_id for attempt in attempts]})
    ending = [step for step in steps if step.state.is_live]
    end_steps(session, ending, StepState.done, now=now, reason="contacted")
    return len(ending)


def cancel_live_steps(session: Session, order_ids: Sequence[UUID], *, now: datetime, reason: str) -> None:
    """Take these orders out of their live steps; a step that covers nothing else is cancelled.

    A step that somebody holds loses its lease with it, so that the holder's next write finds nothing.
    """
    for step in live_steps(session, order_ids):
        covers_others = session.scalar(
            select(func.count())
            .select_from(StepOrder)
            .where(StepOrder.step_id == step.id, StepOrder.order_id.not_in(order_ids))
        )
        if covers_others:
            session.execute(
                delete(StepOrder).where(StepOrder.step_id == step.id, StepOrder.order_id.in_(order_ids))
            )
        else:
            end_step(session, step, StepState.cancelled, now=now, reason=reason)
