"""For whom values can be set, by what people call them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.policies import PolicyOverride
from models.sellers import Seller, Store
from verification.audit import Audited


@dataclass(frozen=True)
class Owner:
    """A seller with the names of its stores."""

    id: UUID
    slug: str
    name: str
    country: str
    stores: Mapping[str, UUID]


def list_sellers(session: Session) -> list[tuple[str, str]]:
    """Slug and name of every seller, by name."""
    found = session.execute(select(Seller.slug, Seller.name).order_by(func.lower(Seller.name), Seller.slug))
    return [(seller.slug, seller.name) for seller in found]


def find_owner(session: Session, slug: str) -> Owner | None:
    """The seller of this slug."""
    seller = session.scalars(select(Seller).where(Seller.slug == slug.replace("\0", ""))).one_or_none()
    if seller is None:
        return None
    stores = session.execute(
        select(Store.name, Store.id).where(Store.seller_id == seller.id).order_by(Store.name)
    )
    named = {store.name: store.id for store in stores}
    return Owner(seller.id, seller.slug, seller.name, seller.country, named)


def owner_names(session: Session, lines: Iterable[Audited]) -> Mapping[str, str]:
    """What the sellers and stores that the lines speak of are called, by their ids."""
    ids: dict[str, set[UUID]] = {"seller": set(), "store": set()}
    for line in lines:
        if (kind := line.params.get("scope")) in ids:
            ids[kind].add(UUID(line.params["id"]))
    names: dict[str, str] = {}
    if ids["seller"]:
        sellers = session.execute(select(Seller.id, Seller.name).where(Seller.id.in_(ids["seller"])))
        names |= {str(seller.id): seller.name for seller in sellers}
    if ids["store"]:
        stores = session.execute(
            select(Store.id, Store.name, Seller.name.label("seller"))
            .join(Seller, Seller.id == Store.seller_id)
            .where(Store.id.in_(ids["store"]))
        )
        names |= {str(store.id): f"{store.seller} / {store.name}" for store in stores}
    return names


def count_overrides(session: Session) -> Mapping[str, int]:
    """How many values are set for a `country`, a `seller`, a `store`."""
    row = PolicyOverride
    found = session.execute(
        select(func.count(row.country), func.count(row.seller_id), func.count(row.store_id))
    ).one()
    return dict(zip(("country", "seller", "store"), found, strict=True))
