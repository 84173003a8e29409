"""Telling the seller: an event is a row, written with the fact that caused it."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.orders import Order
from models.outbox import OutboxBody, OutboxDelivery
from models.sellers import Store
from models.vocabulary import DataClass, DeliveryState, EventType
from verification.policy.stored import policy_for
from verification.telling.resource import EVENT_LANGUAGE, instant_text, order_resources


def tell(
    session: Session,
    order: Order,
    event_type: EventType,
    *,
    now: datetime,
    decision_id: UUID | None = None,
    not_before: datetime | None = None,
) -> OutboxDelivery:
    """Move the order to its next version and freeze the event that says so.

    A store without a working endpoint gets the event as `disabled`: kept, and out of the senders' way until
    an endpoint is set, which makes it pending. Written in the caller's transaction.
    """
    order.version += 1
    order.updated_at = now
    session.flush()
    store = session.get_one(Store, order.store_id)
    sendable = store.event_url is not None and store.event_disabled_at is None
    due_at = not_before or now
    delivery = OutboxDelivery(
        store_id=order.store_id,
        order_id=order.id,
        order_version=order.version,
        decision_id=decision_id,
        event_type=event_type,
        state=DeliveryState.pending if sendable else DeliveryState.disabled,
        not_before=due_at,
        next_try_at=due_at,
        created_at=now,
    )
    session.add(delivery)
    session.flush()
    kept = policy_for(session, store, order.country).retention_days[DataClass.outbox_body]
    [resource] = order_resources(session, [order.id], EVENT_LANGUAGE)
    body = {"type": event_type.value, "timestamp": instant_text(now), "data": resource}
    session.add(
        OutboxBody(
            delivery_id=delivery.id,
            body=json.dumps(body, ensure_ascii=False),
            expires_at=now + timedelta(days=kept),
        )
    )
    return delivery
