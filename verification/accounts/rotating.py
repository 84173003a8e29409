"""Changing a seller's key for a new one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.sellers import ApiKey, Seller
from verification.accounts.api_keys import issue_key, revoke_key


def rotate_key(session: Session, seller: Seller, *, keep_old: bool, now: datetime) -> tuple[str, int]:
    """A new key, shown once, and how many old ones ended; with `keep_old` none, until the next rotation."""
    working = session.scalars(
        select(ApiKey.id).where(ApiKey.seller_id == seller.id, ApiKey.revoked_at.is_(None))
    ).all()
    ended = [] if keep_old else working
    for key_id in ended:
        revoke_key(session, seller.id, key_id, now=now)
    return issue_key(session, seller.id, now=now), len(ended)
