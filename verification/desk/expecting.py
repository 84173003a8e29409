"""When the next call is to be made."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.steps import Step
from models.vocabulary import Channel, StepState


def next_call_at(session: Session, now: datetime) -> datetime | None:
    """When the earliest of the planned agents' calls comes due (aware UTC); None when none is planned."""
    return session.scalars(
        select(Step.not_before)
        .where(Step.state == StepState.scheduled, Step.channel == Channel.agent_call, Step.not_before > now)
        .order_by(Step.not_before)
        .limit(1)
    ).first()
