"""What we say to buyers, as data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Channel, MessageClass, TemplateState


class MessageTemplate(Base):
    """One version of one message in one language; a changed text is a new version.

    Without `seller_id` it serves all sellers. `name` says what it is for (`first`, `reminder`, ...). `body`
    has variables in double braces; `buttons` are `{id, title}`. `content_id` is the provider's own id once
    submitted, `problem` its word on a rejection.
    """

    __tablename__ = "message_templates"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("message_class", MessageClass), name="message_class"),
        CheckConstraint(one_of("state", TemplateState), name="state"),
        Index(
            "uq_message_templates_version",
            "seller_id",
            "channel",
            "name",
            "language",
            "version",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = id_column()
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey("sellers.id"))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    name: Mapped[str]
    language: Mapped[str]
    version: Mapped[int]
    message_class: Mapped[MessageClass] = mapped_column(Word(MessageClass))
    body: Mapped[str]
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    state: Mapped[TemplateState] = mapped_column(Word(TemplateState))
    state_at: Mapped[datetime]
    content_id: Mapped[str | None]
    problem: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
