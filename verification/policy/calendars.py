"""The calendar that holds: the computed one, and the overrides that stand against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.base import new_id
from models.calendars import CalendarOverride
from models.countries import SERVED
from models.steps import Step
from models.vocabulary import StepState
from verification import audit
from verification.hours.calendar import Calendar, Occasion, Override
from verification.hours.moon import BY_MOON, computed_start
from verification.hours.places import place_of
from verification.refusals import NotFound

LONGEST_DAYS = 30
"""How long a holiday or a closure may be at most: longer ones are typing errors."""
MOON_DAYS = 3
"""How far from the computed day a sighting may put a beginning."""
FURTHEST_YEARS = 2
"""How far ahead anything may begin: what lies beyond is a mistyped year."""
LONGEST_WHY = 500

_FURTHEST = timedelta(days=366 * FURTHEST_YEARS)
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
# Changes are taken one after the other, so that two do not contradict each other.
_ONE_AT_A_TIME = 0x63616C656E646172


class CalendarRefused(Exception):
    """An override that cannot be: `field` is that of `Override`, or `why`.

    `code`: `missing`, `unknown`, `backwards`, `too_long`, `over`, `too_far`,
    `far_from_computed`, `already_set`.
    """

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True)
class Kept:
    """An override that stands, with who set it and why."""

    id: UUID
    override: Override
    why: str
    set_by: str
    set_by_name: str | None
    set_at: datetime


def calendar_of(session: Session) -> Calendar:
    """All overrides that stand; read once for a transaction."""
    return Calendar.of(
        Override(country, Occasion(occasion), *rest)
        for country, occasion, *rest in session.execute(_STANDING)
    )


def list_overrides(session: Session, country: str | None = None) -> list[Kept]:
    """What stands, the latest to begin last."""
    row = CalendarOverride
    asked = select(row).where(row.removed_at.is_(None))
    asked = asked.where(row.country == country) if country else asked
    found = session.scalars(asked).all()
    names = audit.names_of(session, (each.set_by for each in found))
    kept = [
        Kept(each.id, _override(each), each.why, each.set_by, names.get(each.set_by), each.set_at)
        for each in found
    ]
    return sorted(kept, key=lambda each: (_begins(each.override), each.override.country, each.id))


def add_override(session: Session, override: Override, *, why: str, actor: str, now: datetime) -> UUID:
    """Let an override stand from now on; raises `CalendarRefused`."""
    why = " ".join(why.split())
    if not why:
        raise CalendarRefused("why", "missing")
    if len(why) > LONGEST_WHY or "\0" in why:
        raise CalendarRefused("why", "too_long")
    _check(override, now)
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if any(_contradicts(override, kept.override) for kept in list_overrides(session, override.country)):
        raise CalendarRefused("occasion", "already_set")
    row = CalendarOverride(
        id=new_id(), **_fields(override), why=why, set_by=actor, set_at=now, removed_by=None, removed_at=None
    )
    session.add(row)
    _note(session, "calendar_added", row, now, actor)
    session.flush()
    return row.id


def remove_override(session: Session, override_id: UUID, *, actor: str, now: datetime) -> Override:
    """Let the computed calendar hold again; raises `NotFound` for what does not stand."""
    row = session.scalars(
        select(CalendarOverride)
        .where(CalendarOverride.id == override_id, CalendarOverride.removed_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    row.removed_by, row.removed_at = actor, now
    _note(session, "calendar_removed", row, now, actor)
    session.flush()
    removed = _override(row)
    if removed.occasion is Occasion.shut:
        _ask_again(session, removed, now)
    return removed


def _ask_again(session: Session, lifted: Override, now: datetime) -> None:
    """What was put off because of a stop is judged anew as soon as the stop is lifted."""
    session.execute(
        update(Step)
        .where(
            Step.state == StepState.scheduled,
            Step.not_before > now,
            Step.country == lifted.country,
            Step.reason[("params", "held_by")].bool_op("?")("storm"),
        )
        .values(not_before=now)
        .execution_options(synchronize_session=False)
    )


def _check(override: Override, now: datetime) -> None:
    if override.country not in SERVED:
        raise CalendarRefused("country", "unknown")
    place = place_of(override.place)
    if override.place and (place is None or place.country != override.country):
        raise CalendarRefused("place", "unknown")
    if override.occasion is Occasion.shut:
        _check_instants(override, now)
        return
    first, last = override.first_on, override.last_on
    if first is None:
        raise CalendarRefused("first_on", "missing")
    if override.occasion in BY_MOON:
        computed = computed_start(override.occasion, first)
        if computed is None or abs(first - computed) > timedelta(days=MOON_DAYS):
            raise CalendarRefused("first_on", "far_from_computed")
    if first > (now + _FURTHEST).date():
        raise CalendarRefused("first_on", "too_far")
    if override.occasion in BY_MOON:
        return
    if last is not None and last < first:
        raise CalendarRefused("last_on", "backwards")
    if last is not None and last - first >= timedelta(days=LONGEST_DAYS):
        raise CalendarRefused("last_on", "too_long")
    if (last or first) < now.date() - timedelta(days=1):
        raise CalendarRefused("last_on" if last else "first_on", "over")


def _check_instants(override: Override, now: datetime) -> None:
    begins, ends = override.begins_at, override.ends_at
    if begins is None:
        raise CalendarRefused("begins_at", "missing")
    if begins > now + _FURTHEST:
        raise CalendarRefused("begins_at", "too_far")
    if ends is None:
        raise CalendarRefused("ends_at", "missing")
    if ends <= begins:
        raise CalendarRefused("ends_at", "backwards")
    if ends - begins > timedelta(days=LONGEST_DAYS):
        raise CalendarRefused("ends_at", "too_long")
    if ends <= now:
        raise CalendarRefused("ends_at", "over")


def _contradicts(new: Override, standing: Override) -> bool:
    """Whether both speak of the same beginning; of two only one could hold."""
    if (new.occasion, new.place) != (standing.occasion, standing.place):
        return False
    if new.occasion not in BY_MOON or not new.first_on or not standing.first_on:
        return new == standing
    return computed_start(new.occasion, new.first_on) == computed_start(new.occasion, standing.first_on)


def _fields(override: Override) -> Mapping[str, Any]:
    """The columns of an override: only those that its occasion has."""
    by_moon, shut = override.occasion in BY_MOON, override.occasion is Occasion.shut
    return {
        "country": override.country,
        "place": override.place,
        "occasion": override.occasion.value,
        "first_on": None if shut else override.first_on,
        "last_on": None if shut or by_moon else override.last_on or override.first_on,
        "begins_at": override.begins_at if shut else None,
        "ends_at": override.ends_at if shut else None,
    }


def _override(row: CalendarOverride) -> Override:
    return Override(
        row.country,
        Occasion(row.occasion),
        row.place,
        row.first_on,
        row.last_on,
        row.begins_at,
        row.ends_at,
    )


def _begins(override: Override) -> date:
    begins = override.first_on or (override.begins_at and override.begins_at.date())
    return begins or date.min


def _note(session: Session, code: str, row: CalendarOverride, now: datetime, actor: str) -> None:
    told: Sequence[str] = ("country", "place", "occasion", "why")
    params = {name: getattr(row, name) for name in told if getattr(row, name)}
    for name in ("first_on", "last_on", "begins_at", "ends_at"):
        if moment := getattr(row, name):
            params[name] = moment.isoformat()
    audit.note(session, at=now, actor=actor, code=code, params={"id": str(row.id), **params})
