"""Calls that were promised: made, kept, broken, or no longer needed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.orders import Order
from models.promises import Promise
from models.sellers import Store
from models.unit_of_work import unit_of_work
from models.vocabulary import PromiseResult, Via
from verification import diary
from verification.policy.stored import policy_book

_BATCH = 200
_EARLY = timedelta(minutes=5)


def promise(
    session: Session, order: Order, at: datetime, *, made_by: str | None, via: Via, now: datetime
) -> None:
    """Write down that the buyer will be called at `at`; an earlier promise about the order gives way."""
    drop(session, [order.id], now=now)
    session.add(
        Promise(
            order_id=order.id, buyer_id=order.buyer_id, made_by=made_by, via=via, promised_at=at, made_at=now
        )
    )
    params = {"at": at.isoformat(), "via": via.value}
    _note(session, order.id, made_by or "buyer", "promise_made", now, params)
    session.flush()


def keep(
    session: Session, order_ids: Sequence[UUID], *, actor: str, grace_minutes: int, now: datetime
) -> None:
    """The buyer is being called: promises due by now are kept, unless it is later than the grace allows.

    A call well before the promised time leaves the promise standing.
    """
    for made in _open(session, order_ids):
        if now < made.promised_at - _EARLY:
            continue
        in_time = now <= made.promised_at + timedelta(minutes=grace_minutes)
        _end(session, made, PromiseResult.kept if in_time else PromiseResult.broken, now, actor)


def drop(session: Session, order_ids: Sequence[UUID], *, now: datetime) -> None:
    """The call is no longer needed: the order is decided, or another time was agreed."""
    for made in _open(session, order_ids):
        made.result, made.ended_at = PromiseResult.dropped, now
    session.flush()


def break_overdue(engine: Engine, now: datetime) -> int:
    """Promises whose time and grace have passed without a call count as broken; the call is still made."""
    due = (
        select(Promise, Store.id, Store.seller_id, Order.country)
        .join(Order, Order.id == Promise.order_id)
        .join(Store, Store.id == Order.store_id)
        .where(Promise.result.is_(None), Promise.promised_at < now)
        .order_by(Promise.promised_at)
        .limit(_BATCH)
        .with_for_update(of=Promise, skip_locked=True)
    )
    broken = 0
    with unit_of_work(engine) as session:
        book = policy_book(session)
        for made, store_id, seller_id, country in session.execute(due).all():
            policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
            if made.promised_at + timedelta(minutes=policy.promise_grace_minutes) < now:
                _end(session, made, PromiseResult.broken, now, "system")
                broken += 1
    return broken


def _open(session: Session, order_ids: Sequence[UUID]) -> Sequence[Promise]:
    return session.scalars(
        select(Promise)
        .where(Promise.order_id.in_(order_ids), Promise.result.is_(None))
        .order_by(Promise.id)
        .with_for_update()
    ).all()


def _end(session: Session, made: Promise, result: PromiseResult, now: datetime, actor: str) -> None:
    made.result, made.ended_at = result, now
    params = {"at": made.promised_at.isoformat()}
    _note(session, made.order_id, actor, f"promise_{result.value}", now, params)


def _note(
    session: Session, order_id: UUID, actor: str, code: str, now: datetime, params: dict[str, str]
) -> None:
    diary.write(session, at=now, kind="contact", actor=actor, code=code, params=params, order_id=order_id)
