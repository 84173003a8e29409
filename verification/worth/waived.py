"""What became of the orders that were released because they were not worth a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Numeric, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from models.decisions import Decision
from models.orders import Order, Shipment
from models.sellers import Seller
from models.vocabulary import DecisionReason
from verification.worth.risk import CAME_BACK, RECEIVED


@dataclass(frozen=True)
class Waived:
    """The orders of one seller (by slug) in one country that stand released.

    Of `orders`, `delivered` and `came_back` ended so, the others are on their way or not heard of. In US
    dollars: `saved` is what asking would have cost, `expected_loss` what was expected to be lost by not
    asking, `lost` the freight of those that came back.
    """

    seller: str
    country: str
    orders: int
    delivered: int
    came_back: int
    saved: float
    expected_loss: float
    lost: float


def waived_summary(session: Session, since: datetime, *, seller_id: UUID | None = None) -> Sequence[Waived]:
    """Of orders released from `since` on (aware UTC), by seller and country; of all sellers or of one."""
    latest = (
        select(Shipment.order_id, Shipment.status)
        .ext(distinct_on(Shipment.order_id))
        .join(Order, Order.id == Shipment.order_id)
        .join(Decision, Decision.id == Order.decision_id)
        .where(
            Decision.reason == DecisionReason.low_risk,
            Decision.decided_at >= since,
            Shipment.status.in_((*RECEIVED, *CAME_BACK)),
        )
        .order_by(Shipment.order_id, Shipment.reported_at.desc(), Shipment.id.desc())
        .subquery()
    )
    told = {
        name: cast(Decision.proof["ground"]["params"][name].astext, Numeric)
        for name in ("cost", "loss", "freight")
    }
    came_back = latest.c.status.in_(CAME_BACK)
    asked = (
        select(
            Seller.slug,
            Order.country,
            func.count(),
            func.count().filter(latest.c.status.in_(RECEIVED)),
            func.count().filter(came_back),
            func.coalesce(func.sum(told["cost"]), 0),
            func.coalesce(func.sum(told["loss"]), 0),
            func.coalesce(func.sum(told["freight"]).filter(came_back), 0),
        )
        .join(Order, Order.decision_id == Decision.id)
        .join(Seller, Seller.id == Order.seller_id)
        .outerjoin(latest, latest.c.order_id == Order.id)
        .where(Decision.reason == DecisionReason.low_risk, Decision.decided_at >= since)
        .group_by(Seller.slug, Order.country)
        .order_by(Seller.slug, Order.country)
    )
    if seller_id is not None:
        asked = asked.where(Order.seller_id == seller_id)
    return [
        Waived(seller, country, orders, delivered, returned, *map(float, dollars))
        for seller, country, orders, delivered, returned, *dollars in session.execute(asked)
    ]
