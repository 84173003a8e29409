"""Tries at reaching a buyer, with all that choosing well will need later."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import AttemptState, Channel, Choice, Outcome, Regime


class Attempt(Base):
    """One try at a provider or by an agent; a step has at most one, which the database holds to.

    `reference` is ours and known before the provider is called. Until `answer_until` an answer or a result is
    waited for; after it silence is the outcome. `local_hour_of_week` counts from Monday
    00:00 in the buyer's zone. `cost` is in US dollars, final from `cost_final_at` on. `meaning` is what a
    refusal meant (`channels.protocol.Meaning`); `called_in` marks a call that the buyer made to us. How it
    was chosen stands in `chosen`, `propensity`, `chance` (of a decision) and `model_version`, as in its step.
    `counted_as` is the cell of the buyer's habits that counts it, `recount` that it has to be counted anew.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("step_id"),
        UniqueConstraint("provider", "provider_id"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("state", AttemptState), name="state"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint(one_of("regime", Regime), name="regime"),
        CheckConstraint(one_of("chosen", Choice), name="chosen"),
        CheckConstraint("local_hour_of_week BETWEEN 0 AND 167", name="local_hour_of_week"),
        Index("ix_attempts_contact_point", "contact_point_id", "started_at"),
        Index("ix_attempts_buyer", "buyer_id", "started_at"),
        Index("ix_attempts_started", "started_at", postgresql_using="brin"),
        Index("ix_attempts_open", "answer_until", postgresql_where=text("outcome IS NULL")),
        Index("ix_attempts_recount", "buyer_id", postgresql_where=text("recount")),
        Index("ix_attempts_cost_open", "started_at", postgresql_where=text("cost_final_at IS NULL")),
    )

    id: Mapped[UUID] = id_column()
    step_id: Mapped[UUID] = mapped_column(ForeignKey("steps.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"))
    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"))
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_points.id"))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    reference: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str]
    provider: Mapped[str]
    provider_id: Mapped[str | None]
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("senders.id"))
    sender: Mapped[str | None]
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("message_templates.id"))
    state: Mapped[AttemptState] = mapped_column(Word(AttemptState))
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    error_code: Mapped[str | None]
    meaning: Mapped[str | None]
    called_in: Mapped[bool] = mapped_column(server_default="false")
    cost: Mapped[Decimal] = mapped_column(Numeric(12, 6), server_default="0")
    cost_final_at: Mapped[datetime | None]
    attempt_number: Mapped[int]
    order_age_seconds: Mapped[int]
    local_hour_of_week: Mapped[int]
    regime: Mapped[Regime] = mapped_column(Word(Regime))
    chosen: Mapped[Choice | None] = mapped_column(Word(Choice))
    propensity: Mapped[float]
    chance: Mapped[float | None]
    model_version: Mapped[int | None] = mapped_column(BigInteger)
    counted_as: Mapped[int | None]
    recount: Mapped[bool] = mapped_column(server_default="false")
    started_at: Mapped[datetime]
    answer_until: Mapped[datetime]
    state_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
