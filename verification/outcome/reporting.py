"""How a contact travelled: reports of providers, applied in any order with the same end."""

from datetime import datetime

from sqlalchemy.orm import Session

from channels.protocol import ContactEvent, Meaning
from models.attempts import Attempt
from models.buyers import BuyerSign
from models.vocabulary import AttemptState, Outcome, SignOfLife, Via
from verification.decision.ruling import Heard
from verification.outcome.hearing import Hearing, apply
from verification.planning.scheduling import plan_case
from verification.reachability import note_reached, note_unreachable, opt_out
from verification.steps.covering import orders_of
from verification.steps.transitions import advance, conclude

_ARRIVED = frozenset({AttemptState.delivered, AttemptState.reached})


def report(session: Session, event: ContactEvent, attempt: Attempt, *, now: datetime) -> None:
    """Apply a transport report; states only move up their rank, outcomes only up their weight."""
    if event.provider_id and attempt.provider_id is None:
        attempt.provider_id = event.provider_id
    moved = event.state is not None and advance(attempt, event.state, event.at)
    if event.state is AttemptState.failed:
        # Where an arrival is known, a failure says nothing, whichever was heard of first.
        if moved:
            _fail(session, event, attempt, now)
        return
    if moved and attempt.channel.is_message and event.state in _ARRIVED:
        note_reached(session, attempt, now)
        if event.state is AttemptState.reached:
            session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.message_read, seen_at=event.at))
    if event.outcome is not None:
        conclude_with(session, attempt, event.outcome, at=event.at, now=now)


def _fail(session: Session, event: ContactEvent, attempt: Attempt, now: datetime) -> None:
    attempt.error_code = event.code
    if event.meaning is Meaning.no_such_channel:
        note_unreachable(session, attempt, event.code or "undeliverable", now)
    elif event.meaning is Meaning.opted_out:
        opt_out(session, attempt, now)
    conclude_with(session, attempt, Outcome.unreachable, at=event.at, now=now)


def conclude_with(
    session: Session, attempt: Attempt, outcome: Outcome, *, at: datetime, now: datetime
) -> None:
    """Record what came of an attempt, and plan what follows when it brought no answer.

    Undeliverable and unanswered are reasons to try otherwise, never verdicts on an order.
    """
    if not conclude(attempt, outcome, at):
        return
    heard = Heard.undeliverable if outcome in (Outcome.unreachable, Outcome.failed) else Heard.silence
    via = Via(attempt.channel.value)
    theirs = [order for order in orders_of(session, attempt.step_id) if order.buyer_id == attempt.buyer_id]
    for order in theirs:
        order.last_outcome = outcome
        hearing = Hearing(heard, via, "system", {"attempt_id": str(attempt.id)})
        apply(session, order, hearing, attempt, now=now)
    session.flush()
    plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
