"""What an operator must mend: raised where it is met, standing until it ends by itself or is put away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.senders import Alarm

CODES = frozenset(
    {
        "no_sender",
        "no_template",
        "no_voice",
        "filtered",
        "geo_permission",
        "sender_refused",
        "credentials",
        "our_fault",
        "unknown_code",
        "unsigned",
        "provider_out",
        "learning_failed",
        "below_control",
    }
)


@dataclass(frozen=True)
class StandingAlarm:
    """An alarm that stands: `count` times met, between `first_at` and `last_at`; `params` are the latest."""

    code: str
    subject: str
    params: Mapping[str, Any]
    count: int
    first_at: datetime
    last_at: datetime


def raise_alarm(
    session: Session, code: str, subject: str, params: Mapping[str, Any] | None = None, *, now: datetime
) -> None:
    """Have an operator look at something; the same again is counted with the alarm that stands.

    `subject` tells alarms of one code apart: codes, ids and addresses of our own, joined by colons. Neither
    it nor `params` may hold anything of a buyer. Never waits: while another transaction raises the same, that
    one speaks for both. Raises `ValueError` for a code that is not in `CODES`.
    """
    if code not in CODES:
        raise ValueError(code)
    alone = func.pg_try_advisory_xact_lock(func.hashtextextended(f"alarm:{code}:{subject}", 0))
    if not session.scalar(select(alone)):
        return
    row = insert(Alarm).values(
        code=code, subject=subject, params=dict(params or {}), first_at=now, last_at=now
    )
    again = {
        "count": Alarm.count + 1,
        "last_at": func.greatest(Alarm.last_at, row.excluded.last_at),
        "params": row.excluded.params,
    }
    session.execute(
        row.on_conflict_do_update(
            index_elements=["code", "subject"], index_where=text("ended_at IS NULL"), set_=again
        )
    )


def end_alarm(
    session: Session,
    code: str,
    subject: str | None = None,
    *,
    about: Mapping[str, Any] | None = None,
    now: datetime,
    by: str = "system",
) -> int:
    """End the alarm about a subject, those whose params hold `about`, or all of a code; returns how many
    stood. One that is ended too early comes again with the next contact that meets the same."""
    standing = update(Alarm).where(Alarm.code == code, Alarm.ended_at.is_(None))
    if subject is not None:
        standing = standing.where(Alarm.subject == subject)
    if about is not None:
        standing = standing.where(Alarm.params.contains(about))
    ended = session.execute(standing.values(ended_at=now, ended_by=by).returning(Alarm.id))
    return len(ended.all())


def standing_alarms(session: Session) -> list[StandingAlarm]:
    """All that stand, the latest met first."""
    asked = select(Alarm).where(Alarm.ended_at.is_(None)).order_by(Alarm.last_at.desc(), Alarm.id)
    return [
        StandingAlarm(one.code, one.subject, one.params, one.count, one.first_at, one.last_at)
        for one in session.scalars(asked)
    ]
