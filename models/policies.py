"""Values that a manager changed from their defaults."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, id_column


class PolicyOverride(Base):
    """One named value for a country, a seller or a store; the narrowest that exists wins.

    Hours of a seller's or a store's own carry the `legal_basis` on which they are kept.
    """

    __tablename__ = "policy_overrides"
    __table_args__ = (
        CheckConstraint("num_nonnulls(country, seller_id, store_id) = 1", name="one_scope"),
        Index(
            "uq_policy_overrides_scope",
            "country",
            "seller_id",
            "store_id",
            "name",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = id_column()
    country: Mapped[str | None]
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey("sellers.id"))
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("stores.id"))
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    legal_basis: Mapped[str | None]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
