"""Which of several orders a buyer means: asked, and answered with a number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import Arrival, ContactEvent, EventKind
from models.attempts import Attempt
from models.buyers import ContactPoint
from models.messages import Message, MessageBody
from models.orders import Order
from models.sellers import Store
from verification.outcome.asked import Asked, contact_about
from verification.outcome.asking import MOST_CHOICES, Choice, read_choice, which_order
from verification.outcome.saying import PLACE, write_arrival, write_message
from verification.outcome.taking_in import apply_event
from verification.pages.pins import read_pin
from verification.replies.reading import Reading


def ask_which(
    session: Session,
    arrival: Arrival,
    point: ContactPoint,
    contacts: Sequence[Asked],
    reading: Reading,
    question_id: UUID,
) -> str | None:
    """Keep what was said until it is known what it is about, and ask; None when there is too much to ask."""
    orders = sorted(
        (order for asked in contacts for order in asked.orders),
        key=lambda order: (order.created_at, order.id),
    )
    if len(orders) > MOST_CHOICES:
        return None
    stores = {order.store_id: session.get_one(Store, order.store_id) for order in orders}
    store_id = next(iter(stores)) if len(stores) == 1 else None
    write_arrival(session, arrival, point, reading=reading, store_id=store_id)
    choices = [Choice(_number(order), stores[order.store_id].display_name) for order in orders]
    text = which_order(choices, orders[-1].language or "ar")
    question = Message(
        id=question_id,
        buyer_id=point.buyer_id,
        store_id=store_id,
        contact_point_id=point.id,
        direction="out",
        channel=arrival.channel,
        sender=arrival.sender,
        asks=[str(order.id) for order in orders],
        said_at=arrival.at,
    )
    write_message(session, question, text, point.country)
    return text


def chosen_orders(session: Session, question: Message, text: str) -> list[Order]:
    """The orders that a reply to the question names; none when it says anything else."""
    ids = [UUID(one) for one in question.asks or ()]
    orders = {order.id: order for order in session.scalars(select(Order).where(Order.id.in_(ids)))}
    numbers = [_number(orders[one]) if one in orders else "" for one in ids]
    named = [ids[place] for place in read_choice(text, numbers)]
    return [orders[one] for one in named if one in orders]


def take_choice(
    session: Session,
    arrival: Arrival,
    point: ContactPoint,
    question: Message,
    orders: Sequence[Order],
    *,
    now: datetime,
) -> bool:
    """Let what was said before the question be about these orders; False when that is not known any more."""
    said = _said_before(session, question)
    words = session.get(MessageBody, said.id) if said else None
    if said is None or (said.button is None and words is None):
        return False
    body = words.body if words else ""
    about: dict[UUID, set[UUID]] = {}
    attempts = {}
    for order in orders:
        attempt = contact_about(session, point.id, arrival.channel, order)
        if attempt is not None:
            attempts[attempt.id] = attempt
            about.setdefault(attempt.id, set()).add(order.id)
    if not attempts:
        return False
    write_arrival(session, arrival, point, attempt=next(iter(attempts.values())))
    for attempt_id, order_ids in about.items():
        event = ContactEvent(
            source=arrival.source,
            external_id=arrival.external_id,
            kind=EventKind.reply,
            at=said.said_at,
            raw="",
            text=body,
            button=said.button,
            order_ids=frozenset(order_ids),
        )
        pin = read_pin(body) if said.button == PLACE else None
        apply_event(session, event, attempts[attempt_id], now=now, said=said, pin=pin)
    return True


def show_unchosen(session: Session, question: Message, attempt: Attempt) -> None:
    """Nobody learned what the first words were about: whoever calls about this contact sees them too."""
    said = _said_before(session, question)
    if said is not None and said.attempt_id is None:
        said.attempt_id, said.store_id = attempt.id, attempt.store_id


def _said_before(session: Session, question: Message) -> Message | None:
    """What the buyer said that made us ask."""
    return session.scalars(
        select(Message)
        .where(
            Message.contact_point_id == question.contact_point_id,
            Message.direction == "in",
            Message.channel == question.channel,
            Message.said_at <= question.said_at,
        )
        .order_by(Message.said_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()


def _number(order: Order) -> str:
    return order.number or order.external_id
