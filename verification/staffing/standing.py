"""Agents' calls that stand in the queue: those made in any case, and those that may still move."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.steps import Step, StepOrder
from models.vocabulary import Channel, Choice, StepState
from verification.planning.planned import ASKED

_HOUR = timedelta(hours=1)
_AGENTS = Step.live & (Step.channel == Channel.agent_call)
_MOVES = (Step.state == StepState.scheduled) & (Step.chosen == Choice.best) & (Step.priority > ASKED)


class Owed(NamedTuple):
    """Calls that are made in any case, by hour (its beginning, UTC), and the orders that they are about.

    They were promised or asked for, are of the fixed schedule or drawn by lot, or are due already.
    """

    calls: Mapping[datetime, float]
    orders: frozenset[UUID]


class Movable(NamedTuple):
    """A case whose next contact is a call that was planned for the best hour."""

    buyer_id: UUID
    store_id: UUID


def owed_calls(session: Session, now: datetime) -> Owed:
    """What stands; a call that is due counts in the hour that has begun."""
    asked = (
        select(Step.id, Step.not_before, func.array_agg(StepOrder.order_id))
        .outerjoin(StepOrder, StepOrder.step_id == Step.id)
        .where(_AGENTS, ~func.coalesce(_MOVES, False))
        .group_by(Step.id)
    )
    calls: Counter[datetime] = Counter()
    orders: set[UUID] = set()
    for _, not_before, about in session.execute(asked):
        calls[max(not_before, now).replace(minute=0, second=0, microsecond=0)] += 1
        orders.update(order_id for order_id in about if order_id)
    return Owed(calls, frozenset(orders))


def movable_calls(session: Session, hour: datetime) -> Sequence[Movable]:
    """The cases with such a call in the hour that begins then, the likeliest in vain first."""
    asked = (
        select(Step.buyer_id, Step.store_id)
        .where(_AGENTS, _MOVES, Step.not_before >= hour, Step.not_before < hour + _HOUR)
        .order_by(Step.chance.nulls_first(), Step.id)
    )
    return [Movable(*row) for row in session.execute(asked)]
