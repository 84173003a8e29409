"""Every message that came in, stored once before it is believed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import DataClass, InboundState


class InboundEvent(Base):
    """A callback, reply or hook under its sender's own id; what we do not understand is quarantined."""

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint(one_of("state", InboundState), name="state"),
        Index("ix_inbound_quarantine", "received_at", postgresql_where=text("state = 'quarantined'")),
    )

    id: Mapped[UUID] = id_column()
    source: Mapped[str]
    external_id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[InboundState] = mapped_column(Word(InboundState))
    problem: Mapped[str | None]
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempts.id"))
    received_at: Mapped[datetime]


class InboundBody(Base):
    """The raw message."""

    __tablename__ = "inbound_bodies"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("inbound_events.id"), primary_key=True)
    body: Mapped[str]
    data_class: Mapped[str] = mapped_column(server_default=DataClass.inbound_body.value)
    expires_at: Mapped[datetime] = mapped_column(index=True)
