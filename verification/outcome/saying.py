"""Writing down what was said: the message in the thread, its words apart."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from channels.protocol import Arrival
from models.attempts import Attempt
from models.base import new_id
from models.buyers import ContactPoint
from models.messages import Message, MessageBody
from models.sellers import Store
from models.vocabulary import DataClass
from verification.pages.pins import write_pin
from verification.policy.stored import policy_for
from verification.policy.values import default_policy
from verification.replies.reading import Reading

PLACE = "address"
"""The button that a place on the map counts as: it is for the order's address."""


def write_message(session: Session, message: Message, words: str | None, country: str) -> None:
    """Store a message, and its words for as long as the policy of its store or country lets them be kept."""
    session.add(message)
    session.flush()
    words = (words or "").replace("\0", "")
    if words:
        days = _days_kept(session, message.store_id, country)
        expires_at = message.said_at + timedelta(days=days)
        session.add(MessageBody(message_id=message.id, body=words, expires_at=expires_at))
        session.flush()


def write_arrival(
    session: Session,
    arrival: Arrival,
    point: ContactPoint,
    *,
    reading: Reading | None = None,
    attempt: Attempt | None = None,
    store_id: UUID | None = None,
) -> Message:
    """Store a message that came to us, with what it answers where that is known.

    Of files only their kinds are kept; a place is kept as its coordinates.
    """
    message = Message(
        id=new_id(),
        buyer_id=attempt.buyer_id if attempt else point.buyer_id,
        store_id=attempt.store_id if attempt else store_id,
        contact_point_id=point.id,
        attempt_id=attempt.id if attempt else None,
        direction="in",
        channel=arrival.channel,
        button=PLACE if arrival.location else arrival.button,
        sender=arrival.sender,
        intent=reading.intent if reading else None,
        soft=reading.soft if reading else False,
        said_at=arrival.at,
    )
    words = [arrival.text or "", *(f"[{kind}]" for kind in arrival.media)]
    if arrival.location:
        words = [write_pin(*arrival.location)]
    write_message(session, message, "\n".join(words).strip(), point.country)
    return message


def _days_kept(session: Session, store_id: UUID | None, country: str) -> int:
    store = session.get(Store, store_id) if store_id else None
    policy = policy_for(session, store, country) if store else default_policy(country)
    return policy.retention_days[DataClass.message_body]
