"""A seller's shops, and the secrets that their events and storefronts go by."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.countries import is_country
from models.secrecy import Keyring, digest, new_token
from models.sellers import Seller, Store
from storefronts.endpoint import check_url
from storefronts.signing import new_secret
from verification.accounts.refusals import AccountRefused
from verification.accounts.zones import is_zone, zone_of

DEFAULT_STORE = "default"
OWN_PLATFORM = "api"


@dataclass(frozen=True)
class NewStore:
    """A store with what is shown this once: the secret that signs its events, its storefront's token."""

    store: Store
    webhook_secret: str
    hook_token: str


def add_store(
    session: Session,
    seller: Seller,
    name: str,
    *,
    keys: Keyring,
    now: datetime,
    display_name: str | None = None,
    platform: str = OWN_PLATFORM,
    country: str | None = None,
    time_zone: str | None = None,
    event_url: str | None = None,
    allow_private: bool = False,
) -> NewStore:
    """A store of the seller, by default in the seller's country and under the seller's name.

    Raises `AccountRefused` and, for the address of its events, `EndpointRefused`.
    """
    name, country = _name(name), (country or seller.country).upper()
    if not is_country(country):
        raise AccountRefused("unknown_country")
    if time_zone is not None and not is_zone(time_zone):
        raise AccountRefused("unknown_time_zone")
    if session.scalar(select(exists().where(Store.seller_id == seller.id, Store.name == name))):
        raise AccountRefused("name_taken")
    if event_url is not None:
        check_url(event_url, allow_private=allow_private)
    secret, token = new_secret(), new_token()
    store = Store(
        seller_id=seller.id,
        name=name,
        display_name=display_name or seller.name,
        platform=platform,
        country=country,
        time_zone=time_zone or zone_of(country),
        hook_token_hash=digest(token),
        event_url=event_url,
        event_secrets=keys.encrypt(json.dumps([secret])),
        created_at=now,
    )
    session.add(store)
    session.flush()
    return NewStore(store, secret, token)


def rotate_event_secret(session: Session, store: Store, *, keys: Keyring) -> str:
    """A new secret that signs beside the one before it, until the seller has taken it over; shown once."""
    secret = new_secret()
    current: list[str] = json.loads(keys.decrypt(store.event_secrets))
    store.event_secrets = keys.encrypt(json.dumps([secret, *current[:1]]))
    session.flush()
    return secret


def drop_old_event_secrets(session: Session, store: Store, *, keys: Keyring) -> None:
    """Sign with the newest secret alone."""
    current: list[str] = json.loads(keys.decrypt(store.event_secrets))
    store.event_secrets = keys.encrypt(json.dumps(current[:1]))
    session.flush()


def rotate_hook_token(session: Session, store: Store) -> str:
    """A new token in the address of the storefront's door; the old address is closed at once."""
    token = new_token()
    store.hook_token_hash = digest(token)
    session.flush()
    return token


def _name(text: str) -> str:
    name = text.strip()
    if not name or "\0" in name:
        raise AccountRefused("name_empty")
    return name
