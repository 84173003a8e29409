"""What is watched over time: counts without a name in them, and how late the work runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.decisions import Decision
from models.jobs import JobRun
from models.orders import Order
from models.steps import Step
from models.vocabulary import StepState
from verification.status import status


@dataclass(frozen=True)
class Gauges:
    """Counts by the words of the vocabulary: `steps` by state and channel, `decisions` (each order's current
    one) by verdict and via. `oldest_due_seconds` is how long the step that is most overdue has waited."""

    orders: Mapping[str, int]
    steps: Mapping[tuple[str, str], int]
    decisions: Mapping[tuple[str, str], int]
    events: Mapping[str, int]
    stranded: int
    oldest_due_seconds: float
    jobs: Mapping[str, datetime]


def read_gauges(session: Session, *, now: datetime) -> Gauges:
    """All of them as they stand."""
    counts = status(session)
    steps = session.execute(select(Step.state, Step.channel, func.count()).group_by(Step.state, Step.channel))
    decisions = session.execute(
        select(Decision.verdict, Decision.via, func.count())
        .join(Order, Order.decision_id == Decision.id)
        .group_by(Decision.verdict, Decision.via)
    )
    due = select(func.min(Step.not_before)).where(Step.not_before <= now)
    oldest = [
        since
        for state in (StepState.scheduled, StepState.ready)
        if (since := session.scalar(due.where(Step.state == state))) is not None
    ]
    return Gauges(
        orders=counts["orders"],
        steps={(state.value, channel.value): count for state, channel, count in steps},
        decisions={(verdict.value, via.value): count for verdict, via, count in decisions},
        events=counts["outbox"],
        stranded=counts["stranded"],
        oldest_due_seconds=(now - min(oldest)).total_seconds() if oldest else 0.0,
        jobs={run.job: run.ran_at for run in session.scalars(select(JobRun))},
    )
