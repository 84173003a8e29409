"""A user's own phone, which a provider rings before it connects a buyer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.countries import SERVED
from models.phones import read_phones
from models.users import User
from verification import audit
from verification.accounts.refusals import AccountRefused


def set_phone(
    session: Session, user: UUID | str, typed: str | None, *, zone: str, actor: str, now: datetime
) -> User:
    """Keep the phone of a user (by id or email), None for no phone any more; the audit says who did it.

    `typed` is E.164, or as one writes it in the country that lives in the call centre's time zone `zone`.
    Raises `AccountRefused`: `user_missing`, and `phone_unreadable` for what is not one phone of a country
    that is served, because calls to others invite toll fraud.
    """
    named = User.id == user if isinstance(user, UUID) else User.email == _email(user)
    found = session.scalars(select(User).where(named).with_for_update(key_share=True)).one_or_none()
    if found is None:
        raise AccountRefused("user_missing")
    phone = _read(typed, zone) if typed is not None else None
    if phone != found.phone:
        found.phone = phone
        code = "user_phone_set" if phone else "user_phone_removed"
        audit.note(session, at=now, actor=actor, code=code, params={"user": found.email})
    session.flush()
    return found


def _email(typed: str) -> str:
    return typed.strip().lower().replace("\0", "")


def _read(typed: str, zone: str) -> str:
    home = next((country.code for country in SERVED.values() if country.time_zone == zone), "SA")
    numbers = read_phones(typed[:100], country=home).numbers
    if len(numbers) != 1:
        raise AccountRefused("phone_unreadable")
    return numbers[0].e164
