"""Contacts that have come due and may not be made now go back to the future, and the diary says why."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, exists, select
from sqlalchemy.orm import Session
from structlog import get_logger

from models.orders import Order
from models.reasons import Reason
from models.sellers import Store
from models.steps import Step, StepOrder
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, Chooser, ContactKind, MessageClass, StepState
from verification import diary
from verification.hours.deciding import Decided, decide
from verification.hours.places import where_of
from verification.planning.facts import NOT_TAKEN
from verification.planning.plan import ASKED
from verification.planning.scheduling import lock_buyers, plan_cases
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_book
from verification.steps.covering import covered, decide_by
from verification.steps.transitions import end_step, put_off
from verification.telling.plan import without_habits

log = get_logger()

NEVER = timedelta(days=1)
"""When to ask again where no permitted time is in sight."""

_BATCH, _AT_ONCE = 200, 25
_PAUSE = timedelta(hours=4)  # the longest between two stretches of one day is shorter
_LONG_ENOUGH = timedelta(minutes=15)  # a call that came due later was nobody's to take
_IS_WAITING = (Step.state == StepState.ready, Step.channel == Channel.agent_call)


def held_back(reason: dict[str, Any], rules: Sequence[str]) -> Reason:
    """The reason of a step with the rules that hold it back now."""
    return Reason(reason["code"], {**reason.get("params", {}), "held_by": list(rules)})


def note_put_off(
    session: Session, step_id: UUID, channel: Channel, not_before: datetime, reason: Reason, now: datetime
) -> None:
    """A line in the diary of each order of the step."""
    params = {
        "channel": channel.value,
        "not_before": not_before.isoformat(),
        "reason": without_habits(reason.as_json()),
    }
    for order_id in covered(session, step_id):
        diary.write(
            session,
            at=now,
            kind="plan",
            actor="system",
            code="contact_planned",
            params=params,
            order_id=order_id,
        )


def in_time(session: Session, step_id: UUID, not_before: datetime, now: datetime) -> datetime:
    """The instant, or the deadline of the step's orders where that comes first: then they are decided."""
    until = decide_by(session, step_id)
    return min(not_before, until) if until and now < until else not_before


def put_off_calls(engine: Engine, now: datetime) -> int:
    """Agents' calls that wait in the queue while their hours are over or a stop came; returns how many.

    Machines' contacts are judged within a second by their claim; a call may wait for an agent for hours, and
    what queue, board and API say of it must be what the claim would. A pause is waited out. When the hours
    are over, calls chosen by what was learned are planned anew, with the knowledge that no agent took them;
    others wait for the next hours.
    """
    done, again = 0, list[_Untaken]()
    with unit_of_work(engine) as session:
        for where, decided in list(_barred(session, now)):
            if decided.at is None or decided.at - now > _PAUSE:
                again += [_Untaken(*row) for row in session.execute(_UNTAKEN.where(*where))]
                where = (*where, ~_LEARNED)
            done += _wait(session, where, decided, now)
    for first in range(0, len(again), _AT_ONCE):
        few = again[first : first + _AT_ONCE]
        try:
            with unit_of_work(engine) as session:
                done += _plan_anew(session, few, now)
        except Exception:
            log.exception("calls.not_planned_anew", steps=len(few))
    return done


class _Untaken(NamedTuple):
    """A call that nobody took."""

    step_id: UUID
    buyer_id: UUID
    store_id: UUID


_Where = Sequence[ColumnElement[bool]]
_LEARNED = (Step.priority > ASKED) & exists().where(
    StepOrder.step_id == Step.id,
    Order.id == StepOrder.order_id,
    Order.decision_id.is_(None),
    Order.plan["chooser"].as_string() == Chooser.learned.value,
)
_UNTAKEN = select(Step.id, Step.buyer_id, Step.store_id).where(_LEARNED).order_by(Step.id).limit(_BATCH)


def _barred(session: Session, now: datetime) -> Iterator[tuple[_Where, Decided]]:
    """Where calls wait that may not be made now, and when they may."""
    waiting = (
        select(Step.store_id, Store.seller_id, Step.country, Step.place)
        .join(Store, Store.id == Step.store_id)
        .where(*_IS_WAITING)
        .distinct()
    )
    book, calendar = policy_book(session), calendar_of(session)
    for store_id, seller_id, country, place in session.execute(waiting).all():
        policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
        where = where_of(country, place)
        # Soft pauses are left to the claim, which knows the deadline.
        decided = decide(ContactKind.call, MessageClass.service, where, policy, calendar, now, until=now)
        if decided.at != now:
            there = (
                Step.store_id == store_id,
                Step.country == country,
                Step.place.is_not_distinct_from(place),
            )
            yield (*_IS_WAITING, *there), decided


def _wait(session: Session, where: _Where, decided: Decided, now: datetime) -> int:
    """Send these calls back to the future."""
    waiting = select(Step).where(*where).limit(_BATCH).with_for_update(skip_locked=True)
    steps = session.scalars(waiting).all()
    for step in steps:
        not_before = in_time(session, step.id, decided.at or now + NEVER, now)
        reason = held_back(step.reason, decided.reasons)
        put_off(session, step, not_before=not_before, reason=reason)
        note_put_off(session, step.id, step.channel, not_before, reason, now)
    return len(steps)


def _plan_anew(session: Session, calls: Sequence[_Untaken], now: datetime) -> int:
    """End these calls, unless somebody has taken them meanwhile, and plan their cases."""
    lock_buyers(session, {call.buyer_id for call in calls})
    asked = select(Step).where(Step.id.in_([call.step_id for call in calls]), *_IS_WAITING).order_by(Step.id)
    steps = session.scalars(asked.with_for_update()).all()
    for step in steps:
        if now - max(step.not_before, step.created_at) < _LONG_ENOUGH:
            end_step(session, step, StepState.cancelled, now=now, reason="planned_anew")
        else:
            end_step(session, step, StepState.expired, now=now, reason=NOT_TAKEN)
    plan_cases(session, {(step.buyer_id, step.store_id) for step in steps}, now=now)
    return len(steps)
