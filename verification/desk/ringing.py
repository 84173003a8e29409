"""Calling the buyer of a case through a provider: the agent's phone rings, then the buyer is connected.

Each ring is written down and committed, then asked for, then its answer written down: no transaction is open
while the provider is asked. The step ends with what the agent records, and with nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog import get_logger

from channels.protocol import Contact, ContactChannel, From, LegReport, Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.buyers import ContactPoint
from models.calls import CallLeg
from models.sellers import Store
from models.steps import Step
from models.vocabulary import AgentState, AttemptState, CallParty, Channel, LegState
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.alarms import raise_alarm
from verification.contact.beginning import Begun, contact_of
from verification.contact.contacting import Answer
from verification.desk import shifts
from verification.desk.call_stage import DOUBT_LASTS, CallStage
from verification.desk.calling import check_callable, make
from verification.desk.held import LEASE, claim_of, hold_case
from verification.desk.legs import call_of
from verification.desk.refusals import DeskRefusal, Why
from verification.desk.simulating import SIMULATED, end_simulated
from verification.heeding import heed
from verification.outcome.legs import write_leg
from verification.outcome.taking_in import lock_attempt
from verification.planning.facts import known_of
from verification.routing.outages import may_contact, outages
from verification.routing.route import RoutedSender
from verification.routing.stored import note_results
from verification.routing.taking import take_sender
from verification.steps.covering import covered
from verification.steps.transitions import advance, begin_again

log = get_logger()

_KNOWN_SINCE = timedelta(hours=2)
# What the operator has to mend; the rest of the refusals is about the agent's phone, or about this moment.
_FOR_OPERATORS = (Meaning.filtered, Meaning.sender_refused, Meaning.our_fault, Meaning.no_road)


@dataclass(frozen=True)
class Doubt:
    """A ring whose answer was lost; `known` are the provider's ids of the calls that are not it."""

    attempt_id: UUID
    contact: Contact
    known: frozenset[str]


def begin_ring(
    session: Session, agent: SignedIn, step_id: UUID, token: int, channel: ContactChannel, *, now: datetime
) -> Begun | None:
    """Write down that the agent's phone is about to ring; None when the call has begun before.

    Commit before it is asked for. Raises `DeskRefusal`, nothing written: as for a call from an own phone, or
    because the agent has no phone, no sender of ours is there or free, or the provider is out.
    """
    held = hold_case(session, agent, step_id, token)
    if held.attempt is not None:
        return None
    check_callable(session, held, now)
    claimed = claim_of(held, agent, now)
    if channel.needs_sender:
        claimed = replace(claimed, sender=_line(session, held.step, agent, channel.provider, now))
    begun = make(session, claimed, now, provider=channel.provider)
    shifts.enter(session, agent.id, AgentState.call, now=now, step_id=step_id)
    return replace(begun, contact=replace(begun.contact, agent_phone=agent.phone))


def ring_again(
    session: Session,
    agent: SignedIn,
    step_id: UUID,
    token: int,
    channel: ContactChannel,
    *,
    now: datetime,
    looked_up: bool = False,
) -> Begun | Doubt | None:
    """Write down that the agent's phone is to ring once more; None where it may not, as the case shows.

    While it is not known whether it rings already, that has to be `looked_up` first. Raises as `begin_ring`.
    """
    held = hold_case(session, agent, step_id, token)
    attempt = held.attempt
    shown = call_of(session, attempt, now)
    if attempt is None or shown is None:
        raise DeskRefusal(Why.not_called)
    if not shown.may_ring:
        return None
    contact = replace(contact_of(session, attempt), agent_phone=agent.phone)
    if shown.stage is CallStage.in_doubt and not looked_up:
        return Doubt(attempt.id, replace(contact, at=attempt.state_at), _known(session, now))
    if now >= contact.valid_until:
        raise DeskRefusal(Why.not_permitted_now, rules=("outside_hours",))
    point_id = held.step.contact_point_id
    if Channel.agent_call in known_of(session, [point_id] if point_id else [], now)[point_id].opted_out:
        raise DeskRefusal(Why.not_permitted_now, rules=("opted_out",))
    sender = contact.sender
    if channel.needs_sender:
        line = _line(session, held.step, agent, channel.provider, now)
        attempt.sender_id, attempt.sender = line.id, line.address
        sender = From(line.address, line.trunk)
    held.step.lease_expires_at = now + LEASE
    begin_again(attempt, agent.holder, now)
    session.flush()
    return Begun(attempt.id, replace(contact, at=now, sender=sender))


def look_up(channel: ContactChannel, doubt: Doubt) -> Sent | Uncertain | None:
    """Ask the provider whether it took the ring; None when it did not."""
    try:
        return channel.find(doubt.contact, known=doubt.known)
    except Uncertain as still:
        return still
    except Exception as surprise:
        log.exception("ring.lookup_broke", attempt_id=str(doubt.attempt_id))
        return Uncertain(type(surprise).__name__)


def check_doubt_over(doubt: Doubt, now: datetime) -> None:
    """Raise `DeskRefusal` while a ring that cannot be looked up may still begin."""
    over_at = doubt.contact.at + DOUBT_LASTS
    if now < over_at:
        raise DeskRefusal(Why.in_doubt, at=over_at)


def settle_ring(session: Session, begun: Begun, answer: Answer, *, now: datetime) -> None:
    """Store what the provider answered; what has been heard of the phones meanwhile is not overwritten."""
    buyer_id = session.scalars(select(Attempt.buyer_id).where(Attempt.id == begun.attempt_id)).one()
    attempt, asked_at = lock_attempt(session, begun.attempt_id, buyer_id), begun.contact.at
    if not isinstance(answer, Sent) and (heard := _agents_leg(session, attempt, since=asked_at)):
        # Its phone has told already that it rings.
        answer = Sent(heard.provider_id, cost_is_final=False)
    if isinstance(answer, Sent):
        report = LegReport(attempt.provider, answer.provider_id, CallParty.agent, LegState.queued, asked_at)
        write_leg(session, report, attempt)
        attempt.provider_id = answer.provider_id
        advance(attempt, AttemptState.sent, now)
    elif attempt.state_at == asked_at and attempt.state in (AttemptState.sending, AttemptState.uncertain):
        if isinstance(answer, Uncertain):
            attempt.error_code = answer.code
            advance(attempt, AttemptState.uncertain, asked_at)
        else:
            _refuse(session, attempt, answer, now)
    session.flush()
    note_results(session, [(attempt, answer)], now=now, luck=random)


def _refuse(session: Session, attempt: Attempt, refusal: Refused, now: datetime) -> None:
    """The agent's phone was not rung: the attempt has failed so far, and the case stays in hand."""
    advance(attempt, AttemptState.failed, now)
    if refusal.meaning in _FOR_OPERATORS:
        heed(session, attempt, refusal, now=now)
    else:
        attempt.error_code, attempt.meaning = refusal.code, refusal.meaning.value
    earlier = _agents_leg(session, attempt)
    if earlier is None:
        attempt.cost_final_at = now
    else:
        attempt.provider_id = earlier.provider_id
    params = {
        "channel": attempt.channel.value,
        "meaning": refusal.meaning.value,
        "attempt_id": str(attempt.id),
    }
    for order_id in covered(session, attempt.step_id):
        diary.write(
            session,
            at=now,
            kind="contact",
            actor="system",
            code="contact_refused",
            params=params,
            order_id=order_id,
        )


def note_no_line(session: Session, step_id: UUID, now: datetime) -> None:
    """Tell the operator that agents cannot call this country's buyers for want of a sender."""
    country = session.get_one(Step, step_id).country
    params = {"channel": Channel.agent_call.value, "country": country, "code": "no_sender"}
    raise_alarm(session, "no_sender", f"{Channel.agent_call.value}:{country}", params, now=now)


def call_to_end(session: Session, agent: SignedIn, step_id: UUID, token: int) -> str | None:
    """The provider's id of the call that connects this case, to be hung up; None when none runs."""
    held = hold_case(session, agent, step_id, token)
    leg = _agents_leg(session, held.attempt) if held.attempt else None
    return leg.provider_id if leg is not None and leg.ended_at is None else None


def note_over(session: Session, step_id: UUID, *, now: datetime) -> None:
    """The provider knows of no call any more: whatever still seemed to ring does not."""
    for attempt, leg in _live_legs(session, step_id):
        if attempt.provider == SIMULATED:
            end_simulated(session, attempt, now=now)
            continue
        end = LegState.completed if leg.answered_at else LegState.canceled
        write_leg(session, LegReport(leg.provider, leg.provider_id, leg.party, end, now), attempt)


def _live_legs(session: Session, step_id: UUID) -> Sequence[tuple[Attempt, CallLeg]]:
    live = (
        select(Attempt, CallLeg)
        .join(CallLeg, CallLeg.attempt_id == Attempt.id)
        .where(Attempt.step_id == step_id, CallLeg.ended_at.is_(None))
        .order_by(CallLeg.id)
    )
    return [(attempt, leg) for attempt, leg in session.execute(live)]


def _line(session: Session, step: Step, agent: SignedIn, provider: str, now: datetime) -> RoutedSender:
    """The number of ours that both see, one call of its rate taken."""
    if agent.phone is None:
        raise DeskRefusal(Why.no_own_phone)
    leave = may_contact(session, provider, now)
    if leave is None:
        again = next((each.retry_at for each in outages(session) if each.provider == provider), None)
        raise DeskRefusal(Why.provider_out, at=again)
    # The phone before the senders, as those who settle contacts lock them.
    point = select(ContactPoint.id).where(ContactPoint.id == step.contact_point_id)
    session.execute(point.with_for_update(key_share=True))
    routed = take_sender(
        session,
        Channel.agent_call,
        seller_id=session.get_one(Store, step.store_id).seller_id,
        country=step.country,
        contact_point_id=step.contact_point_id,
        step_id=step.id,
        now=now,
    )
    if routed.sender is None:
        raise DeskRefusal(Why.lines_busy if routed.until else Why.no_line)
    leave.used(session, now)
    return routed.sender.routed


def _agents_leg(session: Session, attempt: Attempt, *, since: datetime | None = None) -> CallLeg | None:
    """The latest ring of the agent's phone that was heard of."""
    legs = select(CallLeg).where(CallLeg.attempt_id == attempt.id, CallLeg.party == CallParty.agent)
    if since is not None:
        legs = legs.where(CallLeg.first_at >= since - timedelta(seconds=2))
    return session.scalars(legs.order_by(CallLeg.first_at.desc(), CallLeg.id.desc()).limit(1)).one_or_none()


def _known(session: Session, now: datetime) -> frozenset[str]:
    agents = select(CallLeg.provider_id).where(
        CallLeg.party == CallParty.agent, CallLeg.first_at > now - _KNOWN_SINCE
    )
    return frozenset(session.scalars(agents))
