"""What an admin sets against the computed calendar, and the record of what admins change."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, id_column


class CalendarOverride(Base):
    """One line of the table: a sighting, a holiday, a storm; taken back by `removed_at`, never deleted."""

    __tablename__ = "calendar_overrides"
    __table_args__ = (
        CheckConstraint(
            "occasion IN ('ramadan', 'eid_fitr', 'eid_adha', 'holiday', 'working_day', 'shut')",
            name="occasion",
        ),
        CheckConstraint("(occasion = 'shut') = (first_on IS NULL)", name="days"),
        CheckConstraint(
            "(occasion = 'shut') = (begins_at IS NOT NULL AND ends_at > begins_at)", name="instants"
        ),
        CheckConstraint("last_on >= first_on", name="forward"),
        Index("ix_calendar_overrides_standing", "country", postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[UUID] = id_column()
    country: Mapped[str]
    place: Mapped[str | None]
    occasion: Mapped[str]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    begins_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    why: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    removed_by: Mapped[str | None]
    removed_at: Mapped[datetime | None]


class AuditLine(Base):
    """One change that an admin made: who, when, what (a code) with its values; append-only, no buyers."""

    __tablename__ = "audit_lines"
    __table_args__ = (Index("ix_audit_lines_at", "at"),)

    id: Mapped[UUID] = id_column()
    at: Mapped[datetime]
    actor: Mapped[str]
    code: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
