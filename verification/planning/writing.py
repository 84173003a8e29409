"""Writing planned contacts as rows of the queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.base import new_id
from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Purpose, StepState
from verification import diary
from verification.planning.planned import Planned
from verification.telling.plan import without_habits


def draw_step(
    planned: Planned,
    orders: Sequence[Order],
    *,
    place: str | None,
    attempt_number: int,
    now: datetime,
    model_version: int | None = None,
) -> Step:
    """One scheduled step for these orders of one case, to be written."""
    return Step(
        id=new_id(),
        buyer_id=orders[0].buyer_id,
        store_id=orders[0].store_id,
        contact_point_id=planned.point_id,
        country=orders[0].country,
        place=place,
        purpose=Purpose.verify,
        channel=planned.channel,
        state=StepState.scheduled,
        priority=planned.priority,
        attempt_number=attempt_number,
        chosen=planned.chosen,
        propensity=planned.propensity,
        chance=planned.chance,
        model_version=model_version,
        not_before=planned.not_before,
        reason=planned.reason.as_json(),
        reserved_for=planned.reserved_for,
        reserved_until=planned.reserved_until,
        created_at=now,
    )


def write_steps(session: Session, drawn: Sequence[tuple[Step, Sequence[UUID]]], now: datetime) -> None:
    """Write steps with the orders that each covers, and a line in the diary of each order."""
    session.add_all([step for step, _ in drawn])
    session.flush()
    covered = [(step, order_id) for step, order_ids in drawn for order_id in order_ids]
    session.add_all(
        StepOrder(step_id=step.id, order_id=order_id, purpose=Purpose.verify, live=True)
        for step, order_id in covered
    )
    session.flush()
    lines = ((order_id, "system", _params(step)) for step, order_id in covered)
    diary.write_many(session, lines, at=now, kind="plan", code="contact_planned")


def _params(step: Step) -> dict[str, Any]:
    return {
        "channel": step.channel.value,
        "not_before": step.not_before.isoformat(),
        # A diary is for good: what stems from the buyer's habits stays in the step.
        "reason": without_habits(step.reason),
    }
