"""People who use the pages, and their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Role


class User(Base):
    """An agent, supervisor, admin, or a seller's own user; the email is stored in lower case."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("(role = 'seller') = (seller_id IS NOT NULL)", name="seller"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[UUID] = id_column()
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(Word(Role))
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey("sellers.id"))
    language: Mapped[str] = mapped_column(server_default="en")
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
