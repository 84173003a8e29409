"""The calendar that holds: the computed one, and the overrides that stand against it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendars import CalendarOverride
from verification.hours.calendar import Calendar, Occasion, Override

_columns = CalendarOverride.__table__.c
# Built once and of bare columns, because every claim asks it.
_STANDING = select(
    _columns.country,
    _columns.occasion,
    _columns.place,
    _columns.first_on,
    _columns.last_on,
    _columns.begins_at,
    _columns.ends_at,
).where(_columns.removed_at.is_(None))


def calendar_of(session: Session) -> Calendar:
    """All overrides that stand; read once for a transaction."""
    return Calendar.of(
        Override(country, Occasion(occasion), *rest)
        for country, occasion, *rest in session.execute(_STANDING)
    )
