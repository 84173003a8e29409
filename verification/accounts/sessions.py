"""Who is signed in: sessions kept here and known to the browser by a token, of which we keep the digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.secrecy import Keyring, digest, new_token
from models.users import User, UserSession
from models.vocabulary import Role
from verification.accounts.throttling import forgive, hold_back, note_failure
from verification.accounts.users import user_with_password

IDLE = timedelta(minutes=60)
"""How long a session lives without anything that its user did."""
LONGEST = timedelta(hours=12)
"""How long it lives at most: a long shift."""

_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A user at work; `keys` are the desk's keys where they differ from the usual ones, `phone` (E.164) is
    their own."""

    id: UUID
    email: str
    name: str
    role: Role
    seller_id: UUID | None
    language: str
    keys: Mapping[str, Any]
    phone: str | None = field(default=None, repr=False)

    @property
    def holder(self) -> str:
        """The name under which this user holds a lease, and as which diaries know them."""
        return f"agent:{self.id}"

    @property
    def supervises(self) -> bool:
        """Whether cases handed to a supervisor are theirs to take."""
        return self.role in (Role.supervisor, Role.admin)


@dataclass(frozen=True)
class NewSession:
    """A session that just began; the token is told this once."""

    token: str
    user: SignedIn


def sign_in(
    session: Session, email: str, password: str, *, address: str, keys: Keyring, now: datetime
) -> NewSession | None:
    """Begin a session under a new token; None, the failure counted, when email and password do not fit.

    `address` is where the try comes from, of which a keyed digest is kept for a day. An email that nobody has
    and a disabled user fail like a wrong password. Raises `Throttled` before anything is looked at.
    """
    account = keys.keyed_digest("account", email.strip().lower())
    place = keys.keyed_digest("address", address)
    hold_back(session, account, place, now)
    user = user_with_password(session, email, password)
    if user is None:
        note_failure(session, account, place, now)
        return None
    forgive(session, account, place)
    token = new_token()
    session.add(
        UserSession(
            token_hash=digest(token), user_id=user.id, created_at=now, seen_at=now, expires_at=now + LONGEST
        )
    )
    session.flush()
    return NewSession(token, _signed_in(user))


def find_session(session: Session, token: str, now: datetime, *, touch: bool) -> SignedIn | None:
    """Whose session this is; None when it is unknown, over, idle for too long, or its user disabled.

    `touch` says that a person did something, which keeps the session from idling; a page that asks by itself
    does not. Noted once a minute, so that a request seldom writes.
    """
    if not token.isascii():
        return None
    token_hash = digest(token)
    found = session.execute(
        select(User, UserSession.seen_at)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == token_hash,
            UserSession.expires_at > now,
            UserSession.seen_at > now - IDLE,
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        return None
    user, seen_at = found
    if touch and seen_at <= now - _SEEN_EVERY:
        session.execute(
            update(UserSession).where(UserSession.token_hash == token_hash).values(seen_at=now),
            execution_options={"synchronize_session": False},
        )
    return _signed_in(user)


def sign_out(session: Session, token: str) -> None:
    """End this session."""
    session.execute(delete(UserSession).where(UserSession.token_hash == digest(token)))


def end_sessions(session: Session, user_id: UUID) -> None:
    """End all of a user's sessions, on every device."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def forget_old_sessions(session: Session, now: datetime) -> int:
    """Drop the sessions that are over; how many."""
    over = or_(UserSession.expires_at <= now, UserSession.seen_at <= now - IDLE)
    return len(session.scalars(delete(UserSession).where(over).returning(UserSession.user_id)).all())


def _signed_in(user: User) -> SignedIn:
    return SignedIn(
        user.id, user.email, user.name, user.role, user.seller_id, user.language, user.keys, user.phone
    )
