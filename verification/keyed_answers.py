"""Answers under an Idempotency-Key: the first request works, the others get its answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.replays import ReplayedAnswer

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=1)
"""After this long a request without an answer counts as crashed, and the next one does its work."""


class KeyReused(Exception):
    """The key came before with another body."""


class StillRunning(Exception):
    """The first request under this key has no answer yet."""


class TakenOver(Exception):
    """The request ran for so long that another one took its place."""


@dataclass(frozen=True)
class KeyedRequest:
    """What makes two requests the same: the caller's key on this route; `content` is the body's digest."""

    api_key_id: str
    route: str
    key: str
    content: bytes


@dataclass(frozen=True)
class KeptAnswer:
    """An answer as it was first given; `body` is its text."""

    status: int
    body: str
    location: str | None


def begin(session: Session, request: KeyedRequest, now: datetime) -> KeptAnswer | None:
    """None when the request is the first and its work may begin (commit that first), else the kept answer.

    Raises `KeyReused` and `StillRunning`.
    """
    fresh = {"request_hash": request.content, "started_at": now, "expires_at": now + KEPT}
    abandoned = and_(
        ReplayedAnswer.status.is_(None),
        ReplayedAnswer.started_at <= now - ABANDONED,
        ReplayedAnswer.request_hash == request.content,
    )
    first = session.scalar(
        insert(ReplayedAnswer)
        .values(api_key_id=request.api_key_id, route=request.route, key=request.key, **fresh)
        .on_conflict_do_update(
            index_elements=["api_key_id", "route", "key"],
            set_={**fresh, "status": None, "body": None, "location": None},
            where=or_(ReplayedAnswer.expires_at <= now, abandoned),
        )
        .returning(ReplayedAnswer.key)
    )
    if first is not None:
        return None
    row = session.get(ReplayedAnswer, (request.api_key_id, request.route, request.key))
    if row is None:
        raise StillRunning  # it ended without an answer to keep, this very moment
    if row.request_hash != request.content:
        raise KeyReused
    if row.status is None:
        raise StillRunning
    return KeptAnswer(row.status, row.body or "", row.location)


def keep(session: Session, request: KeyedRequest, answer: KeptAnswer, *, started_at: datetime) -> None:
    """Keep the answer of the request that began at `started_at`; raises `TakenOver`."""
    kept = session.scalar(
        update(ReplayedAnswer)
        .where(*_mine(request, started_at))
        .values(status=answer.status, body=answer.body, location=answer.location)
        .returning(ReplayedAnswer.key)
    )
    if kept is None:
        raise TakenOver


def forget(session: Session, request: KeyedRequest, *, started_at: datetime) -> None:
    """Let the next request under the key do the work, since this one came to nothing."""
    session.execute(delete(ReplayedAnswer).where(*_mine(request, started_at)))


def _mine(request: KeyedRequest, started_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ReplayedAnswer.api_key_id == request.api_key_id,
        ReplayedAnswer.route == request.route,
        ReplayedAnswer.key == request.key,
        ReplayedAnswer.started_at == started_at,
        ReplayedAnswer.status.is_(None),
    )
