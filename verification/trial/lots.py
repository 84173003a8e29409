"""How many contacts the lot chose, and what came of them, counted by the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, case, cast, exists, func, literal, or_, select
from sqlalchemy import String as Text
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.steps import Step, StepOrder
from models.vocabulary import Choice, Verdict
from verification.trial.looking import DayPart, Drawn
from verification.trial.reporting import made


def count_choices(
    session: Session, *, since: datetime, until: datetime, country: str | None = None
) -> Mapping[Choice, int]:
    """How many contacts begun in that time were chosen how."""
    rows = session.execute(
        select(Attempt.chosen, func.count())
        .where(*_begun(since, until, country), Attempt.chosen.is_not(None))
        .group_by(Attempt.chosen)
    )
    return {chosen: count for chosen, count in rows if chosen}


def count_drawn(
    session: Session, *, since: datetime, until: datetime, country: str | None = None
) -> list[Drawn]:
    """The contacts drawn by lot in that time of which the result is known, by channel and part of the day."""
    weight, expected = 1 / Attempt.propensity, Attempt.chance
    came = case((_brought_a_decision(), 1.0), else_=0.0)
    each = (
        select(
            Attempt.channel,
            (Attempt.local_hour_of_week % 24 // 6).label("part"),
            weight.label("weight"),
            came.label("came"),
            expected.label("expected"),
            (came - expected).label("surprise"),
        )
        .where(
            *_begun(since, until, country),
            Attempt.chosen == Choice.random,
            Attempt.chance.is_not(None),
            Attempt.propensity > 0,
            or_(Attempt.outcome.is_not(None), Attempt.answer_until <= until),
        )
        .subquery()
    )
    squared = each.c.weight * each.c.weight
    rows = session.execute(
        select(
            each.c.channel,
            each.c.part,
            func.count().label("contacts"),
            func.sum(each.c.weight).label("weight"),
            func.sum(each.c.weight * each.c.came).label("decided"),
            func.sum(each.c.weight * each.c.expected).label("expected"),
            func.sum(squared).label("squares"),
            func.sum(squared * each.c.surprise).label("surprise"),
            func.sum(squared * each.c.surprise * each.c.surprise).label("surprise_squares"),
        )
        .group_by(each.c.channel, each.c.part)
        .order_by(each.c.channel, each.c.part)
    )
    parts = list(DayPart)
    return [Drawn(**{**row._asdict(), "part": parts[row.part]}) for row in rows]


def _begun(since: datetime, until: datetime, country: str | None) -> tuple[ColumnElement[bool], ...]:
    begun = (Attempt.started_at >= since, Attempt.started_at < until, *made())
    if country is None:
        return begun
    return (*begun, exists().where(Step.id == Attempt.step_id, Step.country == country))


def _brought_a_decision() -> ColumnElement[bool]:
    """Whether the buyer decided one of its orders by it, which the decision's proof names."""
    return exists(
        select(literal(1))
        .select_from(StepOrder)
        .join(Decision, Decision.order_id == StepOrder.order_id)
        .where(
            StepOrder.step_id == Attempt.step_id,
            Decision.verdict.in_((Verdict.confirmed, Verdict.rejected)),
            Decision.proof["attempt_id"].astext == cast(Attempt.id, Text),
        )
        .correlate(Attempt)
    )
