"""The kill switch: everybody is contacted by the fixed schedule until it is released."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.slots import PlannerStop
from verification.audit import names_of

_STANDING = select(PlannerStop).where(PlannerStop.ended_at.is_(None))


def standing_stop(session: Session) -> PlannerStop | None:
    """The stop that stands."""
    return session.scalars(_STANDING).one_or_none()


@dataclass(frozen=True)
class ToldStop:
    """A stop that stands: since when, and why; `name` is the person's, None for an operator's command."""

    since: datetime
    name: str | None
    why: str | None


def tell_stop(session: Session) -> ToldStop | None:
    """The stop that stands, for people."""
    standing = standing_stop(session)
    if standing is None:
        return None
    by = standing.began_by
    return ToldStop(standing.began_at, names_of(session, [by]).get(by), standing.why)


def stop(session: Session, *, by: str, why: str | None, now: datetime) -> bool:
    """Have the fixed schedule plan from now on; False when it does already."""
    if standing_stop(session) is not None:
        return False
    session.add(PlannerStop(began_at=now, began_by=by, why=why))
    session.flush()
    return True


def release(session: Session, *, by: str, now: datetime) -> bool:
    """Let what was learned plan again; False when nothing was stopped."""
    standing = standing_stop(session)
    if standing is None:
        return False
    standing.ended_at, standing.ended_by = now, by
    session.flush()
    return True
