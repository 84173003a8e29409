"""Moving what an order says of its buyer, when the order turns out to be somebody else's."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.buyers import BuyerSign
from models.orders import Order
from models.vocabulary import SignOfLife
from verification.habits.folding import NOTHING, add


def move_order(session: Session, order: Order, to: UUID, *, now: datetime) -> None:
    """Take the hour of an order off its buyer and give it to another, who is counted with the next folding.

    Called while the order is still its buyer's, by whoever holds both buyers' locks. Contacts stay with whom
    they reached: they say when that phone is answered.
    """
    sign = session.scalars(
        select(BuyerSign)
        .where(
            BuyerSign.buyer_id == order.buyer_id,
            BuyerSign.kind == SignOfLife.order_placed,
            BuyerSign.seen_at == min(order.placed_at, order.created_at),
        )
        .order_by(BuyerSign.id)
        .limit(1)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if sign is None or to == order.buyer_id:
        return
    if sign.counted_as is not None and sign.counted_as != NOTHING:
        add(session, {order.buyer_id: Counter({sign.counted_as: -1})}, now)
    sign.buyer_id, sign.counted_as = to, None
    session.flush()
