"""Sending events again: one by one, since an instant, what failed, or what waited for an endpoint."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from models.outbox import OutboxBody, OutboxDelivery
from models.sellers import Store
from models.vocabulary import DeliveryState
from verification.telling.recording import write_lines


def replay(
    session: Session,
    *,
    now: datetime,
    actor: str,
    delivery_ids: Collection[UUID] | None = None,
    store_ids: Collection[UUID] | None = None,
    since: datetime | None = None,
    failed_only: bool = False,
) -> int:
    """Make the events that match every given condition due now, with all their tries before them; how many.

    `since` is an event's creation. Under way, undone, of a store without an endpoint, or with a body that was
    kept no longer: such events are left as they are.
    """
    conditions: list[ColumnElement[bool]] = [_store_takes_events()]
    if delivery_ids is not None:
        conditions.append(OutboxDelivery.id.in_(delivery_ids))
    if store_ids is not None:
        conditions.append(OutboxDelivery.store_id.in_(store_ids))
    if since is not None:
        conditions.append(OutboxDelivery.created_at >= since)
    if failed_only:
        conditions.append(OutboxDelivery.state == DeliveryState.failed)
    return _send_again(session, conditions, actor=actor, now=now)


def enable_endpoint(session: Session, store: Store, url: str, *, actor: str, now: datetime) -> int:
    """Send the store's events to `url`, which the caller has checked, from now on; also those that waited for
    an endpoint: how many they are."""
    session.execute(select(Store.id).where(Store.id == store.id).with_for_update(key_share=True))
    store.event_url = url
    store.event_disabled_at = None
    session.flush()
    waiting = (DeliveryState.pending, DeliveryState.disabled)
    conditions = [OutboxDelivery.store_id == store.id, OutboxDelivery.state.in_(waiting)]
    return _send_again(session, conditions, actor=actor, now=now)


def _send_again(
    session: Session, conditions: Collection[ColumnElement[bool]], *, actor: str, now: datetime
) -> int:
    again = session.execute(
        update(OutboxDelivery)
        .where(
            *conditions,
            OutboxDelivery.state != DeliveryState.discarded,
            or_(OutboxDelivery.lease_until.is_(None), OutboxDelivery.lease_until <= now),
            exists().where(OutboxBody.delivery_id == OutboxDelivery.id),
        )
        .values(state=DeliveryState.pending, tries=0, next_try_at=now, lease_until=None, ended_at=None)
        .returning(OutboxDelivery.id, OutboxDelivery.order_id, OutboxDelivery.event_type)
    ).all()
    write_lines(session, again, code="event_replayed", actor=actor, now=now)
    return len(again)


def _store_takes_events() -> ColumnElement[bool]:
    return exists().where(
        Store.id == OutboxDelivery.store_id, Store.event_url.is_not(None), Store.event_disabled_at.is_(None)
    )
