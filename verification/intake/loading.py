"""The guarded way to stored orders and stores: always through the seller that they belong to."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orders import Order
from models.sellers import Store
from verification.planning.scheduling import lock_buyer
from verification.refusals import NotFound, as_id


def order_of(session: Session, seller_id: UUID, order_id: UUID | str) -> Order:
    """The seller's order; raises `NotFound` for another seller's, an unknown id and what is no id at all."""
    order = session.scalars(
        select(Order).where(Order.id == as_id(order_id), Order.seller_id == seller_id)
    ).one_or_none()
    if order is None:
        raise NotFound
    return order


def store_of(session: Session, seller_id: UUID, name: str) -> Store:
    """The seller's store of that name; raises `NotFound`."""
    # PostgreSQL cannot even be asked for a text with NUL.
    if "\0" in name:
        raise NotFound
    store = session.scalars(
        select(Store).where(Store.seller_id == seller_id, Store.name == name)
    ).one_or_none()
    if store is None:
        raise NotFound
    return store


def hold(session: Session, order: Order, *, also: UUID | None = None) -> None:
    """Read the order as it stands, behind its buyer's lock: nobody changes it until the transaction ends.

    `also` is another buyer whom the change will concern; two locks are taken in one sequence by all. Call it
    before the first change, which it would overwrite.
    """
    while True:
        wanted = {order.buyer_id, also or order.buyer_id}
        savepoint = session.begin_nested()
        for buyer_id in sorted(wanted):
            lock_buyer(session, buyer_id)
        session.refresh(order)
        if order.buyer_id in wanted:
            savepoint.commit()
            return
        # Corrected to another buyer's phone while we waited: let go, and take the locks in sequence again.
        savepoint.rollback()
