"""Erasing a person: what remains is counts, decisions and, under keyed hashes, the wish for silence.

Open orders are decided first, as `unreachable`/`no_usable_number`: nobody is left who could be asked, and the
seller is told so. Events that are still on their way go out without the person in them.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from models.buyers import Buyer, BuyerSign, ContactPoint, Reachability
from models.orders import Order, OrderContactPoint, OrderDetails, Shipment
from models.secrecy import Keyring
from models.vocabulary import DecisionReason, ShipmentStatus
from verification import diary
from verification.decision.ruling import given_up
from verification.decision.taking import decide
from verification.habits.forgetting import forget, forget_told
from verification.planning.scheduling import lock_buyer, plan_case
from verification.privacy.people import Person, find_person
from verification.privacy.retention import forget_changes
from verification.privacy.wiping import clean_others, wipe_events, wipe_words
from verification.steps.ending import cancel_live_steps


def erase_buyer(
    session: Session, phone: str, keys: Keyring, now: datetime, *, actor: str = "operator"
) -> dict[str, int]:
    """Erase the person behind a phone (E.164) everywhere; how many things of each kind were touched.

    Other people's orders that name one of the person's phones lose that phone, and are planned anew without
    it. Raises `NobodyKnown`.
    """
    person = find_person(session, phone, keys)
    others = _orders_of_others(session, person)
    for buyer_id in sorted({person.buyer_id, *(order.buyer_id for order in others)}):
        lock_buyer(session, buyer_id)
    orders = session.scalars(select(Order).where(Order.buyer_id == person.buyer_id).order_by(Order.id)).all()
    order_ids = [order.id for order in orders]
    closed = _close(session, orders, actor, now)
    _unlink(session, person, others, now)

    _wipe_orders(session, order_ids)
    counts = {
        "orders": len(orders),
        "orders_closed": closed,
        "phones": len(person.point_ids),
        **wipe_words(session, person, order_ids),
        "events": wipe_events(session, order_ids),
        "orders_of_others": clean_others(session, person, [order.id for order in others]),
    }
    _wipe_buyer(session, person, now)
    diary.write(
        session,
        at=now,
        kind="privacy",
        actor=actor,
        code="buyer_erased",
        params=counts,
        buyer_id=person.buyer_id,
    )
    session.flush()
    session.expire_all()
    return counts


def _orders_of_others(session: Session, person: Person) -> Sequence[Order]:
    return session.scalars(
        select(Order)
        .distinct()
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(OrderContactPoint.contact_point_id.in_(person.point_ids), Order.buyer_id != person.buyer_id)
        .order_by(Order.id)
    ).all()


def _close(session: Session, orders: Sequence[Order], actor: str, now: datetime) -> int:
    still_open = [order for order in orders if order.decision_id is None]
    for order in still_open:
        decide(session, order, given_up(DecisionReason.no_usable_number), now=now, actor=actor)
    # Reviews of decided orders too.
    cancel_live_steps(session, [order.id for order in orders], now=now, reason="buyer_erased")
    return len(still_open)


def _unlink(session: Session, person: Person, others: Sequence[Order], now: datetime) -> None:
    """Take the person's phones out of other people's orders."""
    session.execute(
        delete(OrderContactPoint).where(
            OrderContactPoint.contact_point_id.in_(person.point_ids),
            OrderContactPoint.order_id.in_([order.id for order in others]),
        )
    )
    still_open = [order for order in others if order.decision_id is None]
    cancel_live_steps(session, [order.id for order in still_open], now=now, reason="buyer_erased")
    session.flush()
    for buyer_id, store_id in sorted({(order.buyer_id, order.store_id) for order in still_open}):
        plan_case(session, buyer_id, store_id, now=now)


def _wipe_orders(session: Session, order_ids: Sequence[UUID]) -> None:
    session.flush()
    forget_told(session, order_ids)
    session.execute(delete(OrderDetails).where(OrderDetails.order_id.in_(order_ids)))
    forget_changes(session, list(order_ids))
    session.execute(update(Shipment).where(Shipment.order_id.in_(order_ids)).values(reason=None))
    # Words that are no status of ours are free text; the id keeps the reports apart.
    session.execute(
        update(Shipment)
        .where(Shipment.order_id.in_(order_ids), Shipment.status == ShipmentStatus.unknown)
        .values(status_raw=cast(Shipment.id, Text))
    )


def _wipe_buyer(session: Session, person: Person, now: datetime) -> None:
    points = ContactPoint.id.in_(person.point_ids)
    session.execute(
        update(ContactPoint)
        .where(points, or_(ContactPoint.phone.is_not(None), ContactPoint.erased_at.is_(None)))
        .values(phone=None, erased_at=now)
    )
    session.execute(delete(Reachability).where(Reachability.contact_point_id.in_(person.point_ids)))
    session.execute(delete(BuyerSign).where(BuyerSign.buyer_id == person.buyer_id))
    forget(session, [person.buyer_id])
    session.execute(update(Buyer).where(Buyer.id == person.buyer_id).values(language=None, erased_at=now))
