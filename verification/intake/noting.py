"""Keeping what a seller wrote about an order: words may name people, so they expire like every message."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.base import new_id
from models.inbound import InboundBody, InboundEvent
from models.orders import Order
from models.sellers import Store
from models.vocabulary import DataClass, InboundState
from verification.intake.examining import expiry
from verification.policy.stored import policy_for


def note_words(session: Session, order: Order, kind: str, words: str | None, *, now: datetime) -> UUID | None:
    """Store the words as a message that came in; its id, or None when nothing was written.

    The desk finds them under the source `seller_words` and an external id that begins with the order's id.
    """
    if not words:
        return None
    event = InboundEvent(
        id=new_id(),
        source="seller_words",
        external_id=f"{order.id}:{kind}:{new_id()}",
        kind=kind,
        state=InboundState.applied,
        received_at=now,
    )
    session.add(event)
    session.flush()
    policy = policy_for(session, session.get_one(Store, order.store_id), order.country)
    session.add(
        InboundBody(event_id=event.id, body=words, expires_at=expiry(policy, DataClass.inbound_body, now))
    )
    return event.id
