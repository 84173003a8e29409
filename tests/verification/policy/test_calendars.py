from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from models.calendars import CalendarOverride
from verification.hours.calendar import COMPUTED, Occasion, Override
from verification.policy.calendars import calendar_of

STORM = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_without_overrides_the_computed_calendar_holds(session: Session) -> None:
    assert calendar_of(session) == COMPUTED


def test_the_calendar_is_what_stands(session: Session, now: datetime) -> None:
    told = {"why": "Court announcement", "set_by": "test", "set_at": now}
    first = date(2027, 2, 9)
    session.add(CalendarOverride(country="SA", occasion="ramadan", first_on=first, **told))
    session.add(
        CalendarOverride(
            country="OM",
            place="OM/muscat",
            occasion="shut",
            begins_at=STORM,
            ends_at=STORM + timedelta(hours=6),
            **told,
        )
    )
    session.add(CalendarOverride(country="EG", occasion="ramadan", first_on=first, removed_at=now, **told))
    session.flush()
    calendar = calendar_of(session)
    assert set(calendar.overrides) == {
        Override("SA", Occasion.ramadan, first_on=first),
        Override("OM", Occasion.shut, "OM/muscat", begins_at=STORM, ends_at=STORM + timedelta(hours=6)),
    }
    assert calendar.for_country("EG") == COMPUTED
