"""The one entrance for what comes back from providers and buyers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from channels.protocol import ContactEvent, EventKind
from models.attempts import Attempt
from models.base import new_id
from models.inbound import InboundBody, InboundEvent
from models.vocabulary import Channel, DataClass, InboundState
from verification.outcome.listening import listen
from verification.outcome.reporting import report
from verification.planning.scheduling import lock_buyer, plan_case
from verification.policy.values import default_policy
from verification.steps.ending import end_contacted_step


@dataclass(frozen=True)
class TakenIn:
    """What became of an event: `repeated` when it had come before and nothing was done."""

    event_id: UUID | None
    state: InboundState
    repeated: bool = False


def take_in(session: Session, event: ContactEvent, *, now: datetime) -> TakenIn:
    """Store an event once under its sender's own id, then apply it; what fits nothing is quarantined.

    Any order of arrival, and any number of repeats, ends the same.
    """
    event_id = _store(session, event, now)
    if event_id is None:
        return TakenIn(None, InboundState.applied, repeated=True)
    attempt = _attempt_of(session, event)
    if attempt is None:
        return _quarantine(session, event_id, "unknown_reference")
    stored = session.get_one(InboundEvent, event_id)
    stored.attempt_id = attempt.id
    is_reply = event.kind is EventKind.reply
    if not is_reply and event.state is None and event.outcome is None:
        return _quarantine(session, event_id, "unknown_code")
    # What comes back shows that the contact was made, also when the provider's own answer never arrived. An
    # agent's step ends with what the agent reports.
    by_machine = attempt.channel is not Channel.agent_call
    ended = by_machine and end_contacted_step(session, attempt, now=now)
    if is_reply:
        listen(session, event, attempt, now=now)
    else:
        report(session, event, attempt, now=now)
    if ended:
        plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
    stored.state = InboundState.applied
    session.flush()
    return TakenIn(event_id, InboundState.applied)


def _store(session: Session, event: ContactEvent, now: datetime) -> UUID | None:
    event_id = session.scalar(
        insert(InboundEvent)
        .values(
            id=new_id(),
            source=event.source,
            external_id=event.external_id,
            kind=event.kind.value,
            state=InboundState.stored,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
        .returning(InboundEvent.id)
    )
    if event_id is not None:
        days = default_policy("").retention_days[DataClass.inbound_body]
        session.add(
            InboundBody(
                event_id=event_id, body=event.raw.replace("\0", ""), expires_at=now + timedelta(days=days)
            )
        )
        session.flush()
    return event_id


def _quarantine(session: Session, event_id: UUID, problem: str) -> TakenIn:
    stored = session.get_one(InboundEvent, event_id)
    stored.state = InboundState.quarantined
    stored.problem = problem
    session.flush()
    return TakenIn(event_id, InboundState.quarantined)


def _attempt_of(session: Session, event: ContactEvent) -> Attempt | None:
    """The attempt the event is about, locked, its buyer's lock taken first."""
    named = [Attempt.reference == event.reference] if event.reference else []
    if event.provider_id:
        named.append((Attempt.provider == event.source) & (Attempt.provider_id == event.provider_id))
    if not named:
        return None
    found = session.execute(select(Attempt.id, Attempt.buyer_id).where(or_(*named))).first()
    if found is None:
        return None
    lock_buyer(session, found.buyer_id)
    return session.scalars(
        select(Attempt)
        .where(Attempt.id == found.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
