"""What was said, in and out: a buyer's thread over all channels."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Word, id_column, one_of
from models.vocabulary import Channel, DataClass, Intent


class Message(Base):
    """One thing said, without its words.

    `sender` is our own address that it was sent from or came to. `asks` are the orders that a question of
    ours numbers from 1, for the reply that names one by its number.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out')", name="direction"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("intent", Intent), name="intent"),
        Index("ix_messages_thread", "buyer_id", "said_at"),
    )

    id: Mapped[UUID] = id_column()
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyers.id"))
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("stores.id"))
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_points.id"))
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("attempts.id"), index=True)
    direction: Mapped[str]
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    button: Mapped[str | None]
    sender: Mapped[str | None]
    asks: Mapped[list[str] | None] = mapped_column(JSONB)
    intent: Mapped[Intent | None] = mapped_column(Word(Intent))
    soft: Mapped[bool] = mapped_column(server_default="false")
    said_at: Mapped[datetime]


class MessageBody(Base):
    """The words of a message."""

    __tablename__ = "message_bodies"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    body: Mapped[str]
    data_class: Mapped[str] = mapped_column(server_default=DataClass.message_body.value)
    expires_at: Mapped[datetime] = mapped_column(index=True)
