"""The story of every order and buyer, line by line; append-only, codes and ids only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class DiaryEntry(Base):
    """One line: when, what kind, who, and the sentence as a code with its parameters."""

    __tablename__ = "diary"
    __table_args__ = (
        CheckConstraint("order_id IS NOT NULL OR buyer_id IS NOT NULL", name="subject"),
        Index("ix_diary_order", "order_id", "id"),
        Index("ix_diary_buyer", "buyer_id", "id", postgresql_where=text("order_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    buyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyers.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    code: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
