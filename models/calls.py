"""The legs of calls, and the recorded voices that speak in them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import CallParty, LegState


class CallLeg(Base):
    """One phone that rang for an attempt. `cost` in US dollars, None until the provider names it.

    `talk_seconds` is what the provider counts as talked. `consented_at` is when the buyer pressed the key
    that allows a recording; without it there is none.
    """

    __tablename__ = "call_legs"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        CheckConstraint(one_of("party", CallParty), name="party"),
        CheckConstraint(one_of("state", LegState), name="state"),
    )

    id: Mapped[UUID] = id_column()
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id"), index=True)
    provider: Mapped[str]
    provider_id: Mapped[str]
    party: Mapped[CallParty] = mapped_column(Word(CallParty))
    state: Mapped[LegState] = mapped_column(Word(LegState))
    answered_by: Mapped[str | None]
    code: Mapped[str | None]
    talk_seconds: Mapped[int | None]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    first_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    consented_at: Mapped[datetime | None]
    recording_id: Mapped[str | None]


class VoiceClip(Base):
    """Recorded audio for one sentence in one language; a new one replaces the old.

    Without `seller_id` it serves all sellers. `name` is the sentence's or the digit's.
    """

    __tablename__ = "voice_clips"
    __table_args__ = (
        Index(
            "uq_voice_clips_name",
            "seller_id",
            "language",
            "name",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = id_column()
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey("sellers.id"))
    language: Mapped[str]
    name: Mapped[str]
    content_type: Mapped[str]
    sound: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
