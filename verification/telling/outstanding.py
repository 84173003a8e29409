"""The outbox as an operator reads it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.outbox import DeliveryTry, OutboxDelivery
from models.sellers import Seller, Store
from models.vocabulary import DeliveryState
from verification.telling.resource import instant_text


def list_events(
    session: Session, *, states: Collection[DeliveryState], store_ids: Collection[UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Events in these states, newest first, each with what its last try met: ids and codes only.

    `store_ids` None means every store.
    """
    last = (
        select(DeliveryTry.status, DeliveryTry.error)
        .where(DeliveryTry.delivery_id == OutboxDelivery.id)
        .order_by(DeliveryTry.tried_at.desc(), DeliveryTry.id.desc())
        .limit(1)
        .lateral()
    )
    wanted = (
        select(OutboxDelivery, Seller.slug, Store.name, last.c.status, last.c.error)
        .join(Store, Store.id == OutboxDelivery.store_id)
        .join(Seller, Seller.id == Store.seller_id)
        .outerjoin(last, OutboxDelivery.id == OutboxDelivery.id)
        .where(OutboxDelivery.state.in_(states))
        .order_by(OutboxDelivery.created_at.desc(), OutboxDelivery.id.desc())
        .limit(limit)
    )
    if store_ids is not None:
        wanted = wanted.where(OutboxDelivery.store_id.in_(store_ids))
    return [
        {
            "id": str(delivery.id),
            "seller": slug,
            "store": store,
            "order_id": str(delivery.order_id),
            "version": delivery.order_version,
            "type": delivery.event_type.value,
            "state": delivery.state.value,
            "tries": delivery.tries,
            "created_at": instant_text(delivery.created_at),
            "next_try_at": instant_text(delivery.next_try_at)
            if delivery.state is DeliveryState.pending
            else None,
            "last_status": status,
            "last_error": error,
        }
        for delivery, slug, store, status, error in session.execute(wanted)
    ]
