"""Wiping a person out of what was written down: words, raw messages, kept answers, events."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, delete, false, func, or_, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.drafts import ADDRESS_LINES
from models.inbound import InboundBody, InboundEvent
from models.messages import Message, MessageBody
from models.orders import OrderDetails
from models.outbox import OutboxBody, OutboxDelivery
from models.replays import ReplayedAnswer
from models.sandbox import SandboxAnswer
from verification.privacy.mentions import is_mentioned, mentions
from verification.privacy.people import Person
from verification.privacy.redacting import without_person, without_phones

_WORDS = ("buyer_name", "phone_raw", "alternate_phone_raw", "note", *ADDRESS_LINES)


def wipe_words(session: Session, person: Person, order_ids: Sequence[UUID]) -> dict[str, int]:
    """Delete what the person said and what was said to them, and every raw text that names a phone of theirs.

    How many messages, raw messages that came in, kept answers and simulated answers those were.
    """
    session.flush()
    said = select(Message.id).where(
        or_(Message.buyer_id == person.buyer_id, Message.contact_point_id.in_(person.point_ids))
    )
    tries = or_(Attempt.buyer_id == person.buyer_id, Attempt.contact_point_id.in_(person.point_ids))
    came_in = select(InboundEvent.id).where(
        or_(
            InboundEvent.attempt_id.in_(select(Attempt.id).where(tries)),
            _names_order(InboundEvent.external_id, order_ids),
        )
    )
    references = select(Attempt.reference).where(tries)
    return {
        "messages": _delete(session, MessageBody, MessageBody.message_id.in_(said), person),
        "inbound": _delete(session, InboundBody, InboundBody.event_id.in_(came_in), person),
        "replayed_answers": _delete(
            session, ReplayedAnswer, _names_order(ReplayedAnswer.body, order_ids), person
        ),
        "sandbox_answers": _count(
            session, delete(SandboxAnswer).where(SandboxAnswer.reference.in_(references))
        ),
    }


def wipe_events(session: Session, order_ids: Sequence[UUID]) -> int:
    """Take the person out of the events about these orders, sent or not; how many."""
    return _rewrite(session, _bodies(order_ids), without_person)


def clean_others(session: Session, person: Person, order_ids: Sequence[UUID]) -> int:
    """Take the person's phones out of other people's orders, `order_ids` and any whose text names one.

    How many orders those are.
    """
    cleaned = set(order_ids)
    texts = func.concat_ws("|", *(getattr(OrderDetails, column) for column in _WORDS))
    naming = session.scalars(select(OrderDetails).where(mentions(texts, person.phones)))
    for details in naming:
        for column in _WORDS:
            if is_mentioned(getattr(details, column) or "", person.phones):
                setattr(details, column, "" if column == "phone_raw" else None)
                cleaned.add(details.order_id)
    _rewrite(session, _bodies(list(cleaned)), lambda body: without_phones(body, person.phones))
    return len(cleaned)


def _bodies(order_ids: Sequence[UUID]) -> Select[OutboxBody]:
    return (
        select(OutboxBody)
        .join(OutboxDelivery, OutboxDelivery.id == OutboxBody.delivery_id)
        .where(OutboxDelivery.order_id.in_(order_ids))
    )


def _rewrite(session: Session, bodies: Select[OutboxBody], change: Callable[[str], str]) -> int:
    found = session.scalars(bodies).all()
    for each in found:
        each.body = change(each.body)
    session.flush()
    return len(found)


def _names_order(column: Any, order_ids: Sequence[UUID]) -> ColumnElement[bool]:
    return column.regexp_match("|".join(map(str, order_ids))) if order_ids else false()


def _delete(session: Session, table: Any, condition: ColumnElement[bool], person: Person) -> int:
    return _count(session, delete(table).where(or_(condition, mentions(table.body, person.phones))))


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101 - what a DELETE gives
    return result.rowcount
