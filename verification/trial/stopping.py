"""The kill switch: everybody is contacted by the fixed schedule until it is released."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.slots import PlannerStop

_STANDING = select(PlannerStop).where(PlannerStop.ended_at.is_(None))


def standing_stop(session: Session) -> PlannerStop | None:
    """The stop that stands."""
    return session.scalars(_STANDING).one_or_none()


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
