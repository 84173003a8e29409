"""What was decided about an order: append-only, a later decision supersedes an earlier one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import DecisionReason, Tier, Verdict, Via


class Decision(Base):
    """A verdict with its reason and proof, and the tier it was taken with.

    `proof` names what the buyer did (message, button, call leg, page token) by id, never by the words.
    `changes` are the fields that the buyer and the call centre agreed to change.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("supersedes_id"),
        Index("ix_decisions_decided", "decided_at", postgresql_using="brin"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        CheckConstraint(one_of("reason", DecisionReason), name="reason"),
        CheckConstraint(one_of("via", Via), name="via"),
        CheckConstraint(one_of("tier", Tier), name="tier"),
        CheckConstraint("verdict <> 'confirmed' OR proof IS NOT NULL", name="proof"),
        CheckConstraint("NOT soft OR verdict = 'confirmed'", name="soft"),
    )

    id: Mapped[UUID] = id_column()
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    reason: Mapped[DecisionReason] = mapped_column(Word(DecisionReason))
    via: Mapped[Via] = mapped_column(Word(Via))
    soft: Mapped[bool] = mapped_column(server_default="false")
    proof: Mapped[dict[str, Any] | None]
    changes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    tier: Mapped[Tier] = mapped_column(Word(Tier))
    tier_reasons: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    actor: Mapped[str]
    decided_at: Mapped[datetime]
