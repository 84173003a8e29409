"""Reading what planning looks at: the phones of a case, contacts made, wishes open."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, case, func, null, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from channels.protocol import Meaning
from models.attempts import Attempt
from models.buyers import ContactPoint, OptOut, Reachability
from models.orders import Order, OrderContactPoint
from models.reasons import Reason
from models.steps import Step, StepOrder
from models.vocabulary import AttemptState, Channel, Outcome, Purpose
from verification.hours.calendar import Calendar
from verification.hours.places import where_of
from verification.planning.case import CaseFacts, Past, Point, Turn, Wish
from verification.planning.insights import Insights
from verification.planning.permission import Touch
from verification.policy.calendars import calendar_of
from verification.reachability import MACHINES

_MOBILE = frozenset({Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call})
_FIXED = frozenset({Channel.ivr, Channel.agent_call})
_ANSWERS = frozenset({Outcome.answered, Outcome.replied})
_TOUCHES_SINCE = timedelta(days=8)
_NOT_MADE = frozenset(meaning.value for meaning in Meaning if not meaning.was_made)
_MOST_NOT_MADE = 3
# What these say may have been found out on the way; a call may have rung.
_ON_THE_WAY = frozenset({Meaning.undeliverable.value, Meaning.switched_off.value})
# These say nothing of the contact, only that its road is shut, and that is waited out for so long.
_SHUT_ROADS = frozenset({Meaning.provider_down.value, Meaning.slow_down.value})
_PATIENCE = timedelta(hours=2)
NOT_TAKEN = "not_taken"
"""How a step ended that agents left in the queue until its hours were over."""


@dataclass(frozen=True)
class Known:
    """What binds whoever wants to contact a phone: the recent contacts with it over all sellers, oldest
    first, and the channels on which its owner asked for silence."""

    touches: tuple[Touch, ...] = ()
    opted_out: frozenset[Channel] = frozenset()


_POINTS = bindparam("points", type_=ARRAY(Uuid))
_attempts, _phones, _opt_outs = Attempt.__table__.c, ContactPoint.__table__.c, OptOut.__table__.c
_is_going_on = _attempts.outcome.is_(None) & _attempts.channel.in_((Channel.ivr, Channel.agent_call))
# One question, built once and of bare columns, because every claim asks it. Refused sends did not touch,
# and a call that the buyer made is no contact of ours.
_KNOWN = (
    select(
        _attempts.contact_point_id,
        _attempts.channel,
        _attempts.started_at.label("at"),
        case((_is_going_on, _attempts.answer_until)),
    )
    .where(
        _attempts.contact_point_id == any_(_POINTS),
        _attempts.started_at > bindparam("since"),
        _attempts.state != AttemptState.failed,
        ~_attempts.called_in,
    )
    .union_all(
        select(_phones.id, _opt_outs.channel, null(), null())
        .where(_phones.id == any_(_POINTS))
        .where(_opt_outs.phone_hash == _phones.phone_hash, _opt_outs.purpose == Purpose.verify)
    )
    .order_by("at")
)
_NOTHING = Known()


def known_of(session: Session, point_ids: Collection[UUID], now: datetime) -> Mapping[UUID | None, Known]:
    """What is known of each of these phones; of a phone never contacted, nothing."""
    found: dict[UUID | None, Known] = dict.fromkeys(point_ids, _NOTHING)
    if not found:
        return found
    values = {"points": list(found), "since": now - _TOUCHES_SINCE}
    for point_id, channel, at, open_until in session.execute(_KNOWN, values):
        known = found[point_id]
        found[point_id] = (
            replace(known, opted_out=known.opted_out | {channel})
            if at is None
            else replace(known, touches=(*known.touches, Touch(channel, at, open_until)))
        )
    return found


class _Phone(NamedTuple):
    """A phone as an order names it."""

    id: UUID
    line_type: str
    position: int
    refused_at: datetime | None


@dataclass(frozen=True)
class Read:
    """What planning looks at, read for many orders at once; `past`, `turns`, `phones`, `untaken` by order."""

    past: Mapping[UUID, tuple[Past, ...]]
    turns: Mapping[UUID, Turn]
    phones: Mapping[UUID, Sequence[_Phone]]
    shut: Mapping[UUID, Mapping[Channel, str]]
    known: Mapping[UUID | None, Known]
    calendar: Calendar
    untaken: Mapping[UUID, datetime]


_ORDERS = bindparam("orders", type_=ARRAY(Uuid))
_ON_ORDERS = (
    select(
        OrderContactPoint.order_id,
        ContactPoint.id,
        ContactPoint.line_type,
        OrderContactPoint.position,
        OrderContactPoint.refused_at,
    )
    .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
    .where(OrderContactPoint.order_id == any_(_ORDERS), ContactPoint.phone.is_not(None))
)
_UNTAKEN = (
    select(StepOrder.order_id, func.max(Step.ended_at).label("at"))
    .join(Step, Step.id == StepOrder.step_id)
    .where(StepOrder.order_id == any_(_ORDERS), Step.end_reason == NOT_TAKEN)
    .group_by(StepOrder.order_id)
)
_SHUT = select(Reachability.contact_point_id, Reachability.channel, Reachability.reason).where(
    Reachability.contact_point_id == any_(_POINTS), ~Reachability.reachable
)


def read_facts(session: Session, order_ids: Sequence[UUID], now: datetime) -> Read:
    """Everything that the plans for these orders look at."""
    phones: dict[UUID, list[_Phone]] = {order_id: [] for order_id in order_ids}
    for order_id, *phone in session.execute(_ON_ORDERS, {"orders": list(order_ids)}):
        phones[order_id].append(_Phone._make(phone))
    point_ids = {phone.id for each in phones.values() for phone in each}
    shut: dict[UUID, dict[Channel, str]] = {}
    for point_id, channel, reason in session.execute(_SHUT, {"points": list(point_ids)}) if point_ids else ():
        shut.setdefault(point_id, {})[channel] = reason
    known = known_of(session, point_ids, now)
    untaken = {row.order_id: row.at for row in session.execute(_UNTAKEN, {"orders": list(order_ids)})}
    return Read(*_past_and_turns(session, order_ids), phones, shut, known, calendar_of(session), untaken)


def _points(read: Read, orders: Sequence[Order]) -> tuple[Point, ...]:
    """The phones of a case: an order's own order counts most, then the later order.

    Those that do not exist come last.
    """
    named = [(phone, order.created_at) for order in orders for phone in read.phones[order.id]]
    named.sort(key=lambda each: each[0].id)
    named.sort(key=lambda each: each[1], reverse=True)
    named.sort(key=lambda each: each[0].position)
    refused = {phone.id for phone, _ in named if phone.refused_at is not None}
    carries = {
        phone.id: _MOBILE if phone.line_type == "mobile" else _FIXED
        for phone, _ in named
        if phone.id not in refused
    }
    points = [
        Point(
            id=point_id,
            carries=channels,
            unreachable=frozenset(read.shut.get(point_id, ())),
            opted_out=read.known[point_id].opted_out,
            touches=read.known[point_id].touches,
            exists=_exists(read.shut.get(point_id, {})),
        )
        for point_id, channels in carries.items()
    ]
    return tuple(sorted(points, key=lambda point: not point.exists))


def _exists(shut: Mapping[Channel, str]) -> bool:
    """Whether nothing says otherwise: where a number does not exist, one reason shuts all machines out."""
    reasons = {shut.get(channel) for channel in MACHINES}
    return len(reasons) > 1 or None in reasons


_PAST = (
    select(
        StepOrder.order_id,
        Attempt.channel,
        Attempt.started_at,
        Attempt.contact_point_id,
        Attempt.outcome,
        Attempt.state,
        Attempt.meaning,
        Attempt.provider_id,
        Step.not_before,
        Attempt.counted_as,
    )
    .join(Attempt, Attempt.step_id == StepOrder.step_id)
    .join(Step, Step.id == StepOrder.step_id)
    .join(Order, Order.id == StepOrder.order_id)
    .where(StepOrder.order_id == any_(_ORDERS), Attempt.started_at >= Order.asked_since, ~Attempt.called_in)
    .order_by(Attempt.started_at)
)


def past_of(session: Session, order_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Past, ...]]:
    """The contacts made about each order as it stands, oldest first; a buyer's own calls are none.

    One that the provider did not take uses nothing up, but the fourth in a row on its channel counts: what
    does not work for long must not hold up what may. While nothing at all gets through, that takes hours.
    """
    return _past_and_turns(session, order_ids)[0]


def _past_and_turns(
    session: Session, order_ids: Sequence[UUID]
) -> tuple[Mapping[UUID, tuple[Past, ...]], Mapping[UUID, Turn]]:
    """The contacts made about each order, and the turns of those last ones that were not made."""
    rows = session.execute(_PAST, {"orders": list(order_ids)})
    found: dict[UUID, list[Past]] = {order_id: [] for order_id in order_ids}
    turns: dict[UUID, Turn] = {}
    not_made: Counter[tuple[UUID, Channel]] = Counter()
    shut_since: dict[tuple[UUID, Channel], datetime] = {}
    for order_id, channel, at, point_id, outcome, state, meaning, taken_as, not_before, cell in rows:
        said, road = meaning if state is AttemptState.failed else None, (order_id, channel)
        turns.pop(order_id, None)
        if said in _NOT_MADE:
            is_shut = said in _SHUT_ROADS and at - shut_since.setdefault(road, at) < _PATIENCE
            not_made[road] += not is_shut
            if not_made[road] <= _MOST_NOT_MADE:
                turns[order_id] = Turn(channel, not_before)
                continue
        else:
            not_made[road] = 0
            shut_since.pop(road, None)
        off = said == Meaning.switched_off
        left = said is None or said in _ON_THE_WAY or taken_as is not None
        waiting, reached = outcome is None, outcome in _ANSWERS
        past = Past(channel, at, point_id, waiting, off, left, reached, cell)
        found[order_id].append(past)
    return {order_id: tuple(pasts) for order_id, pasts in found.items()}, turns


def _wish(orders: Sequence[Order]) -> Wish | None:
    """The earliest promise among the orders, else any of their wishes."""
    wishes = [order.wish for order in orders if order.wish]
    if not wishes:
        return None
    promised = sorted(wish["at"] for wish in wishes if wish.get("at"))
    first = next((wish for wish in wishes if promised and wish.get("at") == promised[0]), wishes[0])
    at = first.get("at")
    return Wish(
        Reason.from_json(first["reason"]), datetime.fromisoformat(at) if at else None, first.get("for")
    )


def place_of_case(orders: Sequence[Order]) -> str | None:
    """The one place that the orders which name any name; None where they name several, or none does."""
    named = {order.place for order in orders if order.place is not None}
    return named.pop() if len(named) == 1 else None


def case_facts(read: Read, orders: Sequence[Order], insights: Insights | None = None) -> CaseFacts:
    """What is known of the case that these orders (one buyer, one store) make together, the oldest first.

    The ladder stands where its least contacted order stands, so that a new order is asked about from the
    start while the caps of the phone hold for all.
    """
    least = min(orders, key=lambda order: len(read.past[order.id]))
    return CaseFacts(
        where=where_of(orders[0].country, place_of_case(orders)),
        calendar=read.calendar,
        decide_by=min(order.decide_by for order in orders),
        points=_points(read, orders),
        past=read.past[least.id],
        wish=_wish(orders),
        turn=read.turns.get(least.id),
        untaken_at=max((read.untaken[each.id] for each in orders if each.id in read.untaken), default=None),
        insight=insights.of(orders[0], least) if insights else None,
    )
