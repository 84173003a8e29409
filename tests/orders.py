"""What tests begin with: a seller with a store, and orders as sellers send them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.drafts import OrderDraft
from models.orders import Order
from models.secrecy import Keyring
from models.sellers import Store
from verification.accounts.sellers import NewSeller, create_seller
from verification.intake.cod import is_cod
from verification.intake.merging import merge_patch
from verification.intake.reading import read_order
from verification.intake.receiving import Received, receive_order

KEYS = Keyring(b"a secret of the tests, long enough for a key")
PHONE = "0551234567"
E164 = "+966551234567"

PAYLOAD: dict[str, Any] = {
    "external_id": "1047",
    "number": "#1047",
    "placed_at": "2026-11-22T08:30:00Z",
    "currency": "SAR",
    "total": "199.00",
    "payment_method": "cod",
    "ship_by": None,
    "note": None,
    "buyer": {"name": "نوره العتيبي", "phone": PHONE, "alternate_phone": None, "language": "ar"},
    "address": {
        "country": "SA",
        "region": None,
        "city": "الرياض",
        "district": "النرجس",
        "street": "شارع أنس بن مالك",
        "building": "١٢",
        "short_address": "RNRA4521",
        "postal_code": None,
        "landmark": None,
    },
    "items": [
        {
            "sku": "HM-204",
            "title": "خلاط محمول",
            "variant": "أسود",
            "quantity": 1,
            "unit_price": "180.00",
            "image_url": None,
            "product_url": None,
        }
    ],
}


def make_seller(
    session: Session, now: datetime, name: str = "Noor Shop", url: str | None = "https://shop.example/events"
) -> NewSeller:
    """A Saudi seller with the store `default`, its events going to a public address."""
    return create_seller(session, name, "SA", url, keys=KEYS, now=now)


def draft(external_id: str = "1047", **patch: Any) -> OrderDraft:
    """The order of PAYLOAD with a merge patch over it."""
    return read_order(merge_patch(PAYLOAD, {**patch, "external_id": external_id}), zone="Asia/Riyadh")


def receive(session: Session, store: Store, order: OrderDraft, now: datetime) -> Received:
    """Take in a draft as the API does."""
    return receive_order(session, store, order, now=now, keys=KEYS, cod=is_cod(order.payment_method))


def received(session: Session, store: Store, order: OrderDraft, now: datetime) -> Order:
    """The stored order of a draft that is new."""
    result = receive(session, store, order, now)
    assert result.status == "created"
    return session.get_one(Order, result.order_id)
