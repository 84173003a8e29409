"""How a contact travelled: reports of providers, applied in any order with the same end."""

from datetime import datetime
from random import random

from sqlalchemy.orm import Session

from channels.protocol import ContactEvent, Meaning, Refused
from models.attempts import Attempt
from models.buyers import BuyerSign
from models.vocabulary import AttemptState, Outcome, SignOfLife, Via
from verification.decision.ruling import Heard
from verification.heeding import as_meant, heed
from verification.outcome.hearing import Hearing, apply
from verification.planning.scheduling import plan_case
from verification.reachability import note_reached, opt_out
from verification.routing.stored import note_result
from verification.steps.covering import orders_of
from verification.steps.transitions import advance, conclude

_ARRIVED = frozenset({AttemptState.delivered, AttemptState.reached})


def report(session: Session, event: ContactEvent, attempt: Attempt, *, now: datetime) -> None:
    """Apply a transport report; states only move up their rank, outcomes only up their weight."""
    if event.provider_id and attempt.provider_id is None:
        attempt.provider_id = event.provider_id
    had_failed = attempt.state is AttemptState.failed
    moved = event.state is not None and advance(attempt, event.state, event.at)
    if event.state is AttemptState.failed:
        if attempt.state is AttemptState.failed:
            _fail(session, event, attempt, now)
        elif event.meaning is Meaning.opted_out:
            # Where an arrival is known, a failure says nothing else, whichever was heard of first.
            opt_out(session, attempt, now)
            session.flush()
            plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
        return
    if had_failed and moved:
        # What the failure left to do again has been done.
        session.flush()
        plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
    if event.state in _ARRIVED:
        # Also where more is known by now: what was heard of first makes no difference.
        note_reached(session, attempt, now)
        if attempt.channel.is_message and event.state is AttemptState.reached:
            session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.message_read, seen_at=event.at))
    if event.outcome is not None:
        conclude_with(session, attempt, event.outcome, at=event.at, now=now)


def _fail(session: Session, event: ContactEvent, attempt: Attempt, now: datetime) -> None:
    meant, before = event.meaning or Meaning.undeliverable, attempt.meaning
    refusal = as_meant(attempt, Refused(event.code or meant.value, meant, alarm=event.alarm))
    heed(session, attempt, refusal, now=now)
    note_result(session, attempt, refusal, provider=attempt.provider, now=now, luck=random())
    outcome = Outcome.unreachable if refusal.meaning.was_made else Outcome.failed
    if not conclude_with(session, attempt, outcome, at=event.at, now=now) and attempt.meaning != before:
        session.flush()
        plan_case(session, attempt.buyer_id, attempt.store_id, now=now)


def conclude_with(
    session: Session, attempt: Attempt, outcome: Outcome, *, at: datetime, now: datetime
) -> bool:
    """Record what came of an attempt, and plan what follows when it brought no answer; False for no news.

    Undeliverable and unanswered are reasons to try otherwise, never verdicts on an order.
    """
    if not conclude(attempt, outcome, at):
        return False
    heard = Heard.undeliverable if outcome in (Outcome.unreachable, Outcome.failed) else Heard.silence
    via = Via(attempt.channel.value)
    theirs = [order for order in orders_of(session, attempt.step_id) if order.buyer_id == attempt.buyer_id]
    for order in theirs:
        order.last_outcome = outcome
        hearing = Hearing(heard, via, "system", {"attempt_id": str(attempt.id)})
        apply(session, order, hearing, attempt, now=now)
    session.flush()
    plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
    return True
