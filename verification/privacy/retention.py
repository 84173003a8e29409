"""Dropping personal data whose time has come, class by class."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, exists, select, update
from sqlalchemy.orm import Session

from models.buyers import Buyer, ContactPoint
from models.decisions import Decision
from models.inbound import InboundBody
from models.messages import MessageBody
from models.orders import Order, OrderContactPoint, OrderDetails
from models.outbox import OutboxBody, OutboxDelivery
from models.replays import ReplayedAnswer
from models.vocabulary import DataClass, DeliveryState
from verification.habits.forgetting import forget, forget_told


def drop_expired(session: Session, now: datetime, *, limit: int = 5_000) -> dict[DataClass, int]:
    """Drop up to `limit` expired pieces of each class; how many there were. All are gone when all are 0.

    What is still needed stays: the details and phones of an order that is not decided, the body of an event
    that is not sent. Counts, ids and decisions remain, and of a phone its keyed hash.
    """
    return {data_class: drop(session, now, limit) for data_class, drop in _DROPS.items()}


def forget_changes(session: Session, order_ids: list[UUID]) -> None:
    """Blank what was agreed with the buyers of these orders, an address for instance; decisions stand."""
    session.execute(
        update(Decision).where(Decision.order_id.in_(order_ids), Decision.changes != {}).values(changes={})
    )


def _addresses(session: Session, now: datetime, limit: int) -> int:
    expired = (
        select(OrderDetails.order_id)
        .join(Order, Order.id == OrderDetails.order_id)
        .where(OrderDetails.expires_at <= now, Order.decision_id.is_not(None))
        .limit(limit)
        .with_for_update(skip_locked=True, of=OrderDetails)
    )
    gone = session.scalars(
        delete(OrderDetails).where(OrderDetails.order_id.in_(expired)).returning(OrderDetails.order_id)
    ).all()
    forget_changes(session, list(gone))
    return len(gone)


def _phones(session: Session, now: datetime, limit: int) -> int:
    in_use = exists().where(
        OrderContactPoint.contact_point_id == ContactPoint.id,
        Order.id == OrderContactPoint.order_id,
        Order.decision_id.is_(None),
    )
    expired = (ContactPoint.expires_at <= now, ContactPoint.phone.is_not(None), ~in_use)
    # Buyers first, as everywhere; whose case is being worked at waits for the next time.
    buyer_ids = session.scalars(
        select(Buyer.id)
        .where(Buyer.id.in_(select(ContactPoint.buyer_id).where(*expired).limit(limit)))
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    points = (
        select(ContactPoint.id)
        .where(ContactPoint.buyer_id.in_(buyer_ids), *expired)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    forgotten = update(ContactPoint).where(ContactPoint.id.in_(points)).values(phone=None, erased_at=now)
    count = _count(session, forgotten)
    _habits(session, buyer_ids)
    return count


def _habits(session: Session, buyer_ids: Sequence[UUID]) -> None:
    """Forget when those answer of whom no phone is left, also as their decided orders' plans tell it."""
    has_phone = exists().where(ContactPoint.buyer_id == Buyer.id, ContactPoint.phone.is_not(None))
    gone = session.scalars(select(Buyer.id).where(Buyer.id.in_(buyer_ids), ~has_phone)).all()
    forget(session, gone)
    decided = select(Order.id).where(Order.buyer_id.in_(gone), Order.decision_id.is_not(None))
    forget_told(session, session.scalars(decided).all())


def _message_bodies(session: Session, now: datetime, limit: int) -> int:
    expired = select(MessageBody.message_id).where(MessageBody.expires_at <= now)
    return _delete(session, MessageBody, MessageBody.message_id, expired.limit(limit))


def _inbound_bodies(session: Session, now: datetime, limit: int) -> int:
    expired = select(InboundBody.event_id).where(InboundBody.expires_at <= now)
    return _delete(session, InboundBody, InboundBody.event_id, expired.limit(limit))


def _outbox_bodies(session: Session, now: datetime, limit: int) -> int:
    expired = (
        select(OutboxBody.delivery_id)
        .join(OutboxDelivery, OutboxDelivery.id == OutboxBody.delivery_id)
        .where(OutboxBody.expires_at <= now, OutboxDelivery.state != DeliveryState.pending)
    )
    return _delete(session, OutboxBody, OutboxBody.delivery_id, expired.limit(limit))


def _replayed_answers(session: Session, now: datetime, limit: int) -> int:
    return _count(session, delete(ReplayedAnswer).where(ReplayedAnswer.expires_at <= now))


def _delete(session: Session, table: Any, key: Any, expired: Select[Any]) -> int:
    return _count(session, delete(table).where(key.in_(expired)))


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101 - what an UPDATE or DELETE gives
    return result.rowcount


_DROPS: dict[DataClass, Callable[[Session, datetime, int], int]] = {
    DataClass.address: _addresses,
    DataClass.contact_point: _phones,
    DataClass.message_body: _message_bodies,
    DataClass.inbound_body: _inbound_bodies,
    DataClass.outbox_body: _outbox_bodies,
    DataClass.replayed_answer: _replayed_answers,
}
