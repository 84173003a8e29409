"""Finding a seller and its stores by what people call them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.sellers import Seller, Store
from verification.accounts.refusals import AccountRefused


def seller_of(session: Session, name: str) -> Seller:
    """The seller of this id or slug; raises `AccountRefused` when there is none."""
    try:
        named = Seller.id == UUID(name)
    except ValueError:
        named = Seller.slug == name.replace("\0", "")
    seller = session.scalars(select(Seller).where(named)).one_or_none()
    if seller is None:
        raise AccountRefused("seller_missing")
    return seller


def store_ids(session: Session, seller: Seller) -> list[UUID]:
    """The ids of all stores of a seller."""
    return list(session.scalars(select(Store.id).where(Store.seller_id == seller.id)))
