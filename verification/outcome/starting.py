"""A buyer who asked for silence lets us write again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import Arrival
from models.buyers import ContactPoint
from models.folding import fold
from models.orders import Order, OrderContactPoint
from models.vocabulary import Channel
from verification import diary
from verification.planning.scheduling import plan_case
from verification.reachability import end_silence

_WORDS = frozenset(map(fold, ("start", "unstop", "resume", "ابدأ", "ابدا", "اشتراك", "اشترك", "دەستپێبکە")))


def means_start(arrival: Arrival) -> bool:
    """Whether the provider or the buyer's one word says so."""
    return arrival.wish == "start" or (arrival.wish is None and fold(arrival.text or "") in _WORDS)


def let_write_again(session: Session, point: ContactPoint, channel: Channel, *, now: datetime) -> bool:
    """End the silence and plan what waits; False when there was none, so that the word means nothing."""
    if not end_silence(session, point.phone_hash, channel):
        return False
    waiting = session.scalars(
        select(Order)
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(OrderContactPoint.contact_point_id == point.id, Order.decision_id.is_(None))
        .order_by(Order.id)
    ).all()
    for order in waiting:
        diary.write(
            session,
            at=now,
            kind="outcome",
            actor="buyer",
            code="heard_start",
            params={"via": channel.value},
            order_id=order.id,
        )
    session.flush()
    for buyer_id, store_id in sorted({(order.buyer_id, order.store_id) for order in waiting}):
        plan_case(session, buyer_id, store_id, now=now)
    return True
