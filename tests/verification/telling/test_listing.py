"""Turning the pages of a seller's orders, reading diaries and buyers."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.orders import Order
from models.vocabulary import OrderState
from tests.orders import KEYS, draft, make_seller, received
from verification.accounts.sellers import NewSeller
from verification.accounts.stores import add_store
from verification.refusals import NotFound
from verification.telling.listing import (
    CursorRefused,
    OrderFilter,
    buyer_resource,
    diary_entries,
    list_orders,
)

SHOP = OrderFilter()


@pytest.fixture
def seller(session: Session, now: datetime) -> NewSeller:
    return make_seller(session, now)


def _orders(session: Session, seller: NewSeller, now: datetime, many: int) -> list[UUID]:
    return [
        received(session, seller.store, draft(str(number), buyer={"phone": ""}), now).id
        for number in range(many)
    ]


def _ids(page: list[dict[str, Any]]) -> list[str]:
    return [order["id"] for order in page]


def _turn(session: Session, seller: NewSeller, limit: int, **filters: Any) -> list[str]:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = list_orders(
            session, seller.seller.id, OrderFilter(**filters), language="en", limit=limit, cursor=cursor
        )
        seen += _ids(page.orders)
        cursor = page.next_cursor
        if cursor is None:
            return seen


# One seller's orders serve all examples: each begins by setting every order's update.
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.lists(st.integers(0, 3), min_size=7, max_size=7),
    limit=st.integers(1, 8),
    changes=st.lists(st.tuples(st.integers(0, 6), st.integers(4, 6)), max_size=4),
)
def test_no_order_is_skipped_or_repeated_however_updates_fall(
    session: Session,
    seller: NewSeller,
    now: datetime,
    minutes: list[int],
    limit: int,
    changes: list[tuple[int, int]],
) -> None:
    ids = [
        order.id
        for order in session.query(Order).filter_by(seller_id=seller.seller.id).order_by(Order.external_id)
    ] or _orders(session, seller, now, 7)
    for order_id, minute in zip(ids, minutes, strict=True):
        _touch(session, order_id, now + timedelta(minutes=minute))
    seen: list[str] = []
    cursor, pending = None, list(changes)
    moved: set[str] = set()
    while True:
        page = list_orders(session, seller.seller.id, SHOP, language="en", limit=limit, cursor=cursor)
        seen += _ids(page.orders)
        cursor = page.next_cursor
        if cursor is None:
            break
        if pending:
            which, minute = pending.pop()
            _touch(session, ids[which], now + timedelta(minutes=minute))
            moved.add(str(ids[which]))
    assert set(seen) == set(map(str, ids))
    unmoved = [order_id for order_id in seen if order_id not in moved]
    assert len(unmoved) == len(set(unmoved))


def _touch(session: Session, order_id: UUID, at: datetime) -> None:
    session.execute(update(Order).where(Order.id == order_id).values(updated_at=at))


def test_oldest_update_comes_first(session: Session, seller: NewSeller, now: datetime) -> None:
    first, second, third = _orders(session, seller, now, 3)
    _touch(session, first, now + timedelta(minutes=2))
    _touch(session, second, now + timedelta(minutes=1))
    assert _turn(session, seller, 2) == [str(third), str(second), str(first)]
    assert _turn(session, seller, 2, updated_since=now + timedelta(minutes=1)) == [str(second), str(first)]


def test_the_last_full_page_has_no_next_one(session: Session, seller: NewSeller, now: datetime) -> None:
    _orders(session, seller, now, 2)
    page = list_orders(session, seller.seller.id, SHOP, language="en", limit=2)
    assert (len(page.orders), page.next_cursor) == (2, None)


def test_orders_are_found_by_store_state_and_external_id(
    session: Session, seller: NewSeller, now: datetime
) -> None:
    second = add_store(session, seller.seller, "outlet", keys=KEYS, now=now).store
    here = received(session, seller.store, draft("1"), now)
    paid = received(session, seller.store, draft("2", payment_method="card"), now)
    there = received(session, second, draft("1"), now)
    assert set(_turn(session, seller, 9, store="default")) == {str(here.id), str(paid.id)}
    assert _turn(session, seller, 9, store="outlet") == [str(there.id)]
    assert _turn(session, seller, 9, store="none") == []
    assert _turn(session, seller, 9, state=OrderState.waived) == [str(paid.id)]
    assert set(_turn(session, seller, 9, state=OrderState.queued)) == {str(here.id), str(there.id)}
    assert set(_turn(session, seller, 9, external_id="1")) == {str(here.id), str(there.id)}
    assert _turn(session, seller, 9, external_id="1\0") == _turn(session, seller, 9, store="\0") == []


def test_a_seller_lists_its_own_orders_alone(session: Session, seller: NewSeller, now: datetime) -> None:
    rival = make_seller(session, now, "Rival")
    [mine] = _orders(session, seller, now, 1)
    _orders(session, rival, now, 1)
    assert _turn(session, seller, 9) == [str(mine)]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "ا",
        "AAAA",
        "x" * 5000,
        urlsafe_b64encode(b"2026-11-22T09:00:00+00:00").decode(),
        urlsafe_b64encode(b"2026-11-22T09:00:00 01a201f7-c993-73d2-84e1-7a967c579f7c").decode(),
        urlsafe_b64encode(b"\xff\xfe \x00").decode(),
    ],
)
def test_a_cursor_of_nobodys_is_refused(session: Session, seller: NewSeller, cursor: str) -> None:
    with pytest.raises(CursorRefused):
        list_orders(session, seller.seller.id, SHOP, language="en", cursor=cursor)


def test_a_diary_reads_in_the_order_it_was_written(
    session: Session, seller: NewSeller, now: datetime
) -> None:
    order = received(session, seller.store, draft(total="150.00"), now)
    entries = diary_entries(session, order.id, "ar")
    assert [entry["code"] for entry in entries[:2]] == ["order_received", "total_mismatch"]
    for entry in entries:
        assert set(entry) == {"at", "kind", "actor", "code", "params", "text"}
    assert entries[0]["text"].startswith("وصل الطلب")
    assert diary_entries(session, uuid4(), "en") == []


def test_each_seller_sees_its_own_side_of_a_buyer(session: Session, seller: NewSeller, now: datetime) -> None:
    rival = make_seller(session, now, "Rival")
    mine = received(session, seller.store, draft(), now)
    theirs = received(session, rival.store, draft(), now)
    public = {}
    for each in (seller, rival):
        [order] = list_orders(session, each.seller.id, SHOP, language="en").orders
        public[each.seller.slug] = order["buyer"]["id"]
    assert mine.buyer_id == theirs.buyer_id
    assert len(set(public.values())) == 2
    buyer = buyer_resource(session, seller.seller.id, public["noor-shop"], "en")
    assert set(buyer) == {"id", "tier", "tier_reasons", "orders"}
    assert _ids(buyer["orders"]) == [str(mine.id)]
    for stranger in (public["rival"], str(mine.buyer_id), "nonsense", str(uuid4())):
        with pytest.raises(NotFound):
            buyer_resource(session, seller.seller.id, stranger, "en")
