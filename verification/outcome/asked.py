"""What a buyer's message may be an answer to: the contacts with a phone that left something to read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from channels.protocol import Arrival
from models.attempts import Attempt
from models.buyers import ContactPoint
from models.messages import Message
from models.orders import Order, OrderContactPoint
from models.steps import StepOrder
from models.vocabulary import AttemptState, Channel
from verification.planning.scheduling import lock_buyer

_ASKS_HOLD = timedelta(hours=24)
_ANSWERED_FOR = timedelta(days=30)
_MESSAGES = (Channel.whatsapp, Channel.sms)


@dataclass(frozen=True)
class Asked:
    """A contact that asked about these orders, which nothing has asked about since."""

    attempt: Attempt
    orders: tuple[Order, ...]


def lock_owners(session: Session, point: ContactPoint) -> None:
    """Take the locks of all whose cases a message from this phone may change, always in the same order."""
    wrote_to = select(Attempt.buyer_id).where(Attempt.contact_point_id == point.id).distinct()
    for buyer_id in sorted({point.buyer_id, *session.scalars(wrote_to)}):
        lock_buyer(session, buyer_id)


def open_contacts(session: Session, point_id: UUID, channel: Channel) -> list[Asked]:
    """The last message about each order that waits for an answer from this phone, oldest first.

    One on the channel of the answer goes before others.
    """
    return _by_contact(session, point_id, channel, Order.decision_id.is_(None))


def last_contact(session: Session, point_id: UUID, channel: Channel, now: datetime) -> Asked | None:
    """The last message to this phone about orders that are decided, if it is not too long ago."""
    contacts = _by_contact(session, point_id, channel, Order.decision_id.is_not(None))
    recent = [asked for asked in contacts if asked.attempt.started_at > now - _ANSWERED_FOR]
    return recent[-1] if recent else None


def contact_about(session: Session, point_id: UUID, channel: Channel, order: Order) -> Attempt | None:
    """The last message to this phone about one order."""
    contacts = _by_contact(session, point_id, channel, Order.id == order.id)
    return contacts[-1].attempt if contacts else None


def _by_contact(
    session: Session, point_id: UUID, channel: Channel, which: ColumnElement[bool]
) -> list[Asked]:
    rows = session.execute(
        select(Order, Attempt)
        .join(StepOrder, StepOrder.order_id == Order.id)
        .join(Attempt, Attempt.step_id == StepOrder.step_id)
        .where(
            Attempt.contact_point_id == point_id,
            Attempt.channel.in_(_MESSAGES),
            Attempt.state != AttemptState.failed,
            Attempt.buyer_id == Order.buyer_id,
            which,
        )
        .order_by(Attempt.channel == channel, Attempt.started_at, Attempt.id, Order.created_at, Order.id)
        .execution_options(populate_existing=True)
    ).all()
    latest = {order.id: (order, attempt) for order, attempt in rows}
    orders: dict[UUID, list[Order]] = {}
    for order, attempt in latest.values():
        orders.setdefault(attempt.id, []).append(order)
    attempts = {attempt.id: attempt for _, attempt in rows}
    return [Asked(attempts[one], tuple(orders[one])) for one in attempts if one in orders]


def named_contact(session: Session, arrival: Arrival, point_id: UUID) -> Attempt | None:
    """The contact with this phone that a message says it answers; None when it says none that we made.

    A button's own reference alone counts: the message around it may have been passed on.
    """
    if arrival.reference is not None:
        name = Attempt.reference == arrival.reference
    elif arrival.answers is not None:
        name = (Attempt.provider == arrival.source) & (Attempt.provider_id == arrival.answers)
    else:
        return None
    return session.scalars(
        select(Attempt)
        .where(name, Attempt.contact_point_id == point_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def question_before(session: Session, point_id: UUID, channel: Channel, now: datetime) -> Message | None:
    """Our question which order is meant, if it is the last thing that we said to this phone."""
    last = session.scalars(
        select(Message)
        .where(
            Message.contact_point_id == point_id,
            Message.direction == "out",
            Message.channel == channel,
            Message.said_at > now - _ASKS_HOLD,
        )
        .order_by(Message.said_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    return last if last is not None and last.asks else None


def latest_order(session: Session, point: ContactPoint) -> Order | None:
    """The last order that names this phone: one that waits for an answer, before all decided ones."""
    return session.scalars(
        select(Order)
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(OrderContactPoint.contact_point_id == point.id, Order.buyer_id == point.buyer_id)
        .order_by(Order.decision_id.is_not(None), Order.created_at.desc(), Order.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
