"""Handing over what the simulated buyers have answered by now."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import ContactEvent, EventKind, Meaning
from channels.sandbox.sending import provider_id_of
from models.sandbox import SandboxAnswer
from models.vocabulary import AttemptState, Outcome

_MEANINGS = {meaning.value: meaning for meaning in Meaning}


def take_due(session: Session, *, now: datetime, limit: int = 100) -> list[ContactEvent]:
    """The next answers due by `now`, earliest first, marked as handed over.

    The caller applies them in the same transaction, so an answer is neither lost nor applied twice; answers
    that another worker holds at this moment are passed over.
    """
    answers = session.scalars(
        select(SandboxAnswer)
        .where(SandboxAnswer.applied_at.is_(None), SandboxAnswer.due_at <= now)
        .order_by(SandboxAnswer.due_at, SandboxAnswer.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    events = [_event(answer) for answer in answers]
    for answer in answers:
        answer.applied_at = now
        # What buyers say is kept in one place, where it is erased in time.
        answer.answer = {}
    return events


def next_due_at(session: Session) -> datetime | None:
    """When the next answer comes, in aware UTC; None when no buyer has anything left to say."""
    return session.scalar(
        select(SandboxAnswer.due_at)
        .where(SandboxAnswer.applied_at.is_(None))
        .order_by(SandboxAnswer.due_at)
        .limit(1)
    )


def _event(row: SandboxAnswer) -> ContactEvent:
    told = row.answer
    provider_id = provider_id_of(row.reference)
    return ContactEvent(
        source=told["source"],
        external_id=f"{provider_id}:{told['number']}",
        kind=EventKind(told["kind"]),
        at=datetime.fromisoformat(told["at"]),
        raw=json.dumps(told, ensure_ascii=False, sort_keys=True),
        reference=row.reference,
        provider_id=provider_id,
        state=AttemptState(told["state"]) if "state" in told else None,
        outcome=Outcome(told["outcome"]) if "outcome" in told else None,
        text=told.get("text"),
        button=told.get("button"),
        code=told.get("code"),
        meaning=_MEANINGS.get(told.get("code", "")),
    )
