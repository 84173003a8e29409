"""Writing down what came of one try at a seller's endpoint."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.outbox import DeliveryTry, OutboxDelivery
from models.sellers import Store
from models.vocabulary import DeliveryState, EventType
from verification import diary
from verification.telling.backoff import next_try, verdict
from verification.telling.due import Due
from verification.telling.sending import Posted


def record_try(
    session: Session, due: Due, posted: Posted, *, tried_at: datetime, now: datetime, jitter: float
) -> bool:
    """Record the try and what follows from it; whether the event was taken.

    A sender whose lease was lost meanwhile may still report a delivery, but no longer plans the next try.
    """
    meaning = verdict(posted.status, posted.error)
    # The store before its deliveries: two senders that hear 410 at once would otherwise wait for each other.
    store = _lock_store(session, due.store_id) if meaning == "disable" else None
    delivery = session.scalars(
        select(OutboxDelivery).where(OutboxDelivery.id == due.delivery_id).with_for_update(key_share=True)
    ).one()
    session.add(
        DeliveryTry(
            delivery_id=delivery.id,
            tried_at=tried_at,
            status=posted.status,
            error=posted.error,
            seconds=posted.seconds,
        )
    )
    delivery.tries += 1
    if meaning == "delivered":
        if delivery.state is not DeliveryState.discarded:
            _end(session, delivery, DeliveryState.delivered, now=now)
    elif delivery.state is DeliveryState.pending and delivery.lease_until == due.lease_until:
        # An address that was changed during the post is not disabled by what the old one said.
        if store is not None and store.event_url == due.url:
            session.flush()
            disable_endpoint(session, store, now=now)
        else:
            _plan_again(session, delivery, posted, now=now, jitter=jitter)
    return meaning == "delivered"


def disable_endpoint(session: Session, store: Store, *, now: datetime) -> None:
    """Stop sending to a store whose endpoint asked for it; its events are kept until one is set again."""
    store.event_disabled_at = now
    stopped = session.execute(
        update(OutboxDelivery)
        .where(OutboxDelivery.store_id == store.id, OutboxDelivery.state == DeliveryState.pending)
        .values(state=DeliveryState.disabled, lease_until=None)
        .returning(OutboxDelivery.id, OutboxDelivery.order_id, OutboxDelivery.event_type)
    )
    write_lines(session, stopped, code="event_disabled", actor="system", now=now)


def write_lines(
    session: Session, events: Iterable[tuple[UUID, UUID, EventType]], *, code: str, actor: str, now: datetime
) -> None:
    """A diary line on each event, given by its id, its order's id and its type."""
    for delivery_id, order_id, event_type in events:
        params = {"delivery_id": str(delivery_id), "event_type": event_type.value}
        diary.write(session, at=now, kind="seller", actor=actor, code=code, params=params, order_id=order_id)


def _lock_store(session: Session, store_id: UUID) -> Store:
    locked = select(Store).where(Store.id == store_id).with_for_update(of=Store, key_share=True)
    return session.scalars(locked).one()


def _plan_again(
    session: Session, delivery: OutboxDelivery, posted: Posted, *, now: datetime, jitter: float
) -> None:
    again_at = next_try(delivery.tries, delivery.created_at, now, posted.retry_after, jitter)
    if again_at is None:
        _end(session, delivery, DeliveryState.failed, now=now)
    else:
        delivery.next_try_at = again_at
        delivery.lease_until = None


def _end(session: Session, delivery: OutboxDelivery, state: DeliveryState, *, now: datetime) -> None:
    delivery.state = state
    delivery.ended_at = now
    delivery.lease_until = None
    event = (delivery.id, delivery.order_id, delivery.event_type)
    write_lines(session, [event], code=f"event_{state.value}", actor="system", now=now)
