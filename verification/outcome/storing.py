"""Storing what came in, once, before it is believed."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.inbound import InboundBody, InboundEvent
from models.vocabulary import DataClass, InboundState
from verification.policy.values import default_policy


def store_once(
    session: Session, source: str, external_id: str, *, kind: str, raw: str, now: datetime
) -> InboundEvent | None:
    """The new row of an event under its sender's own id, its body beside it; None when it had come before.

    A repeat that comes while the first is still worked on waits for its end.
    """
    event_id = session.scalar(
        insert(InboundEvent)
        .values(
            id=new_id(),
            source=source,
            external_id=external_id,
            kind=kind,
            state=InboundState.stored,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
        .returning(InboundEvent.id)
    )
    if event_id is None:
        return None
    days = default_policy("").retention_days[DataClass.inbound_body]
    session.add(
        InboundBody(event_id=event_id, body=raw.replace("\0", ""), expires_at=now + timedelta(days=days))
    )
    session.flush()
    return session.get_one(InboundEvent, event_id)


def quarantine(session: Session, stored: InboundEvent, problem: str) -> None:
    """Keep an event to be shown, because it fits nothing that we know."""
    stored.state = InboundState.quarantined
    stored.problem = problem
    session.flush()


def keep_unread(session: Session, source: str, external_id: str, raw: str, *, now: datetime) -> None:
    """Keep what was signed but cannot be read, to be shown."""
    stored = store_once(session, source, external_id, kind="unread", raw=raw, now=now)
    if stored is not None:
        quarantine(session, stored, "not_understood")
