"""Making claimed contacts through their provider: written down, made, and the answers written down."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import random
from uuid import UUID

from sqlalchemy import Engine, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from structlog import get_logger

from channels.protocol import ContactChannel, Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Outcome, StepState
from verification import diary
from verification.contact.beginning import Begun, PageAt, Road, begin_all
from verification.contact.claiming import Claim
from verification.heeding import as_meant, heed
from verification.planning.scheduling import lock_buyer, lock_buyers, plan_case, plan_cases
from verification.routing.stored import note_results
from verification.steps.covering import orders_of
from verification.steps.ending import end_contacted_step, end_contacted_steps
from verification.steps.transitions import Stale, advance, conclude, end_step, hold

log = get_logger()
Clock = Callable[[], datetime]
Answer = Sent | Refused | Uncertain

# Long before the night watch would look it up and find nothing.
_SEND_WITHIN = timedelta(seconds=30)

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_BUYERS = select(Attempt.buyer_id).where(Attempt.id == any_(_IDS))
_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.id == any_(_IDS))
    .order_by(Attempt.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def contact(
    engine: Engine,
    claim: Claim,
    channel: ContactChannel,
    clock: Clock,
    page_at: PageAt | None = None,
) -> None:
    """Make one claimed contact. No transaction is open while the provider is called.

    `page_at` gives the address of the buyer's page for a token; without it messages carry no link.
    A crash before the first commit leaves a lease that runs out; one after it leaves an attempt in
    `sending`, which the night watch looks up at the provider. Neither sends twice.
    """
    if not claim.permitted:
        drop_silenced(engine, claim, clock())
        return
    roads = {claim.channel: Road(channel.provider, channel.needs_sender)}
    with unit_of_work(engine) as session:
        begun = begin_all(session, [claim], roads, now=clock(), page_at=page_at)
    if claim.step_id not in begun:
        log.info("contact.stale", step_id=str(claim.step_id))
        return
    made = begun[claim.step_id]
    answer = send(channel, made, clock())
    with unit_of_work(engine) as session:
        settle(session, made.attempt_id, answer, now=clock())
    result = type(answer).__name__
    log.info("contact.made", attempt_id=str(made.attempt_id), channel=claim.channel.value, result=result)


def send(channel: ContactChannel, begun: Begun, now: datetime) -> Answer:
    """Call the provider, unless no road leads there or its time is over; never raises."""
    if begun.refusal is not None:
        return begun.refusal
    if now >= begun.contact.valid_until or now - begun.contact.at > _SEND_WITHIN:
        return Refused("not_in_time", Meaning.retry_later)
    try:
        return channel.send(begun.contact)
    except (Refused, Uncertain) as trouble:
        return trouble
    except Exception as surprise:
        # Whatever broke may have broken after the buyer's phone rang, so it is doubt, not failure.
        log.exception("contact.broke", attempt_id=str(begun.attempt_id))
        return Uncertain(type(surprise).__name__)


def drop_silenced(engine: Engine, claim: Claim, now: datetime) -> None:
    """End a step whose buyer asked for silence there, in a transaction of its own."""
    with unit_of_work(engine) as session:
        end_silenced(session, claim, now)


def end_silenced(session: Session, claim: Claim, now: datetime) -> None:
    """End a step whose buyer asked for silence there, and plan what else there is."""
    lock_buyer(session, claim.buyer_id)
    try:
        step = hold(session, claim.step_id, claim.token)
    except Stale:
        return
    end_step(session, step, StepState.cancelled, now=now, reason="opted_out")
    plan_case(session, step.buyer_id, step.store_id, now=now)


def settle(session: Session, attempt_id: UUID, answer: Answer, *, now: datetime) -> None:
    """Store the provider's answer; callbacks that came before it are not overwritten."""
    settle_all(session, {attempt_id: answer}, now=now)


def settle_all(session: Session, answers: Mapping[UUID, Answer], *, now: datetime) -> None:
    """The same for several contacts at once, by attempt."""
    ids = {"ids": list(answers)}
    lock_buyers(session, session.scalars(_BUYERS, ids).all())
    attempts = session.scalars(_ATTEMPTS, ids).all()
    known = [each for each in attempts if _settle(session, each, answers[each.id], now)]
    end_contacted_steps(session, known, now=now)
    plan_cases(session, {(each.buyer_id, each.store_id) for each in known}, now=now)
    # Last and together, because senders are what many settle at once.
    note_results(session, [(each, answers[each.id]) for each in attempts], now=now, luck=random)


def _settle(session: Session, attempt: Attempt, answer: Answer, now: datetime) -> bool:
    """Write the answer on the attempt; False while it is in doubt, and its step with it."""
    if isinstance(answer, Uncertain) and _in_doubt(attempt):
        # The step stays claimed: nothing else may happen to this buyer until the doubt is resolved.
        attempt.error_code = answer.code
        advance(attempt, AttemptState.uncertain, now)
        return False
    if isinstance(answer, Sent):
        attempt.provider_id = answer.provider_id
        attempt.cost = answer.cost
        attempt.cost_final_at = now if answer.cost_is_final else None
        attempt.sender = answer.sender or attempt.sender
        advance(attempt, answer.state, now)
    elif isinstance(answer, Refused) and _in_doubt(attempt):
        _refuse(session, attempt, answer, now)
    return True


def _in_doubt(attempt: Attempt) -> bool:
    """Whether nothing is known yet of the contact: what has come back from it outweighs any other word."""
    return attempt.outcome is None and attempt.state in (AttemptState.sending, AttemptState.uncertain)


def _refuse(session: Session, attempt: Attempt, refusal: Refused, now: datetime) -> None:
    advance(attempt, AttemptState.failed, now)
    conclude(attempt, Outcome.failed, now)
    attempt.cost_final_at = now
    refusal = as_meant(attempt, refusal)
    heed(session, attempt, refusal, now=now)
    for order in orders_of(session, attempt.step_id):
        order.last_outcome = attempt.outcome
        diary.write(
            session,
            at=now,
            kind="contact",
            actor="system",
            code="contact_refused",
            params={
                "channel": attempt.channel.value,
                "meaning": refusal.meaning.value,
                "attempt_id": str(attempt.id),
            },
            order_id=order.id,
        )


def conclude_unrung(attempt: Attempt, now: datetime) -> None:
    """An agent's own phone could not be rung: no contact was made, whatever the refusal meant."""
    attempt.meaning = Meaning.retry_later.value
    conclude(attempt, Outcome.failed, now)


def finish_step(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """End the attempt's step, if it is still live, and plan what comes after it in the same transaction."""
    end_contacted_step(session, attempt, now=now)
    plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
