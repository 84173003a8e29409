"""Taking the events that are due to be sent, fairly between stores."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from models.outbox import OutboxBody, OutboxDelivery
from models.sellers import Store
from models.vocabulary import DeliveryState

PER_STORE = 2
"""Posts under way at once to one store: a store that hangs keeps no more senders busy."""

LEASE = timedelta(seconds=60)
"""How long a sender may be silent before its events are sent by another; well over the longest post."""


@dataclass(frozen=True)
class Due:
    """An event that is ours to send until `lease_until`; `secrets` is still sealed."""

    delivery_id: UUID
    store_id: UUID
    url: str
    secrets: bytes
    body: str
    lease_until: datetime


def claim_due(
    session: Session,
    *,
    now: datetime,
    room: int,
    under_way: Mapping[UUID, int],
    passed_over: Collection[UUID],
) -> list[Due]:
    """Lease up to `room` events, each store's oldest first and every store's first before any one's second.

    An event waits for the earlier versions of its order: while one is pending, no later one is due.
    `under_way` counts the posts that the caller still has open for a store.
    """
    full = {store_id for store_id, posts in under_way.items() if posts >= PER_STORE}
    earlier = aliased(OutboxDelivery)
    first = (
        select(OutboxDelivery.id, OutboxDelivery.next_try_at)
        .where(
            OutboxDelivery.store_id == Store.id,
            OutboxDelivery.state == DeliveryState.pending,
            OutboxDelivery.next_try_at <= now,
            OutboxDelivery.not_before <= now,
            or_(OutboxDelivery.lease_until.is_(None), OutboxDelivery.lease_until <= now),
            ~exists().where(
                earlier.order_id == OutboxDelivery.order_id,
                earlier.order_version < OutboxDelivery.order_version,
                earlier.state == DeliveryState.pending,
            ),
        )
        .correlate(Store)
        .order_by(OutboxDelivery.next_try_at, OutboxDelivery.id)
        .limit(PER_STORE)
        .with_for_update(skip_locked=True)
        .lateral()
    )
    turn = func.row_number().over(partition_by=Store.id, order_by=(first.c.next_try_at, first.c.id))
    rows = session.execute(
        select(first.c.id, Store.id, Store.event_url, Store.event_secrets, OutboxBody.body)
        .select_from(Store)
        .join(first, true())
        .join(OutboxBody, OutboxBody.delivery_id == first.c.id)
        .where(
            Store.event_url.is_not(None),
            Store.event_disabled_at.is_(None),
            Store.id.not_in(full | set(passed_over)),
        )
        .order_by(turn, first.c.next_try_at, first.c.id)
    )
    lease_until = now + LEASE
    taken = dict(under_way)
    due: list[Due] = []
    for delivery_id, store_id, url, secrets, body in rows:
        if len(due) < room and taken.get(store_id, 0) < PER_STORE:
            taken[store_id] = taken.get(store_id, 0) + 1
            due.append(Due(delivery_id, store_id, url or "", secrets, body, lease_until))
    session.execute(
        update(OutboxDelivery)
        .where(OutboxDelivery.id.in_([each.delivery_id for each in due]))
        .values(lease_until=lease_until)
    )
    return due
