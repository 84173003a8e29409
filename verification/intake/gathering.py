"""Collecting what screening looks at: the order's phones, its buyer's other orders and wishes."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.buyers import Buyer, ContactPoint, OptOut
from models.countries import served
from models.decisions import Decision
from models.drafts import OrderDraft
from models.money import exponent
from models.orders import Item, Order
from models.phones import PhoneReading
from models.vocabulary import Channel, Purpose
from verification.policy.values import Policy
from verification.screening.duplicates import EarlierOrder, ItemKey
from verification.screening.screening import ScreeningFacts, ScreeningPolicy

MOST_COMPARED = 100
"""A reseller's phone may stand on thousands of orders; the latest ones tell whether one is repeated."""


def gather_facts(
    session: Session,
    order: Order,
    draft: OrderDraft,
    reading: PhoneReading,
    buyer: Buyer,
    points: Sequence[ContactPoint],
    policy: Policy,
    *,
    cod: bool,
) -> ScreeningFacts:
    """Everything `screen` asks about a stored order; `reading` is what its phones were read as."""
    window = timedelta(hours=policy.duplicate_window_hours)
    return ScreeningFacts(
        draft=draft,
        phone_problems=reading.problems,
        is_cod=cod,
        is_served=served(draft.address.country) is not None,
        policy=ScreeningPolicy(
            duplicate_window=window,
            suspicious_quantity=policy.suspicious_quantity,
            suspicious_value_minor=_suspicious_minor(draft, policy),
        ),
        earlier=_other_orders(session, order, window),
        tier=buyer.tier,
        opted_out=_opted_out(session, points),
    )


def _suspicious_minor(draft: OrderDraft, policy: Policy) -> int | None:
    country = served(draft.address.country)
    # The limit is in the country's money and says nothing about an order in another.
    if policy.suspicious_value is None or country is None or country.currency != draft.currency:
        return None
    # A limit with more decimals than the money has is rounded down, never an error of the order's.
    return int(Decimal(policy.suspicious_value).scaleb(exponent(draft.currency)))


def _other_orders(session: Session, order: Order, window: timedelta) -> tuple[EarlierOrder, ...]:
    others = (
        select(Order.id, Order.placed_at, Decision.verdict)
        .outerjoin(Decision, Decision.id == Order.decision_id)
        .where(
            Order.buyer_id == order.buyer_id,
            Order.seller_id == order.seller_id,
            Order.id != order.id,
            Order.placed_at.between(order.placed_at - window, order.placed_at + window),
        )
        .order_by(Order.created_at.desc(), Order.id.desc())
        .limit(MOST_COMPARED)
    )
    found = {order_id: (placed_at, verdict) for order_id, placed_at, verdict in session.execute(others)}
    items: dict[UUID, list[ItemKey]] = {order_id: [] for order_id in found}
    for order_id, sku, title in session.execute(
        select(Item.order_id, Item.sku, Item.title).where(Item.order_id.in_(found))
    ):
        items[order_id].append(ItemKey.read(sku, title))
    return tuple(
        EarlierOrder(id=order_id, placed_at=placed_at, items=tuple(items[order_id]), verdict=verdict)
        for order_id, (placed_at, verdict) in found.items()
    )


def _opted_out(session: Session, points: Sequence[ContactPoint]) -> tuple[Channel, ...]:
    return tuple(
        session.scalars(
            select(OptOut.channel)
            .where(
                OptOut.phone_hash.in_([point.phone_hash for point in points]),
                OptOut.purpose == Purpose.verify,
            )
            .distinct()
        )
    )
