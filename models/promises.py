"""Calls that buyers were promised, and whether they were made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import PromiseResult, Via


class Promise(Base):
    """A call promised about one order at `promised_at`; an order has one open promise at most.

    `made_by` is the agent who gave their word (`agent:<user id>`), None when the buyer chose the time alone.
    """

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint(one_of("via", Via), name="via"),
        CheckConstraint(one_of("result", PromiseResult), name="result"),
        CheckConstraint("(result IS NULL) = (ended_at IS NULL)", name="ended"),
        Index("uq_promises_open", "order_id", unique=True, postgresql_where=text("result IS NULL")),
        Index("ix_promises_due", "promised_at", postgresql_where=text("result IS NULL")),
        Index("ix_promises_ended", "ended_at", postgresql_where=text("result IS NOT NULL")),
    )

    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"))
    made_by: Mapped[str | None]
    via: Mapped[Via] = mapped_column(Word(Via))
    promised_at: Mapped[datetime]
    made_at: Mapped[datetime]
    result: Mapped[PromiseResult | None] = mapped_column(Word(PromiseResult))
    ended_at: Mapped[datetime | None]
