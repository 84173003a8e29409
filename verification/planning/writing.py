"""Writing a planned contact as a row of the queue."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.base import new_id
from models.steps import Step, StepOrder
from models.vocabulary import Purpose, StepState
from verification.planning.plan import Planned


def write_step(
    session: Session,
    planned: Planned,
    order_ids: Sequence[UUID],
    *,
    buyer_id: UUID,
    store_id: UUID,
    country: str,
    place: str | None,
    attempt_number: int,
    now: datetime,
) -> Step:
    """One scheduled step that covers these orders."""
    step = Step(
        id=new_id(),
        buyer_id=buyer_id,
        store_id=store_id,
        contact_point_id=planned.point_id,
        country=country,
        place=place,
        purpose=Purpose.verify,
        channel=planned.channel,
        state=StepState.scheduled,
        priority=planned.priority,
        attempt_number=attempt_number,
        not_before=planned.not_before,
        reason=planned.reason.as_json(),
        reserved_for=planned.reserved_for,
        reserved_until=planned.reserved_until,
        created_at=now,
    )
    session.add(step)
    session.flush()
    session.add_all(
        StepOrder(step_id=step.id, order_id=order_id, purpose=Purpose.verify, live=True)
        for order_id in order_ids
    )
    session.flush()
    return step
