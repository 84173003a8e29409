"""The one entrance for what comes back from providers and buyers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from channels.protocol import ContactEvent, EventKind, LegReport
from models.attempts import Attempt
from models.inbound import InboundEvent
from models.messages import Message
from models.vocabulary import AttemptState, Channel, InboundState
from verification.outcome.legs import write_leg
from verification.outcome.listening import listen
from verification.outcome.reporting import report
from verification.outcome.storing import quarantine, store_once
from verification.outcome.voiding import void_failure
from verification.planning.scheduling import lock_buyer, plan_case
from verification.steps.ending import end_contacted_step
from verification.steps.transitions import outranks


@dataclass(frozen=True)
class TakenIn:
    """What became of an event: `repeated` when it had come before and nothing was done."""

    event_id: UUID | None
    state: InboundState
    repeated: bool = False


def take_in(session: Session, event: ContactEvent, *, now: datetime, leg: LegReport | None = None) -> TakenIn:
    """Store an event once under its sender's own id, then apply it; what fits nothing is quarantined.

    `leg` is what the event says of one phone of a call. Any order of arrival, and any number of repeats, ends
    the same.
    """
    stored = store_once(
        session, event.source, event.external_id, kind=event.kind.value, raw=event.raw, now=now
    )
    if stored is None:
        return TakenIn(None, InboundState.applied, repeated=True)
    attempt = attempt_of(session, event)
    if attempt is None:
        return _quarantine(session, stored, "unknown_reference")
    stored.attempt_id = attempt.id
    is_reply = event.kind is EventKind.reply
    if not is_reply and event.state is None and event.outcome is None:
        return _quarantine(session, stored, "unknown_status")
    if leg is not None:
        write_leg(session, leg, attempt)
    if is_reply or attempt.channel is not Channel.agent_call:
        apply_event(session, event, attempt, now=now)
    stored.state = InboundState.applied
    session.flush()
    return TakenIn(stored.id, InboundState.applied)


def apply_event(
    session: Session,
    event: ContactEvent,
    attempt: Attempt,
    *,
    now: datetime,
    said: Message | None = None,
    pin: str | None = None,
) -> None:
    """Do what an event about an attempt asks for; the caller holds the attempt. See `listen` for the rest."""
    # What comes back shows that the contact was made, also when the provider's own answer never arrived. An
    # agent's step ends with what the agent reports.
    by_machine = attempt.channel is not Channel.agent_call
    ended = by_machine and end_contacted_step(session, attempt, now=now)
    is_reply = event.kind is EventKind.reply
    if attempt.state is AttemptState.failed and (is_reply or outranks(event.state, attempt.state)):
        void_failure(session, attempt)
    if is_reply:
        listen(session, event, attempt, now=now, said=said, pin=pin)
    else:
        report(session, event, attempt, now=now)
    if ended:
        plan_case(session, attempt.buyer_id, attempt.store_id, now=now)


def _quarantine(session: Session, stored: InboundEvent, problem: str) -> TakenIn:
    quarantine(session, stored, problem)
    return TakenIn(stored.id, InboundState.quarantined)


def attempt_of(session: Session, event: ContactEvent) -> Attempt | None:
    """The attempt the event is about, locked, its buyer's lock taken first.

    Our own reference goes before the provider's id: we gave it away with the very contact it names.
    """
    named: list[ColumnElement[bool]] = []
    if event.reference:
        named.append(Attempt.reference == event.reference)
    if event.provider_id:
        named.append((Attempt.provider == event.source) & (Attempt.provider_id == event.provider_id))
    for name in named:
        found = session.execute(select(Attempt.id, Attempt.buyer_id).where(name)).first()
        if found is not None:
            return lock_attempt(session, found.id, found.buyer_id)
    return None


def lock_attempt(session: Session, attempt_id: UUID, buyer_id: UUID) -> Attempt:
    """The attempt as it stands, locked behind its buyer's lock."""
    lock_buyer(session, buyer_id)
    return session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
