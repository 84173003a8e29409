"""Changing a user's standing; every change ends the user's sessions, on every device."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.users import User
from verification.accounts.refusals import AccountRefused
from verification.accounts.sessions import end_sessions
from verification.accounts.users import hash_password


def disable_user(session: Session, email: str, *, now: datetime) -> User:
    """Let the user in no more; without effect on one disabled before. Raises `AccountRefused`."""
    user = _found(session, email)
    user.disabled_at = user.disabled_at or now
    end_sessions(session, user.id)
    return user


def enable_user(session: Session, email: str) -> User:
    """Let the user in again. Raises `AccountRefused`."""
    user = _found(session, email)
    user.disabled_at = None
    end_sessions(session, user.id)
    return user


def change_password(session: Session, email: str, password: str) -> User:
    """Take only this password from now on. Raises `AccountRefused`."""
    user = _found(session, email)
    user.password_hash = hash_password(password)
    end_sessions(session, user.id)
    return user


def _found(session: Session, email: str) -> User:
    named = email.strip().lower().replace("\0", "")
    user = session.scalars(select(User).where(User.email == named).with_for_update()).one_or_none()
    if user is None:
        raise AccountRefused("user_missing")
    return user
