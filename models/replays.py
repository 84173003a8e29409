"""Answers kept for callers who repeat a request under the same Idempotency-Key."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.vocabulary import DataClass


class ReplayedAnswer(Base):
    """The first answer to a keyed request; without `status` the first is still running."""

    __tablename__ = "replayed_answers"

    api_key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int | None]
    body: Mapped[str | None]
    location: Mapped[str | None]
    data_class: Mapped[str] = mapped_column(server_default=DataClass.replayed_answer.value)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
