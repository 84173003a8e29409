"""What agents chose at the end of their calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column
from models.vocabulary import DecisionReason, Disposition


class DispositionRow(Base):
    """One agent's choice for one order of a case, kept also when it was taken back (`undone_at`).

    `before` is what the choice changed on the order and would be restored: its current decision, last outcome
    and wish; ids and codes only.
    """

    __tablename__ = "dispositions"
    __table_args__ = (Index("ix_dispositions_agent", "agent", "recorded_at"),)

    id: Mapped[UUID] = id_column()
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    agent: Mapped[str]
    chosen: Mapped[Disposition] = mapped_column(Word(Disposition))
    reason: Mapped[DecisionReason | None] = mapped_column(Word(DecisionReason))
    recorded_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
