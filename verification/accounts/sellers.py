"""Making a seller: with the default store and a first key, ready to send orders."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.countries import is_country
from models.secrecy import Keyring
from models.sellers import Seller, Store
from verification.accounts.api_keys import issue_key
from verification.accounts.naming import numbered, slug_of
from verification.accounts.refusals import AccountRefused
from verification.accounts.stores import DEFAULT_STORE, add_store


@dataclass(frozen=True)
class NewSeller:
    """A seller with the secrets that are shown this once."""

    seller: Seller
    store: Store
    api_key: str
    webhook_secret: str


def create_seller(
    session: Session,
    name: str,
    country: str,
    webhook_url: str | None = None,
    *,
    keys: Keyring,
    now: datetime,
    allow_private: bool = False,
) -> NewSeller:
    """A seller with the store `default` and one key; `country` is ISO 3166-1 alpha-2, served or not.

    The slug is made of the name, numbered when taken; a name in another script gives seller-1, seller-2.
    Raises `AccountRefused` and, for the address of its events, `EndpointRefused`.
    """
    name, country = name.strip(), country.strip().upper()
    if not name or "\0" in name:
        raise AccountRefused("name_empty")
    if not is_country(country):
        raise AccountRefused("unknown_country")
    seller = _insert(session, name, country, now)
    made = add_store(
        session,
        seller,
        DEFAULT_STORE,
        keys=keys,
        now=now,
        event_url=webhook_url,
        allow_private=allow_private,
    )
    return NewSeller(seller, made.store, issue_key(session, seller.id, now=now), made.webhook_secret)


def _insert(session: Session, name: str, country: str, now: datetime) -> Seller:
    stem = slug_of(name)
    taken = session.scalar(select(func.count()).select_from(Seller)) or 0
    slugs = (
        (numbered(stem, number) for number in count(1))
        if stem
        else (f"seller-{number}" for number in count(taken + 1))
    )
    for slug in slugs:
        seller_id = session.scalar(
            insert(Seller)
            .values(id=new_id(), slug=slug, name=name, country=country, created_at=now)
            .on_conflict_do_nothing(index_elements=["slug"])
            .returning(Seller.id)
        )
        if seller_id is not None:
            return session.get_one(Seller, seller_id)
    raise AssertionError("counting never ends")
