"""What a typed time of a promised call is read as, before it is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.unit_of_work import Session
from verification.desk.promising import check_promise
from verification.desk.refusals import DeskRefusal, PromiseRefused
from verification.desk.times import read_time
from web.desk.telling import promise_refused


@dataclass(frozen=True)
class Preview:
    """`at` is None for what is no time; `refused` says why it cannot be promised, `nearest` what can."""

    at: datetime | None
    refused: str | None = None
    nearest: Sequence[datetime] = ()


def preview(session: Session, step_id: UUID, text: str, zone: str, now: datetime) -> Preview:
    """Read a time in the buyer's zone and ask whether it may be promised."""
    at = read_time(text, now=now, zone=zone)
    return Preview(None) if at is None else check(session, step_id, at, now)


def check(session: Session, step_id: UUID, at: datetime, now: datetime) -> Preview:
    """Whether a time may be promised."""
    try:
        check_promise(session, step_id, at, now=now)
    except PromiseRefused as refused:
        return Preview(at, promise_refused(refused), refused.nearest)
    except DeskRefusal:
        return Preview(at)
    return Preview(at)
