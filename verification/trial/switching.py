"""Throwing and releasing the kill switch, on record; open cases follow by and by (`replanning`)."""

from datetime import datetime
from unicodedata import category

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verification import audit
from verification.trial.stopping import release, stop

LONGEST_WHY = 500


def throw_switch(session: Session, *, actor: str, why: str | None, now: datetime) -> bool:
    """Have the fixed schedule plan for everybody; False when it does already.

    `why` is the operator's own word, cut to `LONGEST_WHY` characters; it must hold nothing of a buyer.
    """
    _alone(session)
    why = _cleaned(why or "") or None
    if not stop(session, by=actor, why=why, now=now):
        return False
    audit.note(session, at=now, actor=actor, code="choosing_stopped", params={"why": why or ""})
    return True


def release_switch(session: Session, *, actor: str, now: datetime) -> bool:
    """Let what was learned plan again; False when nothing was stopped."""
    _alone(session)
    if not release(session, by=actor, now=now):
        return False
    audit.note(session, at=now, actor=actor, code="choosing_resumed")
    return True


def _cleaned(why: str) -> str:
    # Neither a NUL nor half a character can be stored.
    storable = (each for each in why if each.isspace() or category(each) not in ("Cc", "Cs"))
    return " ".join("".join(storable).split())[:LONGEST_WHY]


def _alone(session: Session) -> None:
    # Two who press the button at one moment: the second finds it done.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("planner_stops", 0))))
