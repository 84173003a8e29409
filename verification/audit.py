"""The record of what admins and operators change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars import AuditLine
from models.users import User


@dataclass(frozen=True)
class Audited:
    """One change: `actor` as diaries know them, `name` of the person where it was one of us."""

    id: UUID
    at: datetime
    actor: str
    name: str | None
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """Some changes, newest first; `following` is where the next page begins."""

    lines: Sequence[Audited]
    following: UUID | None


def note(
    session: Session, *, at: datetime, actor: str, code: str, params: Mapping[str, Any] | None = None
) -> None:
    """Add one line; `params` hold codes and values as JSON has them, never anything of a buyer."""
    session.add(AuditLine(at=at, actor=actor, code=code, params=dict(params or {})))


def lines(
    session: Session,
    *,
    limit: int = 50,
    after: UUID | None = None,
    params: Mapping[str, Any] | None = None,
) -> AuditPage:
    """The changes older than the line `after`, newest first; of those whose params hold `params`."""
    asked = select(AuditLine).order_by(AuditLine.at.desc(), AuditLine.id.desc()).limit(limit + 1)
    if after is not None:
        last = select(AuditLine.at, AuditLine.id).where(AuditLine.id == after).subquery()
        older = (AuditLine.at < last.c.at) | ((AuditLine.at == last.c.at) & (AuditLine.id < last.c.id))
        asked = asked.join(last, older)
    if params:
        asked = asked.where(AuditLine.params.contains(dict(params)))
    found = session.scalars(asked).all()
    names = names_of(session, (line.actor for line in found))
    shown = [
        Audited(line.id, line.at, line.actor, names.get(line.actor), line.code, line.params)
        for line in found[:limit]
    ]
    return AuditPage(shown, shown[-1].id if len(found) > limit else None)


def names_of(session: Session, actors: Iterable[str]) -> Mapping[str, str]:
    """What the people among these actors are called."""
    ids = {actor: UUID(actor.partition(":")[2]) for actor in set(actors) if actor.startswith("agent:")}
    if not ids:
        return {}
    asked = select(User.id, User.name).where(User.id.in_(ids.values()))
    found = {user.id: user.name for user in session.execute(asked)}
    return {actor: found[user_id] for actor, user_id in ids.items() if user_id in found}
