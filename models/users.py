"""People who use the pages, and their sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Role


class User(Base):
    """An agent, supervisor, admin, or a seller's own user; the email is stored in lower case.

    `keys` are the desk's keys where they differ from the usual ones: an action's name to an `event.code`, and
    `off` for none at all. `phone` (E.164) is the agent's own, rung first when a provider connects a call.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("(role = 'seller') = (seller_id IS NOT NULL)", name="seller"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{6,14}$'", name="phone_e164"),
    )

    id: Mapped[UUID] = id_column()
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(Word(Role))
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey("sellers.id"))
    language: Mapped[str] = mapped_column(server_default="en")
    phone: Mapped[str | None]
    keys: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser; only the digest of its token is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInFailure(Base):
    """A sign-in that did not succeed, under keyed hashes of the account named and of where it came from."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account", "account_hash", "failed_at"),
        Index("ix_sign_in_failures_address", "address_hash", "failed_at"),
    )

    id: Mapped[UUID] = id_column()
    account_hash: Mapped[bytes] = mapped_column(LargeBinary)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    failed_at: Mapped[datetime]
