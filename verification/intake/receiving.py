"""Receiving an order: everything that its arrival means, in the caller's one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.drafts import OrderDraft
from models.orders import Order
from models.secrecy import Keyring
from models.sellers import Store
from models.vocabulary import DataClass
from verification import diary
from verification.hours.locating import place_in
from verification.intake.buyers import link_to_seller, note_sign
from verification.intake.examining import (
    Reached,
    deadline,
    expiry,
    flag_order,
    reach,
    release_or_plan,
    set_points,
)
from verification.intake.storing import stored_draft, write_details
from verification.policy.stored import policy_for
from verification.policy.values import Policy
from verification.refusals import DetailsErased
from verification.tiers.recomputing import retier


@dataclass(frozen=True)
class Received:
    """What became of an order that was sent: `conflict` when its external id stands for other content."""

    order_id: UUID
    status: Literal["created", "repeated", "conflict"]


def receive_order(
    session: Session, store: Store, draft: OrderDraft, *, now: datetime, keys: Keyring, cod: bool
) -> Received:
    """Store, screen and plan an order, once, however often and by however many processes it is sent.

    Holds the locks of the buyer and the phones until the transaction ends, so one order a transaction. `cod`
    says whether it is paid at the door.
    """
    known = _stored(session, store, draft)
    if known is not None:
        return known
    policy = policy_for(session, store, draft.address.country)
    savepoint = session.begin_nested()
    reached = reach(session, draft, policy, now=now, keys=keys)
    order = _insert(session, store, draft, reached, policy, now)
    if order is None:
        # The same order came through another process meanwhile; with the savepoint goes what we made for it.
        savepoint.rollback()
        stored = _stored(session, store, draft)
        assert stored is not None  # noqa: S101 - an order is never deleted
        return stored
    savepoint.commit()
    diary.write(
        session,
        at=now,
        kind="order",
        actor="seller",
        code="order_received",
        params={"items": len(draft.items), "phones": len(reached.points)},
        order_id=order.id,
    )
    write_details(order, draft, expires_at=expiry(policy, DataClass.address, now))
    link_to_seller(session, reached.buyer.id, order.seller_id)
    set_points(session, order, reached.points)
    note_sign(session, reached.buyer.id, draft.placed_at, now)
    if not reached.buyer.tier_reasons:
        retier(session, reached.buyer.id, now=now, cause="order")
    flag_order(session, order, draft, reached, policy, cod=cod, now=now)
    release_or_plan(session, order, policy, now=now)
    return Received(order.id, "created")


def _stored(session: Session, store: Store, draft: OrderDraft) -> Received | None:
    order = session.scalars(
        select(Order).where(Order.store_id == store.id, Order.is_called(draft.external_id))
    ).one_or_none()
    if order is None:
        return None
    same = draft.fingerprint() in (order.fingerprint, _fingerprint_now(order))
    return Received(order.id, "repeated" if same else "conflict")


def _fingerprint_now(order: Order) -> str | None:
    # A corrected order may be sent again as it was first or as it is now: both are repeats.
    try:
        return stored_draft(order).fingerprint()
    except DetailsErased:
        return None


def _insert(
    session: Session, store: Store, draft: OrderDraft, reached: Reached, policy: Policy, now: datetime
) -> Order | None:
    order_id = session.scalar(
        insert(Order)
        .values(
            id=new_id(),
            seller_id=store.seller_id,
            store_id=store.id,
            buyer_id=reached.buyer.id,
            external_id=draft.external_id,
            number=draft.number,
            fingerprint=draft.fingerprint(),
            currency=draft.currency,
            total_minor=draft.total_minor,
            payment_method=draft.payment_method,
            country=draft.address.country,
            place=place_in(draft.address),
            language=draft.buyer.language,
            placed_at=draft.placed_at,
            ship_by=draft.ship_by,
            decide_by=deadline(draft.ship_by, policy, now),
            asked_since=now,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["store_id", text("md5(external_id)")])
        .returning(Order.id)
    )
    return None if order_id is None else session.get_one(Order, order_id)
