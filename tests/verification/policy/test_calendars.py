from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from models.calendars import CalendarOverride
from verification import audit
from verification.hours.calendar import COMPUTED, Occasion, Override
from verification.policy.calendars import (
    CalendarRefused,
    add_override,
    calendar_of,
    list_overrides,
    remove_override,
)
from verification.refusals import NotFound

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


RAMADAN = Override("SA", Occasion.ramadan, first_on=date(2027, 2, 9))
SHUT = Override("OM", Occasion.shut, "OM/muscat", begins_at=STORM, ends_at=STORM + timedelta(hours=6))
HOLIDAY = Override("KW", Occasion.holiday, first_on=date(2026, 12, 1), last_on=date(2026, 12, 2))


def add(session: Session, now: datetime, override: Override, why: str = "Announced") -> UUID:
    return add_override(session, override, why=why, actor="operator", now=now)


def test_what_is_added_stands_until_it_is_removed(session: Session, now: datetime) -> None:
    ids = [add(session, now, each) for each in (SHUT, RAMADAN, HOLIDAY)]
    assert set(calendar_of(session).overrides) == {SHUT, RAMADAN, HOLIDAY}
    assert [each.override for each in list_overrides(session)] == [SHUT, HOLIDAY, RAMADAN]
    assert [each.override for each in list_overrides(session, "KW")] == [HOLIDAY]
    assert remove_override(session, ids[1], actor="operator", now=now) == RAMADAN
    assert set(calendar_of(session).overrides) == {SHUT, HOLIDAY}
    with pytest.raises(NotFound):
        remove_override(session, ids[1], actor="operator", now=now)
    add(session, now, RAMADAN)


def test_each_change_is_an_audit_line(session: Session, now: datetime) -> None:
    made = add(session, now, SHUT, "Cyclone\n  warning")
    remove_override(session, made, actor="operator", now=now + timedelta(hours=1))
    removed, added = audit.lines(session).lines
    assert (removed.code, added.code) == ("calendar_removed", "calendar_added")
    assert added.params == {
        "id": str(made),
        "country": "OM",
        "place": "OM/muscat",
        "occasion": "shut",
        "why": "Cyclone warning",
        "begins_at": "2026-11-23T09:00:00+00:00",
        "ends_at": "2026-11-23T15:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("override", "field", "code"),
    [
        (replace(RAMADAN, country="FR"), "country", "unknown"),
        (replace(RAMADAN, place="OM/muscat"), "place", "unknown"),
        (replace(RAMADAN, place="SA/atlantis"), "place", "unknown"),
        (replace(RAMADAN, first_on=None), "first_on", "missing"),
        (replace(RAMADAN, first_on=date(2027, 2, 20)), "first_on", "far_from_computed"),
        (replace(RAMADAN, first_on=date(2327, 2, 20)), "first_on", "far_from_computed"),
        (replace(HOLIDAY, last_on=date(2026, 11, 30)), "last_on", "backwards"),
        (replace(HOLIDAY, last_on=date(2027, 12, 1)), "last_on", "too_long"),
        (replace(HOLIDAY, first_on=date(2025, 12, 1), last_on=None), "first_on", "over"),
        (replace(HOLIDAY, first_on=date(2926, 12, 1), last_on=None), "first_on", "too_far"),
        (replace(RAMADAN, first_on=date(2031, 12, 15)), "first_on", "too_far"),
        (
            replace(SHUT, begins_at=STORM.replace(year=9999), ends_at=STORM.replace(year=9999)),
            "begins_at",
            "too_far",
        ),
        (replace(SHUT, begins_at=None), "begins_at", "missing"),
        (replace(SHUT, ends_at=None), "ends_at", "missing"),
        (replace(SHUT, ends_at=STORM), "ends_at", "backwards"),
        (replace(SHUT, ends_at=STORM + timedelta(days=31)), "ends_at", "too_long"),
        (
            replace(SHUT, begins_at=STORM - timedelta(days=9), ends_at=STORM - timedelta(days=8)),
            "ends_at",
            "over",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    session: Session, now: datetime, override: Override, field: str, code: str
) -> None:
    with pytest.raises(CalendarRefused) as refused:
        add(session, now, override)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert calendar_of(session) == COMPUTED


@pytest.mark.parametrize(("why", "code"), [(" ", "missing"), ("x" * 501, "too_long"), ("a\0b", "too_long")])
def test_every_override_says_why(session: Session, now: datetime, why: str, code: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        add(session, now, RAMADAN, why)
    assert (refused.value.field, refused.value.code) == ("why", code)


def test_one_beginning_is_set_once(session: Session, now: datetime) -> None:
    add(session, now, RAMADAN)
    for again in (RAMADAN, replace(RAMADAN, first_on=date(2027, 2, 7))):
        with pytest.raises(CalendarRefused, match="already_set"):
            add(session, now, again)
    add(session, now, replace(RAMADAN, country="EG"))
    add(session, now, replace(RAMADAN, occasion=Occasion.eid_fitr, first_on=date(2027, 3, 10)))
    add(session, now, replace(RAMADAN, first_on=date(2028, 1, 28)))
