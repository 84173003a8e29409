"""What sellers wrote about their orders, in their own words."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.inbound import InboundBody, InboundEvent
from verification.desk.shown import SellerWords


def seller_words(session: Session, order_ids: Collection[UUID]) -> Mapping[UUID, tuple[SellerWords, ...]]:
    """For each order what its seller wrote, oldest first, as far as it is still kept."""
    found: dict[UUID, tuple[SellerWords, ...]] = dict.fromkeys(order_ids, ())
    if not found:
        return found
    rows = session.execute(
        select(InboundEvent.external_id, InboundEvent.received_at, InboundEvent.kind, InboundBody.body)
        .join(InboundBody, InboundBody.event_id == InboundEvent.id)
        .where(
            InboundEvent.source == "seller_words",
            or_(*(InboundEvent.external_id.startswith(f"{order_id}:") for order_id in found)),
        )
        .order_by(InboundEvent.received_at, InboundEvent.id)
    )
    for external_id, at, kind, words in rows:
        order_id = UUID(external_id.partition(":")[0])
        found[order_id] = (*found[order_id], SellerWords(at, kind, words))
    return found
