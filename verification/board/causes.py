"""Why an undecided order is not decided yet: exactly one cause for each, found in the database.

The one expression behind every number is the one behind the list that the number leads to.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, Text, and_, case, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import InstrumentedAttribute

from models.attempts import Attempt
from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Channel, Purpose, StepState
from verification.board.roads import has_free_sender, has_sender, is_out
from verification.hours.pauses import CODES as HOURS
from verification.outcome.hearing import SUPERVISOR
from verification.planning.plan import PROMISED

_CAPS = ("day_cap", "day_call_cap", "week_call_cap", "min_gap", "on_the_phone")
_MESSAGES = tuple(channel for channel in Channel if channel.is_message)


class Cause(StrEnum):
    """What an order waits for, in the order in which a page tells them."""

    overdue = "overdue"
    waiting_for_agent = "waiting_for_agent"
    with_agent = "with_agent"
    for_supervisor = "for_supervisor"
    no_number = "no_number"
    provider_out = "provider_out"
    no_sender = "no_sender"
    sender_busy = "sender_busy"
    being_contacted = "being_contacted"
    waiting_for_answer = "waiting_for_answer"
    promised_time = "promised_time"
    outside_hours = "outside_hours"
    capped = "capped"
    next_try_later = "next_try_later"
    stranded = "stranded"


class TimeLeft(StrEnum):
    """How much time an order has until its deadline, soonest first; `hour` is less than one, and so on."""

    overdue = "overdue"
    hour = "hour"
    four_hours = "four_hours"
    twelve_hours = "twelve_hours"
    day = "day"
    later = "later"


_UNTIL = {
    TimeLeft.overdue: timedelta(),
    TimeLeft.hour: timedelta(hours=1),
    TimeLeft.four_hours: timedelta(hours=4),
    TimeLeft.twelve_hours: timedelta(hours=12),
    TimeLeft.day: timedelta(hours=24),
}


def open_orders(
    now: datetime, among: Sequence[UUID] | None = None, *, provider: str | None = None
) -> Subquery:
    """Every undecided order once (or those of them `among` some), with its `cause` and its `time_left`, and
    the contact planned for it: `channel`, `not_before`, `reason`, `chance`, all None for a stranded one.

    `provider` is the one that machines reach buyers through, from senders of ours; None for simulated ones,
    which need neither.
    """
    asked = _open_questions(now, among)
    return (
        select(
            Order.id,
            Order.country,
            Order.created_at,
            Order.decide_by,
            Step.channel,
            Step.not_before,
            Step.reason,
            Step.chance,
            _cause(asked, now, provider).label("cause"),
            _time_left(now).label("time_left"),
        )
        .select_from(Order)
        .outerjoin(
            StepOrder,
            and_(StepOrder.order_id == Order.id, StepOrder.live, StepOrder.purpose == Purpose.verify),
        )
        .outerjoin(Step, and_(Step.id == StepOrder.step_id, Step.live))
        .outerjoin(asked, asked.c.order_id == Order.id)
        .where(Order.decision_id.is_(None), _is_among(Order.id, among))
        .subquery("open_orders")
    )


def _is_among(order_id: InstrumentedAttribute[UUID], among: Sequence[UUID] | None) -> ColumnElement[bool]:
    return true() if among is None else order_id.in_(among)


def _open_questions(now: datetime, among: Sequence[UUID] | None) -> Subquery:
    """When each order's buyer was last sent a message that may still be answered."""
    return (
        select(StepOrder.order_id, func.max(Attempt.started_at).label("at"))
        .join(Attempt, Attempt.step_id == StepOrder.step_id)
        .where(Attempt.outcome.is_(None), Attempt.answer_until > now, Attempt.channel.in_(_MESSAGES))
        .where(_is_among(StepOrder.order_id, among))
        .group_by(StepOrder.order_id)
        .subquery("open_questions")
    )


def _cause(asked: Subquery, now: datetime, provider: str | None) -> ColumnElement[str]:
    by_agent = Step.channel == Channel.agent_call
    claimed = Step.state == StepState.claimed
    is_due = or_(Step.state == StepState.ready, Step.not_before <= now)
    reserved = and_(
        Step.reserved_for == SUPERVISOR,
        or_(Step.reserved_until.is_(None), Step.reserved_until > now),
    )
    return case(
        (Step.id.is_(None), Cause.stranded.value),
        (and_(claimed, by_agent), Cause.with_agent.value),
        (claimed, Cause.being_contacted.value),
        (Order.decide_by <= now, Cause.overdue.value),
        (reserved, Cause.for_supervisor.value),
        (and_(by_agent, Step.contact_point_id.is_(None)), Cause.no_number.value),
        (and_(Step.channel == Channel.page, _held_by(*HOURS)), Cause.outside_hours.value),
        (Step.channel == Channel.page, Cause.waiting_for_answer.value),
        (and_(is_due, by_agent), Cause.waiting_for_agent.value),
        *(_kept_in(is_due, provider, now) if provider else ()),
        (is_due, Cause.being_contacted.value),
        (Step.priority == PROMISED, Cause.promised_time.value),
        # A cap ends at midnight or at a time of night, so hours often follow it: the cap is what did it.
        (_held_by(*_CAPS), Cause.capped.value),
        (_held_by(*HOURS), Cause.outside_hours.value),
        (asked.c.at >= Order.asked_since, Cause.waiting_for_answer.value),
        else_=Cause.next_try_later.value,
    )


def _kept_in(
    is_due: ColumnElement[bool], provider: str, now: datetime
) -> Iterator[tuple[ColumnElement[bool], str]]:
    """Why a contact that has come due does not go out."""
    yield and_(is_due, is_out(provider)), Cause.provider_out.value
    yield and_(is_due, not_(has_sender())), Cause.no_sender.value
    yield and_(is_due, not_(has_free_sender(now))), Cause.sender_busy.value


def _held_by(*rules: str) -> ColumnElement[bool]:
    return Step.reason[("params", "held_by")].bool_op("?|")(array(rules, type_=Text))


def _time_left(now: datetime) -> ColumnElement[str]:
    bounds = [(Order.decide_by <= now + within, left.value) for left, within in _UNTIL.items()]
    return case(*bounds, else_=TimeLeft.later.value)
