"""Planned contacts: the rows are the queue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Channel, Choice, Purpose, StepState


class Step(Base):
    """One planned contact with a buyer about the open orders at one store.

    `lease_token` grows with every claim; whoever writes must still hold the one it was given. The scheduled
    and the ready rows have an index each, so that a million future steps cost a claim nothing. `reserved_for`
    names who alone may claim it (`agent:<user id>`, `role:supervisor`) until `reserved_until`, None for good;
    `passed_by` the last agent who gave it back unread. `chosen` says how this contact came to be the next,
    `propensity` with which probability, `chance` what it was given of a decision, by `model_version`.
    """

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("id", "live"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(one_of("state", StepState), name="state"),
        CheckConstraint(one_of("chosen", Choice), name="chosen"),
        CheckConstraint(
            "(state = 'claimed') = (lease_holder IS NOT NULL AND lease_expires_at IS NOT NULL)", name="lease"
        ),
        Index("ix_steps_scheduled", "not_before", postgresql_where=text("state = 'scheduled'")),
        Index(
            "ix_steps_ready",
            "channel",
            "priority",
            "not_before",
            "id",
            postgresql_where=text("state = 'ready'"),
        ),
        Index("uq_steps_lease_buyer", "buyer_id", unique=True, postgresql_where=text("state = 'claimed'")),
        Index("ix_steps_lease_expiry", "lease_expires_at", postgresql_where=text("state = 'claimed'")),
        Index("ix_steps_lease_holder", "lease_holder", postgresql_where=text("state = 'claimed'")),
        Index("ix_steps_buyer_live", "buyer_id", "store_id", postgresql_where=text("live")),
    )

    id: Mapped[UUID] = id_column()
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"))
    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"))
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_points.id"))
    country: Mapped[str]
    place: Mapped[str | None]
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    state: Mapped[StepState] = mapped_column(Word(StepState))
    live: Mapped[bool] = mapped_column(
        Boolean, Computed("state IN ('scheduled', 'ready', 'claimed')", persisted=True)
    )
    priority: Mapped[int] = mapped_column(server_default="100")
    attempt_number: Mapped[int]
    chosen: Mapped[Choice | None] = mapped_column(Word(Choice))
    propensity: Mapped[float] = mapped_column(server_default="1")
    chance: Mapped[float | None]
    model_version: Mapped[int | None] = mapped_column(BigInteger)
    not_before: Mapped[datetime]
    reason: Mapped[dict[str, Any]]
    lease_token: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lease_holder: Mapped[str | None]
    lease_expires_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    reserved_for: Mapped[str | None]
    reserved_until: Mapped[datetime | None]
    passed_by: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class StepOrder(Base):
    """An order that a step covers. `live` follows the step's by the foreign key, so that the database itself
    holds every order to one live step per purpose."""

    __tablename__ = "step_orders"
    __table_args__ = (
        ForeignKeyConstraint(["step_id", "live"], ["steps.id", "steps.live"], onupdate="CASCADE"),
        Index(
            "uq_step_orders_live",
            "order_id",
            "purpose",
            unique=True,
            postgresql_where=text("live"),
        ),
        Index("ix_step_orders_order", "order_id"),
    )

    step_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    live: Mapped[bool]
