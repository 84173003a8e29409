"""Messages that buyers write to us: matched to what they answer, and taken in as if they had answered it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import Arrival, ContactEvent, EventKind
from models.attempts import Attempt
from models.buyers import ContactPoint
from models.inbound import InboundEvent
from models.messages import MessageBody
from models.orders import Order
from models.secrecy import Keyring
from models.vocabulary import InboundState, Intent
from verification.outcome.asked import (
    last_contact,
    latest_order,
    lock_owners,
    named_contact,
    open_contacts,
    question_before,
)
from verification.outcome.choosing import ask_which, chosen_orders, show_unchosen, take_choice
from verification.outcome.listening import read
from verification.outcome.reviewing import TAPPED, WROTE, hand_to_agent, review_decided, standings_of
from verification.outcome.saying import PLACE, write_arrival
from verification.outcome.starting import let_write_again, means_start
from verification.outcome.storing import quarantine, store_once
from verification.outcome.taking_in import apply_event
from verification.pages.pins import write_pin
from verification.planning.scheduling import plan_case
from verification.reachability import silence
from verification.replies.reading import UNCLEAR, Reading, read_reply
from verification.steps.covering import orders_of

_ABOUT_ONE_ORDER = frozenset({Intent.confirm, Intent.cancel, Intent.later, Intent.change})


@dataclass(frozen=True)
class Reply:
    """What a message to us is answered with at once."""

    text: str


def arrive(session: Session, arrival: Arrival, keys: Keyring, *, now: datetime) -> Reply | None:
    """Take a message in, once, and tell what to answer, if anything; a repeat gets the first answer again.

    It answers the contact that it names, else the one that waits for an answer; where several do, the buyer
    is asked which order is meant. What fits none reaches an agent, and so does a button that belongs to no
    contact with this phone. From an unknown phone it is only kept.
    """
    stored = store_once(
        session, arrival.source, arrival.external_id, kind="arrival", raw=arrival.raw, now=now
    )
    if stored is None:
        return _said_before(session, arrival)
    phone_hash = keys.phone_hash(arrival.phone)
    point = session.scalars(
        select(ContactPoint).where(ContactPoint.phone_hash == phone_hash, ContactPoint.phone.is_not(None))
    ).one_or_none()
    if point is None:
        if _read(arrival, None).intent is Intent.stop:
            silence(session, phone_hash, arrival.channel, now)
        quarantine(session, stored, "unknown_phone")
        return None
    lock_owners(session, point)
    reply = _take(session, stored, arrival, point, now)
    if stored.state is InboundState.stored:
        stored.state = InboundState.applied
    session.flush()
    return reply


def _take(
    session: Session, stored: InboundEvent, arrival: Arrival, point: ContactPoint, now: datetime
) -> Reply | None:
    channel = arrival.channel
    if means_start(arrival) and let_write_again(session, point, channel, now=now):
        write_arrival(session, arrival, point)
        return None
    named = named_contact(session, arrival, point.id)
    if named is not None:
        _hear(session, stored, arrival, point, [named], now)
        return None
    is_stray = arrival.reference is not None
    question = question_before(session, point.id, channel, now)
    if question is not None and arrival.text and not arrival.media and not is_stray:
        chosen = chosen_orders(session, question, arrival.text)
        if chosen and take_choice(session, arrival, point, question, chosen, now=now):
            return None
    contacts = open_contacts(session, point.id, channel)
    asked = [contact.attempt for contact in contacts]
    reading = _read(arrival, asked[-1] if asked else None)
    if len(asked) > 1 and reading.intent in _ABOUT_ONE_ORDER:
        if question is None:
            text = ask_which(session, arrival, point, contacts, reading, _reply_id(stored.id))
            if text is not None:
                return Reply(text)
        else:
            show_unchosen(session, question, asked[-1])
        # Asked once already, or too many to choose from: somebody calls.
        _hear(session, stored, arrival, point, asked[-1:], now, UNCLEAR)
    elif reading.intent is Intent.stop:
        last = last_contact(session, point.id, channel, now)
        _hush(session, stored, arrival, point, asked or ([last.attempt] if last else []), reading, now)
    elif is_stray:
        order = contacts[-1].orders[-1] if contacts else latest_order(session, point)
        _bring_to_agent(session, stored, arrival, point, reading, order, now, TAPPED)
    elif asked:
        about = asked if reading.intent is Intent.wrong_number else asked[-1:]
        _hear(session, stored, arrival, point, about, now)
    elif last := last_contact(session, point.id, channel, now):
        _hear(session, stored, arrival, point, [last.attempt], now)
    else:
        order = latest_order(session, point)
        _bring_to_agent(session, stored, arrival, point, reading, order, now)
    return None


def _hear(
    session: Session,
    stored: InboundEvent,
    arrival: Arrival,
    point: ContactPoint,
    about: Sequence[Attempt],
    now: datetime,
    reading: Reading | None = None,
) -> None:
    """Apply a message to the contacts that it answers; what it leaves open reaches an agent."""
    stored.attempt_id = about[-1].id
    reading = reading or _read(arrival, about[-1])
    said = write_arrival(session, arrival, point, reading=reading, attempt=about[-1])
    pin = write_pin(*arrival.location) if arrival.location else None
    for attempt in about:
        orders = orders_of(session, attempt.step_id)
        before = standings_of(session, orders)
        apply_event(session, _event(arrival, attempt), attempt, now=now, said=said, pin=pin)
        review_decided(session, orders, before, said.intent, arrival.channel, now=now)


def _hush(
    session: Session,
    stored: InboundEvent,
    arrival: Arrival,
    point: ContactPoint,
    waiting: Sequence[Attempt],
    reading: Reading,
    now: datetime,
) -> None:
    """A wish for silence: it ends the contacts on the channel that it came by, and all others go on without
    that channel."""
    order = latest_order(session, point)
    ended = [attempt for attempt in waiting if attempt.channel is arrival.channel]
    if ended:
        _hear(session, stored, arrival, point, ended, now)
    else:
        store_id = order.store_id if order else None
        write_arrival(session, arrival, point, reading=reading, store_id=store_id)
        silence(session, point.phone_hash, arrival.channel, now)
    cases = {(attempt.buyer_id, attempt.store_id) for attempt in waiting}
    if order is not None:
        cases.add((order.buyer_id, order.store_id))
    for buyer_id, store_id in sorted(cases - {(each.buyer_id, each.store_id) for each in ended}):
        plan_case(session, buyer_id, store_id, now=now)


def _bring_to_agent(
    session: Session,
    stored: InboundEvent,
    arrival: Arrival,
    point: ContactPoint,
    reading: Reading,
    order: Order | None,
    now: datetime,
    why: str = WROTE,
) -> None:
    """Write a message down that decides nothing, and have an agent call about the order."""
    write_arrival(session, arrival, point, reading=reading, store_id=order.store_id if order else None)
    if order is not None:
        hand_to_agent(session, order, arrival.channel, now=now, why=why)
    else:
        quarantine(session, stored, "no_order")


def _read(arrival: Arrival, attempt: Attempt | None) -> Reading:
    """What a message means; a file is for people to look at, whatever is written under it."""
    if arrival.wish == "stop":
        return Reading(Intent.stop)
    if arrival.media:
        return UNCLEAR
    if attempt is None:
        return read_reply(arrival.text or "", digits_offered=False)
    return read(_event(arrival, attempt), attempt.started_at)


def _event(arrival: Arrival, attempt: Attempt) -> ContactEvent:
    return ContactEvent(
        source=arrival.source,
        external_id=arrival.external_id,
        kind=EventKind.reply,
        at=arrival.at,
        raw="",
        reference=attempt.reference,
        text=arrival.text,
        button=PLACE if arrival.location else arrival.button,
    )


def _reply_id(event_id: UUID) -> UUID:
    """The id of the message that answers an event, which a repeat of the event finds by it."""
    return uuid5(event_id, "reply")


def _said_before(session: Session, arrival: Arrival) -> Reply | None:
    event_id = session.scalar(
        select(InboundEvent.id).where(
            InboundEvent.source == arrival.source, InboundEvent.external_id == arrival.external_id
        )
    )
    body = session.get(MessageBody, _reply_id(event_id)) if event_id else None
    return Reply(body.body) if body else None
