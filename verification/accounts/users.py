"""People who sign in: made with a role, known by their password."""

import re
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.sellers import Seller
from models.users import User
from models.vocabulary import Role
from verification.accounts.refusals import AccountRefused

SHORTEST_PASSWORD = 8
"""NIST SP 800-63B; length is asked for, character classes are not."""
LONGEST_PASSWORD = 1_000

_EMAIL = re.compile(r"[^@\s\0]{1,64}@[^@\s\0]{1,255}")
_hasher = PasswordHasher()


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
    seller_id: UUID | None = None,
    language: str = "en",
) -> User:
    """A user; one of the role `seller` belongs to a seller, the others to none. Raises `AccountRefused`."""
    email, name = email.strip().lower(), name.strip()
    if not _EMAIL.fullmatch(email):
        raise AccountRefused("email_malformed")
    if not name or "\0" in name:
        raise AccountRefused("name_empty")
    if (role is Role.seller) != (seller_id is not None):
        raise AccountRefused("seller_missing" if seller_id is None else "seller_not_for_role")
    if seller_id is not None and not session.scalar(select(exists().where(Seller.id == seller_id))):
        raise AccountRefused("seller_missing")
    user_id = session.scalar(
        insert(User)
        .values(
            id=new_id(),
            email=email,
            name=name,
            role=role,
            seller_id=seller_id,
            language=language,
            password_hash=hash_password(password),
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(User.id)
    )
    if user_id is None:
        raise AccountRefused("email_taken")
    return session.get_one(User, user_id)


def hash_password(password: str) -> str:
    """The Argon2id hash to store; raises `AccountRefused` for a password too short or far too long."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused("password_too_short")
    if len(password) > LONGEST_PASSWORD:
        raise AccountRefused("password_too_long")
    return _hasher.hash(password)


def user_with_password(session: Session, email: str, password: str) -> User | None:
    """The user who signs in so, None for a wrong email, a wrong password and a disabled user alike.

    Works as long for an email that nobody has, so that nobody learns who is a user.
    """
    email = email.strip().lower()
    known = bool(_EMAIL.fullmatch(email)) and len(password) <= LONGEST_PASSWORD
    user = session.scalars(select(User).where(User.email == email)).one_or_none() if known else None
    try:
        _hasher.verify(user.password_hash if user else _nobodys_hash(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    if user is None or user.disabled_at is not None:
        return None
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    return user


def set_language(session: Session, user_id: UUID, language: str) -> None:
    """The language of this user's pages from now on."""
    session.execute(update(User).where(User.id == user_id).values(language=language))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("the password of nobody")
