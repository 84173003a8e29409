"""The keys that sellers' programs call with: shown once, stored as a digest."""

import re
import secrets
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.secrecy import digest, new_token
from models.sellers import ApiKey

_FORM = re.compile(r"tk_([0-9a-f]{12})_([A-Za-z0-9_-]{16,100})")
_NOBODY = digest("")


def issue_key(session: Session, seller_id: UUID, *, now: datetime) -> str:
    """A new key of the seller, as the text `tk_<key id>_<secret>`, which cannot be read again."""
    key_id, secret = secrets.token_hex(6), new_token()
    session.add(ApiKey(id=key_id, seller_id=seller_id, secret_hash=digest(secret), created_at=now))
    session.flush()
    return f"tk_{key_id}_{secret}"


def revoke_key(session: Session, seller_id: UUID, key_id: str, *, now: datetime) -> None:
    """End a key; without effect on another seller's or one that has ended."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.seller_id == seller_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def authenticate(session: Session, bearer: str, now: datetime) -> ApiKey | None:
    """The key that this text opens with, unless it is unknown, wrong or revoked.

    Takes as long for a wrong secret as for a right one.
    """
    form = _FORM.fullmatch(bearer)
    if form is None:
        return None
    key = session.get(ApiKey, form[1])
    matches = compare_digest(digest(form[2]), key.secret_hash if key else _NOBODY)
    if key is None or not matches or (key.revoked_at is not None and key.revoked_at <= now):
        return None
    return key
