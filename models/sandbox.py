"""The sandbox provider's own books: what it was asked to send and what its buyers will answer, when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, id_column


class SandboxContact(Base):
    """A contact that the sandbox accepted, under our reference; how an uncertain send is looked up."""

    __tablename__ = "sandbox_contacts"

    reference: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    accepted_at: Mapped[datetime]


class SandboxAnswer(Base):
    """What a simulated buyer or network will do at `due_at`: a delivery report, words, a key, silence."""

    __tablename__ = "sandbox_answers"
    __table_args__ = (Index("ix_sandbox_answers_due", "due_at", postgresql_where=text("applied_at IS NULL")),)

    id: Mapped[UUID] = id_column()
    reference: Mapped[str] = mapped_column(index=True)
    due_at: Mapped[datetime]
    answer: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime | None]
