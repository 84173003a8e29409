"""Writing down what was said: the message in the thread, its words apart."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.messages import Message, MessageBody
from models.sellers import Store
from models.vocabulary import DataClass
from verification.policy.stored import policy_for
from verification.policy.values import default_policy


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


def _days_kept(session: Session, store_id: UUID | None, country: str) -> int:
    store = session.get(Store, store_id) if store_id else None
    policy = policy_for(session, store, country) if store else default_policy(country)
    return policy.retention_days[DataClass.message_body]
