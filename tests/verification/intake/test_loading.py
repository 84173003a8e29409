"""Orders and stores are reached through their seller alone."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.orders import draft, make_seller, received
from verification.intake.loading import order_of, store_of
from verification.refusals import NotFound


def test_a_seller_reaches_its_own(session: Session, now: datetime) -> None:
    made = make_seller(session, now)
    order = received(session, made.store, draft(), now)
    assert order_of(session, made.seller.id, str(order.id)) is order
    assert store_of(session, made.seller.id, "default") is made.store


def test_another_sellers_and_what_is_none_are_not_found(session: Session, now: datetime) -> None:
    made, rival = make_seller(session, now), make_seller(session, now, "Rival")
    order = received(session, made.store, draft(), now)
    for order_id in (order.id, str(order.id), uuid4(), "", "1047", "\0", "'; DROP TABLE orders"):
        with pytest.raises(NotFound):
            order_of(session, rival.seller.id, order_id)
    for name in ("", "other", "default\0", "DEFAULT"):
        with pytest.raises(NotFound):
            store_of(session, rival.seller.id, name)
