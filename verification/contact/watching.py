"""The night watch: whatever was left hanging ends in a next step or a decision. Nothing waits for ever."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, Select, exists, or_, select
from sqlalchemy.orm import Session
from structlog import get_logger

from channels.protocol import Channels
from models.attempts import Attempt
from models.orders import Order
from models.sellers import Store
from models.steps import Step, StepOrder
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, DecisionReason, Outcome, StepState
from verification.contact.contacting import Clock, conclude_unrung, finish_step
from verification.contact.overdue import overdue
from verification.contact.putting_off import put_off_calls
from verification.contact.resolving import resolve_doubts
from verification.decision.ruling import given_up
from verification.decision.taking import decide
from verification.planning.scheduling import lock_buyer, plan_case
from verification.policy.values import Policy
from verification.promises import break_overdue
from verification.steps.ending import live_steps
from verification.steps.transitions import advance, conclude, end_step, release

log = get_logger()

_BATCH = 200
# A deadline is met in the minute before it, because the minute after it is too late.
_AHEAD = timedelta(minutes=1)


def watch(engine: Engine, channels: Channels, clock: Clock) -> dict[str, int]:
    """Every round of the watch once; returns how much each found."""
    rounds: dict[str, Callable[[], int]] = {
        "leases_returned": lambda: return_leases(engine, clock()),
        "doubts_resolved": lambda: resolve_doubts(engine, channels, clock),
        "calls_closed": lambda: close_calls(engine, clock()),
        "silences_closed": lambda: close_silences(engine, clock()),
        "waits_ended": lambda: end_waits(engine, clock()),
        "reviews_expired": lambda: expire_reviews(engine, clock()),
        "calls_put_off": lambda: put_off_calls(engine, clock()),
        "deadlines_met": lambda: meet_deadlines(engine, clock()),
        "promises_broken": lambda: break_overdue(engine, clock()),
    }
    found = {name: run() for name, run in rounds.items()}
    if any(found.values()):
        log.info("watch.found", **found)
    return found


def _each(engine: Engine, ids: Sequence[UUID], work: Callable[[Session, UUID], bool]) -> int:
    """Each in a transaction of its own, so that one that cannot be mended holds up no other."""
    done = 0
    for one in ids:
        try:
            with unit_of_work(engine) as session:
                done += work(session, one)
        except Exception:
            log.exception("watch.broke", id=str(one))
    return done


def _ids(engine: Engine, query: Select[UUID]) -> Sequence[UUID]:
    with unit_of_work(engine) as session:
        return session.scalars(query).all()


def return_leases(engine: Engine, now: datetime) -> int:
    """Steps claimed and not acted on go back to the queue when the lease has run out."""
    acted_on = exists().where(Attempt.step_id == Step.id)
    over = (
        select(Step)
        .where(Step.state == StepState.claimed, Step.lease_expires_at < now, ~acted_on)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work(engine) as session:
        steps = session.scalars(over).all()
        # Asked again behind the locks: a holder may have begun the contact between the look and the lock.
        begun = set(
            session.scalars(select(Attempt.step_id).where(Attempt.step_id.in_([step.id for step in steps])))
        )
        return sum(release(session, step.id, step.lease_token) for step in steps if step.id not in begun)


def close_calls(engine: Engine, now: datetime) -> int:
    """Calls whose result never came are closed as not answered."""
    machine = select(Attempt.id).where(
        Attempt.outcome.is_(None),
        Attempt.channel == Channel.ivr,
        Attempt.state.not_in((AttemptState.sending, AttemptState.uncertain)),
        Attempt.answer_until < now,
    )
    by_agent = (
        select(Attempt.id)
        .join(Step, Step.id == Attempt.step_id)
        .where(
            Attempt.outcome.is_(None),
            Attempt.channel == Channel.agent_call,
            or_(Step.state != StepState.claimed, Step.lease_expires_at < now),
            Attempt.answer_until < now,
        )
    )

    def close(session: Session, attempt_id: UUID) -> bool:
        return _close(session, attempt_id, Outcome.no_answer, now)

    return _each(engine, [*_ids(engine, machine.limit(_BATCH)), *_ids(engine, by_agent.limit(_BATCH))], close)


def close_silences(engine: Engine, now: datetime) -> int:
    """Messages that nobody answered in the time that answers take are closed as silence."""
    silent = (
        select(Attempt.id)
        .where(
            Attempt.outcome.is_(None),
            Attempt.channel.in_((Channel.whatsapp, Channel.sms)),
            Attempt.state.not_in((AttemptState.sending, AttemptState.uncertain)),
            Attempt.answer_until <= now,
        )
        .limit(_BATCH)
    )

    def close(session: Session, attempt_id: UUID) -> bool:
        attempt = session.get_one(Attempt, attempt_id)
        read = attempt.state is AttemptState.reached
        return _close(session, attempt_id, Outcome.read_silent if read else Outcome.delivered_unread, now)

    return _each(engine, _ids(engine, silent), close)


def _close(session: Session, attempt_id: UUID, outcome: Outcome, now: datetime) -> bool:
    attempt = session.get_one(Attempt, attempt_id)
    lock_buyer(session, attempt.buyer_id)
    session.refresh(attempt, with_for_update=True)
    if attempt.outcome is not None:
        return False
    if attempt.state is AttemptState.failed:
        conclude_unrung(attempt, now)
    else:
        advance(attempt, AttemptState.closed, now)
        conclude(attempt, outcome, now)
    finish_step(session, attempt, now=now)
    return True


def end_waits(engine: Engine, now: datetime) -> int:
    """Steps that only waited for the buyer's own answer end, and the case is planned again."""
    over = select(Step.id).where(Step.channel == Channel.page, Step.state == StepState.ready)

    def end(session: Session, step_id: UUID) -> bool:
        step = session.get_one(Step, step_id)
        lock_buyer(session, step.buyer_id)
        session.refresh(step, with_for_update=True)
        if step.state is not StepState.ready:
            return False
        end_step(session, step, StepState.done, now=now, reason="waited")
        plan_case(session, step.buyer_id, step.store_id, now=now)
        return True

    return _each(engine, _ids(engine, over.limit(_BATCH)), end)


def expire_reviews(engine: Engine, now: datetime) -> int:
    """Reviews of decided orders that no agent came to end; the decision stands.

    They count from when they were asked for, however often the hours put them off.
    """
    undecided = exists().where(
        StepOrder.step_id == Step.id, Order.id == StepOrder.order_id, Order.decision_id.is_(None)
    )
    old = (
        select(Step.id, Step.created_at, Store.id, Store.seller_id, Step.country)
        .join(Store, Store.id == Step.store_id)
        .where(Step.state.in_((StepState.scheduled, StepState.ready)), Step.created_at < now, ~undecided)
        .order_by(Step.created_at)
        .limit(_BATCH)
    )

    def wait(policy: Policy) -> timedelta:
        return timedelta(hours=policy.review_hours)

    def expire(session: Session, step_id: UUID) -> bool:
        step = session.get_one(Step, step_id)
        lock_buyer(session, step.buyer_id)
        session.refresh(step, with_for_update=True)
        if step.state not in (StepState.scheduled, StepState.ready):
            return False
        end_step(session, step, StepState.expired, now=now, reason="review_not_made")
        return True

    return _each(engine, [step_id for step_id, _ in overdue(engine, old, wait, now)], expire)


def meet_deadlines(engine: Engine, now: datetime) -> int:
    """Orders past their deadline are given up, unless a contact is in hand under a lease that still runs."""
    late = (
        select(Order.id)
        .where(Order.decision_id.is_(None), Order.decide_by <= now + _AHEAD)
        .order_by(Order.decide_by)
        .limit(_BATCH)
    )

    def give_up(session: Session, order_id: UUID) -> bool:
        order = session.get_one(Order, order_id)
        lock_buyer(session, order.buyer_id)
        session.refresh(order)
        steps = live_steps(session, [order.id])
        in_hand = any(step.lease_expires_at is not None and step.lease_expires_at > now for step in steps)
        if order.decision_id is not None or in_hand:
            return False
        decide(session, order, given_up(DecisionReason.no_response), now=now, actor="system")
        return True

    return _each(engine, _ids(engine, late), give_up)
