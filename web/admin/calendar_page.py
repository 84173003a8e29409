"""The calendar: what is set against the computed one, the months ahead, and the form that adds to it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.countries import SERVED
from models.folding import fold_digits
from models.unit_of_work import Session
from verification.hours.calendar import Occasion, Override
from verification.hours.places import find_place, place_of
from verification.policy.calendars import (
    FURTHEST_YEARS,
    LONGEST_DAYS,
    MOON_DAYS,
    CalendarRefused,
    add_override,
    calendar_of,
    list_overrides,
    remove_override,
)
from verification.refusals import NotFound
from web.access import Visit
from web.admin.ahead import Certainty, year_ahead
from web.admin.audit_words import OCCASIONS, day_name, tell_when, where_name
from web.board.words import country_name
from web.formats import house_zone, number
from web.language import page_language
from web.pages import render_page
from web.translating import gettext, lazy, ngettext

FIELDS = ("country", "place", "occasion", "first_on", "last_on", "begins_at", "ends_at", "why")

_NAMES = {
    Occasion.ramadan: lazy("Ramadan"),
    Occasion.eid_fitr: lazy("Eid al-Fitr"),
    Occasion.eid_adha: lazy("Eid al-Adha"),
}
_CERTAINTIES = {
    Certainty.told: lazy("set by us"),
    Certainty.sure: lazy("fixed day"),
    Certainty.estimated: lazy("computed, not announced"),
}


def show_calendar(visit: Visit, session: Session) -> ResponseReturnValue:
    """What stands, what is computed, and an empty form, or one that the address has begun to fill."""
    return _render(visit, session, {name: request.args.get(name, "") for name in FIELDS})


def add_to_calendar(visit: Visit, session: Session) -> ResponseReturnValue:
    """Set something, or show the form again with what stands in the way."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        made = add_override(session, _read(typed), why=typed["why"], actor=visit.user.holder, now=visit.now)
    except CalendarRefused as refused:
        return make_response(_render(visit, session, typed, refused), 422)
    return redirect(f"/admin/calendar?said=added#set-{made}", 303)


def remove_from_calendar(visit: Visit, session: Session, override_id: UUID) -> ResponseReturnValue:
    """Let the computed calendar hold again."""
    try:
        remove_override(session, override_id, actor=visit.user.holder, now=visit.now)
    except NotFound:
        return redirect("/admin/calendar?said=gone", 303)
    return redirect("/admin/calendar?said=removed", 303)


def _render(
    visit: Visit, session: Session, typed: Mapping[str, str], refused: CalendarRefused | None = None
) -> str:
    calendar = calendar_of(session)
    today = visit.now.astimezone(ZoneInfo(house_zone())).date()
    if typed["occasion"] and typed["occasion"] not in {each.value for each in Occasion}:
        abort(404)
    return render_page(
        "admin/calendar.html",
        kept=list_overrides(session),
        ahead={country: year_ahead(country, today, calendar) for country in SERVED},
        occasions=OCCASIONS,
        typed=typed,
        trouble={refused.field: _rule(refused)} if refused else {},
        said=request.args.get("said") if refused is None else None,
        countries=tuple(SERVED),
        country_name=country_name,
        where_name=where_name,
        tell_when=tell_when,
        day_name=day_name,
        name_of=_name,
        certainty=lambda code: str(_CERTAINTIES[code]),
    )


def _name(occasion: Occasion | None, name_en: str, name_ar: str) -> str:
    if occasion is not None:
        return str(_NAMES[occasion])
    return name_ar if page_language() == "ar" else name_en


def _read(typed: Mapping[str, str]) -> Override:
    country = typed["country"]
    if country not in SERVED:
        raise CalendarRefused("country", "unknown")
    try:
        occasion = Occasion(typed["occasion"])
    except ValueError:
        raise CalendarRefused("occasion", "missing") from None
    place = typed["place"].strip()
    found = (place_of(place) or find_place(country, place)) if place else None
    if place and found is None:
        raise CalendarRefused("place", "unknown")
    code = found.code if found else None
    if occasion is Occasion.shut:
        zone = ZoneInfo(found.zone if found else SERVED[country].time_zone)
        begins, ends = (_instant(typed[name], name, zone) for name in ("begins_at", "ends_at"))
        return Override(country, occasion, code, begins_at=begins, ends_at=ends)
    first, last = (_day(typed[name], name) for name in ("first_on", "last_on"))
    return Override(country, occasion, code, first_on=first, last_on=last)


def _day(text: str, field: str) -> date | None:
    plain = fold_digits(text).strip()
    try:
        return date.fromisoformat(plain) if plain else None
    except ValueError:
        raise CalendarRefused(field, "unreadable") from None


def _instant(text: str, field: str, zone: ZoneInfo) -> datetime | None:
    plain = fold_digits(text).strip()
    try:
        return datetime.fromisoformat(plain).replace(tzinfo=zone).astimezone(UTC) if plain else None
    except (ValueError, OverflowError):
        raise CalendarRefused(field, "unreadable") from None


def _rule(refused: CalendarRefused) -> str:
    if refused.field == "why":
        return (
            gettext("Say who announced it, and where.")
            if refused.code == "missing"
            else gettext("This is too long.")
        )
    match refused.code:
        case "missing":
            return gettext("This is needed.")
        case "unknown":
            return gettext("We know no such place in this country.")
        case "unreadable":
            return gettext("This is not a date or time.")
        case "backwards":
            return gettext("This lies before the beginning.")
        case "too_long":
            return ngettext(
                "At most %(num)s day: a longer one is a typing error.",
                "At most %(num)s days: a longer one is a typing error.",
                LONGEST_DAYS,
            )
        case "over":
            return gettext("This has passed already.")
        case "too_far":
            return ngettext(
                "At most %(num)s year ahead: look at the year.",
                "At most %(num)s years ahead: look at the year.",
                FURTHEST_YEARS,
            )
        case "far_from_computed":
            return gettext("More than %(days)s days from the computed day.", days=number(MOON_DAYS))
    return gettext("This beginning is set already: remove that line first.")
