"""Rows as they stand after intake, without going through it: for tests of the stages behind."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.base import new_id
from models.buyers import Buyer, ContactPoint, SellerBuyer
from models.orders import Item, Order, OrderContactPoint, OrderDetails
from models.outbox import OutboxBody, OutboxDelivery
from models.secrecy import Keyring, digest
from models.sellers import Seller, Store
from models.vocabulary import DeliveryState, EventType
from storefronts.signing import new_secret

KEYS = Keyring(b"a secret key for tests, long enough")
SECRET = new_secret()


def a_store(
    session: Session, now: datetime, *, url: str | None = None, secrets: tuple[str, ...] = (SECRET,)
) -> Store:
    """The default store of a new seller in Riyadh."""
    seller = Seller(id=new_id(), slug=f"seller-{new_id().hex}", name="Noor", country="SA", created_at=now)
    store = Store(
        id=new_id(),
        seller_id=seller.id,
        name="default",
        display_name="Noor",
        platform="api",
        country="SA",
        time_zone="Asia/Riyadh",
        hook_token_hash=digest(new_id().hex),
        event_url=url,
        event_secrets=KEYS.encrypt(json.dumps(secrets)),
        created_at=now,
    )
    session.add(seller)
    session.flush()
    session.add(store)
    session.flush()
    return store


def a_buyer(session: Session, now: datetime, *phones: str, keep: timedelta = timedelta(days=365)) -> Buyer:
    """A buyer with a contact point for each phone (E.164)."""
    buyer = Buyer(id=new_id(), language="ar", created_at=now)
    session.add(buyer)
    session.flush()
    for phone in phones:
        session.add(
            ContactPoint(
                buyer_id=buyer.id,
                phone=phone,
                phone_hash=KEYS.phone_hash(phone),
                country="SA",
                line_type="mobile",
                expires_at=now + keep,
                created_at=now,
            )
        )
    session.flush()
    return buyer


def an_order(
    session: Session,
    now: datetime,
    store: Store,
    buyer: Buyer,
    *,
    points: tuple[ContactPoint, ...] = (),
    keep: timedelta = timedelta(days=180),
    **details: Any,
) -> Order:
    """An undecided order with one item; `details` are columns of its personal side."""
    order = Order(
        id=new_id(),
        seller_id=store.seller_id,
        store_id=store.id,
        buyer_id=buyer.id,
        external_id=new_id().hex,
        fingerprint="-",
        currency="SAR",
        total_minor=19900,
        payment_method="cod",
        country="SA",
        placed_at=now,
        decide_by=now + timedelta(hours=48),
        asked_since=now,
        created_at=now,
        updated_at=now,
        items=[Item(position=0, title="خلاط محمول", sku="HM-204", quantity=1, unit_price_minor=19900)],
        details=OrderDetails(**{"phone_raw": "", "expires_at": now + keep, **details}),
    )
    session.add(order)
    if session.query(SellerBuyer).filter_by(seller_id=store.seller_id, buyer_id=buyer.id).count() == 0:
        session.add(SellerBuyer(seller_id=store.seller_id, buyer_id=buyer.id))
    session.flush()
    for position, point in enumerate(points):
        session.add(OrderContactPoint(order_id=order.id, contact_point_id=point.id, position=position))
    session.flush()
    return order


def an_event(
    session: Session,
    now: datetime,
    order: Order,
    *,
    version: int = 2,
    not_before: datetime | None = None,
    state: DeliveryState = DeliveryState.pending,
    body: str = '{"type":"order.confirmed"}',
    keep: timedelta = timedelta(days=60),
) -> UUID:
    """An event about the order, due at `not_before`, else now; its id."""
    delivery = OutboxDelivery(
        id=new_id(),
        store_id=order.store_id,
        order_id=order.id,
        order_version=version,
        event_type=EventType.order_confirmed,
        state=state,
        not_before=not_before or now,
        next_try_at=not_before or now,
        created_at=now,
    )
    session.add(delivery)
    session.flush()
    session.add(OutboxBody(delivery_id=delivery.id, body=body, expires_at=now + keep))
    session.flush()
    return delivery.id
