"""Handing a person everything that is known of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.base import Base
from models.buyers import Buyer, BuyerSign, ContactPoint, OptOut, Reachability, TierChange
from models.decisions import Decision
from models.diary import DiaryEntry
from models.dispositions import DispositionRow
from models.inbound import InboundBody, InboundEvent
from models.messages import Message, MessageBody
from models.money import decimal_text
from models.orders import Item, Order, OrderContactPoint, OrderDetails, Shipment
from models.outbox import OutboxBody, OutboxDelivery
from models.promises import Promise
from models.secrecy import Keyring
from models.sellers import Seller, Store
from verification.habits.reading import pasts_of
from verification.privacy.people import Person, find_person
from verification.slots.cells import Meant, meant_by


def export_buyer(session: Session, phone: str, keys: Keyring) -> dict[str, Any]:
    """All that is kept of the person behind a phone (E.164), as JSON; raises `NobodyKnown`.

    Instants are ISO 8601 in UTC. Orders of other people that name one of the person's phones are told by id
    only: the rest of them is about somebody else.
    """
    person = find_person(session, phone, keys)
    buyer = session.get_one(Buyer, person.buyer_id)
    orders = session.scalars(
        select(Order).where(Order.buyer_id == buyer.id).order_by(Order.created_at, Order.id)
    ).all()
    of_buyer = (DiaryEntry.buyer_id == buyer.id, DiaryEntry.order_id.is_(None))
    return {
        "buyer": _columns(buyer),
        "phones": [_phone(session, point_id) for point_id in person.point_ids],
        "orders": [_order(session, order) for order in orders],
        "named_on_orders": _named_on(session, person),
        "contacts": _rows(session, Attempt, Attempt.buyer_id == buyer.id),
        "messages": _messages(session, buyer.id),
        "raw_messages": _raw_messages(session, buyer.id),
        "signs_of_life": _rows(session, BuyerSign, BuyerSign.buyer_id == buyer.id),
        "habits": _habits(session, buyer.id),
        "tier_changes": _rows(session, TierChange, TierChange.buyer_id == buyer.id),
        "diary": _rows(session, DiaryEntry, *of_buyer),
    }


def _phone(session: Session, point_id: UUID) -> dict[str, Any]:
    point = session.get_one(ContactPoint, point_id)
    return {
        **_columns(point),
        "channels": _rows(session, Reachability, Reachability.contact_point_id == point.id),
        "opt_outs": _rows(session, OptOut, OptOut.phone_hash == point.phone_hash),
    }


def _order(session: Session, order: Order) -> dict[str, Any]:
    store = session.get_one(Store, order.store_id)
    told = session.execute(
        select(OutboxDelivery, OutboxBody.body)
        .outerjoin(OutboxBody, OutboxBody.delivery_id == OutboxDelivery.id)
        .where(OutboxDelivery.order_id == order.id)
        .order_by(OutboxDelivery.order_version)
    )
    return {
        **_columns(order),
        "seller": session.get_one(Seller, order.seller_id).name,
        "store": store.display_name,
        "total": decimal_text(order.total_minor, order.currency),
        "items": _rows(session, Item, Item.order_id == order.id),
        "details": _rows(session, OrderDetails, OrderDetails.order_id == order.id),
        "decisions": _rows(session, Decision, Decision.order_id == order.id),
        "promised_calls": _rows(session, Promise, Promise.order_id == order.id),
        "agents_choices": _rows(session, DispositionRow, DispositionRow.order_id == order.id),
        "shipments": _rows(session, Shipment, Shipment.order_id == order.id),
        "events": [{**_columns(delivery), "body": body} for delivery, body in told],
        "diary": _rows(session, DiaryEntry, DiaryEntry.order_id == order.id),
    }


def _named_on(session: Session, person: Person) -> list[str]:
    named = session.scalars(
        select(Order.id)
        .distinct()
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(OrderContactPoint.contact_point_id.in_(person.point_ids), Order.buyer_id != person.buyer_id)
    )
    return sorted(map(str, named))


def _messages(session: Session, buyer_id: UUID) -> list[dict[str, Any]]:
    thread = session.execute(
        select(Message, MessageBody.body)
        .outerjoin(MessageBody, MessageBody.message_id == Message.id)
        .where(Message.buyer_id == buyer_id)
        .order_by(Message.said_at, Message.id)
    )
    return [{**_columns(message), "words": body} for message, body in thread]


def _raw_messages(session: Session, buyer_id: UUID) -> list[dict[str, Any]]:
    came_in = session.execute(
        select(InboundEvent, InboundBody.body)
        .join(Attempt, Attempt.id == InboundEvent.attempt_id)
        .outerjoin(InboundBody, InboundBody.event_id == InboundEvent.id)
        .where(Attempt.buyer_id == buyer_id)
        .order_by(InboundEvent.received_at, InboundEvent.id)
    )
    return [{**_columns(event), "raw": body} for event, body in came_in]


def _habits(session: Session, buyer_id: UUID) -> list[dict[str, Any]]:
    """What is counted of when the buyer answers, cell by cell, on the buyer's clock."""
    past = pasts_of(session, [buyer_id])[buyer_id]
    return [_counted(meant_by(cell)) | {"times": times} for cell, times in sorted(past.cells.items())]


def _counted(meant: Meant) -> dict[str, Any]:
    days = None if meant.rest is None else "rest_days" if meant.rest else "work_days"
    if meant.sign is not None:
        return {"sign_of_life": meant.sign.value, "days": days, "hour": meant.hour}
    return {
        "channel": _json(meant.channel),
        "regime": _json(meant.regime),
        "days": days,
        "hour": meant.hour,
        "answered": meant.reached,
    }


def _rows(session: Session, table: type[Base], *conditions: ColumnElement[bool]) -> list[dict[str, Any]]:
    keys = inspect(table).primary_key
    found: Sequence[Base] = session.scalars(select(table).where(*conditions).order_by(*keys)).all()
    return [_columns(row) for row in found]


def _columns(row: Base) -> dict[str, Any]:
    """A row as JSON; keyed hashes and digests say nothing to anybody and are left out."""
    values = {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
    return {name: _json(value) for name, value in values.items() if not isinstance(value, bytes)}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID | Decimal) else value
