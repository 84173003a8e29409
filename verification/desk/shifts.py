"""Agents' time: one open interval each while they are at work, which ends by itself when they are not."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from models.shifts import AgentInterval
from models.unit_of_work import unit_of_work
from models.vocabulary import AgentState

STAYS = timedelta(seconds=150)
"""How long a state lasts without a word from the agent's page: hidden tabs may speak once a minute."""

_WORTH_WRITING = timedelta(seconds=30)
_BATCH = 200
_IS_OPEN = select(AgentInterval).where(
    AgentInterval.user_id == bindparam("user_id"), AgentInterval.ended_at.is_(None)
)


def current(session: Session, user_id: UUID, now: datetime) -> AgentInterval | None:
    """The agent's open interval; None between two shifts."""
    interval = session.scalars(_IS_OPEN, {"user_id": user_id}).one_or_none()
    return interval if interval is not None and interval.expires_at > now else None


def enter(
    session: Session, user_id: UUID, state: AgentState, *, now: datetime, step_id: UUID | None = None
) -> AgentInterval:
    """The agent is in this state from now on; in it already, it lasts on. Begins a shift if need be."""
    interval = _open(session, user_id)
    if interval is not None and interval.expires_at > now and _is(interval, state, step_id):
        interval.expires_at = now + STAYS
        return interval
    if interval is not None:
        _end(interval, now)
        session.flush()
    interval = AgentInterval(
        user_id=user_id, state=state, step_id=step_id, began_at=now, expires_at=now + STAYS
    )
    session.add(interval)
    session.flush()
    return interval


def stay(session: Session, user_id: UUID, *, now: datetime) -> AgentInterval:
    """A word from the agent's page: whatever the state is, it lasts on; without one, a shift begins."""
    interval = _open(session, user_id)
    if interval is None or interval.expires_at <= now:
        return enter(session, user_id, AgentState.waiting, now=now)
    if interval.expires_at < now + STAYS - _WORTH_WRITING:
        interval.expires_at = now + STAYS
    return interval


def end_shift(session: Session, user_id: UUID, *, now: datetime) -> None:
    """The agent goes home."""
    interval = _open(session, user_id)
    if interval is not None:
        _end(interval, now)


def end_silent(engine: Engine, now: datetime) -> int:
    """Shifts from which nothing was heard any more end when they were to; returns how many."""
    silent = (
        select(AgentInterval)
        .where(AgentInterval.ended_at.is_(None), AgentInterval.expires_at <= now)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work(engine) as session:
        intervals = session.scalars(silent).all()
        for interval in intervals:
            _end(interval, now)
        return len(intervals)


def _open(session: Session, user_id: UUID) -> AgentInterval | None:
    return session.scalars(_IS_OPEN.with_for_update(), {"user_id": user_id}).one_or_none()


def _is(interval: AgentInterval, state: AgentState, step_id: UUID | None) -> bool:
    return interval.state is state and interval.step_id == step_id


def _end(interval: AgentInterval, now: datetime) -> None:
    """What came after the last word is nobody's working time."""
    interval.ended_at = max(interval.began_at, min(now, interval.expires_at))
