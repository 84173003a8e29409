"""What sellers read: pages of orders, an order's diary, a buyer."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, select, tuple_
from sqlalchemy.orm import Session

from models.buyers import Buyer, SellerBuyer
from models.diary import DiaryEntry
from models.orders import Order
from models.sellers import Store
from models.vocabulary import OrderState
from verification.refusals import NotFound, as_id
from verification.telling.resource import instant_text, order_resources, reason_json
from verification.telling.state import order_state

DEFAULT_LIMIT = 50
MOST_ON_A_PAGE = 200


class CursorRefused(Exception):
    """A cursor that no page of ours ended with."""

    def __init__(self) -> None:
        super().__init__("cursor_invalid")
        self.code = "cursor_invalid"


@dataclass(frozen=True)
class OrderFilter:
    """Which of a seller's orders to list; `updated_since` includes its own instant."""

    store: str | None = None
    state: OrderState | None = None
    external_id: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some orders as the contract shows them; `next_cursor` is None on the last page."""

    orders: list[dict[str, Any]]
    next_cursor: str | None


def list_orders(
    session: Session,
    seller_id: UUID,
    wanted: OrderFilter,
    *,
    language: str,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page:
    """One page, oldest update first. An order that changes while pages are turned moves to the end, so it is
    never missed. `limit` is from 1 to MOST_ON_A_PAGE. Raises `CursorRefused`."""
    query = _filtered(select(Order.updated_at, Order.id).where(Order.seller_id == seller_id), wanted)
    if cursor is not None:
        query = query.where(tuple_(Order.updated_at, Order.id) > tuple_(*_read_cursor(cursor)))
    # One more than asked for tells whether there is a next page.
    rows = session.execute(query.order_by(Order.updated_at, Order.id).limit(limit + 1)).all()
    page = rows[:limit]
    return Page(
        orders=order_resources(session, [order_id for _, order_id in page], language),
        next_cursor=_cursor(*page[-1]) if len(rows) > limit else None,
    )


def diary_entries(session: Session, order_id: UUID, language: str) -> list[dict[str, Any]]:
    """An order's story in the order in which it was written, each line with its words."""
    entries = session.scalars(
        select(DiaryEntry).where(DiaryEntry.order_id == order_id).order_by(DiaryEntry.id)
    )
    return [
        {
            "at": instant_text(entry.at),
            "kind": entry.kind,
            "actor": entry.actor,
            **reason_json({"code": entry.code, "params": entry.params}, language, since=entry.at),
        }
        for entry in entries
    ]


def buyer_resource(session: Session, seller_id: UUID, public_id: UUID | str, language: str) -> dict[str, Any]:
    """A buyer as one seller may see it: the tier, and the latest MOST_ON_A_PAGE of the seller's own orders.

    `public_id` is this seller's id of the buyer. Raises `NotFound`, for another seller's id too.
    """
    buyer = session.scalars(
        select(Buyer)
        .join(SellerBuyer, SellerBuyer.buyer_id == Buyer.id)
        .where(SellerBuyer.id == as_id(public_id), SellerBuyer.seller_id == seller_id)
    ).one_or_none()
    if buyer is None:
        raise NotFound
    orders = session.scalars(
        select(Order.id)
        .where(Order.buyer_id == buyer.id, Order.seller_id == seller_id)
        .order_by(Order.created_at.desc(), Order.id.desc())
        .limit(MOST_ON_A_PAGE)
    ).all()
    return {
        "id": str(as_id(public_id)),
        "tier": buyer.tier.value,
        "tier_reasons": [reason_json(reason, language) for reason in buyer.tier_reasons],
        "orders": order_resources(session, orders, language),
    }


def _filtered(query: Select[datetime, UUID], wanted: OrderFilter) -> Select[datetime, UUID]:
    if "\0" in (wanted.store or "") + (wanted.external_id or ""):
        return query.where(false())
    if wanted.store is not None:
        query = query.join(Store, Store.id == Order.store_id).where(Store.name == wanted.store)
    if wanted.state is not None:
        query = query.where(order_state() == wanted.state.value)
    if wanted.external_id is not None:
        query = query.where(Order.is_called(wanted.external_id))
    if wanted.updated_since is not None:
        query = query.where(Order.updated_at >= wanted.updated_since)
    return query


def _cursor(updated_at: datetime, order_id: UUID) -> str:
    return urlsafe_b64encode(f"{updated_at.isoformat()} {order_id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        updated_at, _, order_id = urlsafe_b64decode(padded).decode().partition(" ")
        at, last_id = datetime.fromisoformat(updated_at), UUID(order_id)
    except ValueError:
        raise CursorRefused from None
    if at.tzinfo is None:
        raise CursorRefused
    return at, last_id
