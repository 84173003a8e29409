"""Who sends orders: sellers, their stores and the keys that they call with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, id_column


class Seller(Base):
    """A company whose orders are verified here."""

    __tablename__ = "sellers"

    id: Mapped[UUID] = id_column()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str]
    created_at: Mapped[datetime]


class Store(Base):
    """One shop of a seller: the name its buyers know, and where its events go.

    `event_secrets` and older ones beside it are encrypted; the first signs, all verify while rotating.
    """

    __tablename__ = "stores"
    __table_args__ = (UniqueConstraint("seller_id", "name"),)

    id: Mapped[UUID] = id_column()
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.id"))
    name: Mapped[str]
    display_name: Mapped[str]
    platform: Mapped[str]
    country: Mapped[str]
    time_zone: Mapped[str]
    hook_token_hash: Mapped[bytes] = mapped_column(unique=True)
    event_url: Mapped[str | None]
    event_secrets: Mapped[bytes]
    event_disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    seller: Mapped[Seller] = relationship(lazy="joined", innerjoin=True)


class ApiKey(Base):
    """A key of a seller; only the digest of its secret is kept, so it is shown once."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.id"), index=True)
    secret_hash: Mapped[bytes]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
