"""What sellers are told: written with the fact that caused it, sent until taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import DataClass, DeliveryState, EventType


class OutboxDelivery(Base):
    """One event for one store; its id is the `webhook-id` of every try.

    `lease_until` keeps two senders off one row; `discarded` is an event undone before it left.
    """

    __tablename__ = "outbox_deliveries"
    __table_args__ = (
        CheckConstraint(one_of("event_type", EventType), name="event_type"),
        CheckConstraint(one_of("state", DeliveryState), name="state"),
        Index("ix_outbox_due", "store_id", "next_try_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_order", "order_id", "order_version"),
        Index("ix_outbox_store_state", "store_id", "state"),
    )

    id: Mapped[UUID] = id_column()
    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    order_version: Mapped[int]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    event_type: Mapped[EventType] = mapped_column(Word(EventType))
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState))
    tries: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime]
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OutboxBody(Base):
    """The event's body, frozen when the fact was written."""

    __tablename__ = "outbox_bodies"

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_deliveries.id"), primary_key=True)
    body: Mapped[str]
    data_class: Mapped[str] = mapped_column(server_default=DataClass.outbox_body.value)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DeliveryTry(Base):
    """One try at a seller's endpoint."""

    __tablename__ = "delivery_tries"

    id: Mapped[UUID] = id_column()
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_deliveries.id"), index=True)
    tried_at: Mapped[datetime]
    status: Mapped[int | None]
    error: Mapped[str | None]
    seconds: Mapped[float]
