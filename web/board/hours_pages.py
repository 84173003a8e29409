"""The hours of a day as the board shows them: every country's largest city, or one place of one country."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import abort, request
from flask.typing import ResponseReturnValue

from models.countries import SERVED
from models.unit_of_work import Session
from models.vocabulary import ContactKind
from verification.hours.days import day_of
from verification.hours.pauses import Pause
from verification.hours.places import PLACES, place_of, where_of
from verification.hours.where import Where
from web.access import Visit
from web.board import hours_words as words
from web.board.hours_drawing import Picture, State, draw
from web.board.hours_now import PURPOSE, KindNow, Rules, in_largest, kinds_now, read_rules
from web.board.words import country_name
from web.formats import house_zone
from web.language import page_language
from web.pages import render_page

_DAYS_AROUND = 3
# Prayers and holidays are computed; further away a date is a typing error.
_FURTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: a place or every country, a day or each place's today."""

    where: Where | None
    day: date | None

    def address(self, *, where: Where | None, day: date | None) -> str:
        """The same page for another place or day."""
        asked = {"country": where.country, "place": where.place.code} if where else {}
        named = {**asked, **({"day": day.isoformat()} if day else {})}
        return f"/board/hours?{urlencode(named, safe='/')}" if named else "/board/hours"


@dataclass(frozen=True)
class Shown:
    """One place's day: its picture, and how the place stands when the day is today."""

    where: Where
    day: date
    picture: Picture
    occasions: tuple[str, ...]
    now: dict[ContactKind, KindNow] | None

    def name(self, pause: Pause) -> str:
        """What shuts minutes there, in a word or two."""
        return words.pause_name(pause, self.where.place)

    def why(self, pause: Pause) -> str:
        """What shuts minutes there."""
        return words.why(pause, self.where.place)


def show_hours(visit: Visit, session: Session) -> ResponseReturnValue:
    """Open and shut minutes, and why."""
    wanted = _wanted(visit.now)
    rules = read_rules(session)
    wheres = [wanted.where] if wanted.where else [in_largest(country) for country in SERVED]
    day = wanted.day or _today(wanted.where.zone if wanted.where else house_zone(), visit.now)
    return render_page(
        "board_hours.html",
        wanted=wanted,
        day=day,
        days=[day + timedelta(days=ahead) for ahead in range(-_DAYS_AROUND, _DAYS_AROUND + 1)],
        countries=[in_largest(country) for country in SERVED],
        places=list(_places_of(wanted.where.country)) if wanted.where else [],
        shown=[_shown(where, wanted.day, rules, visit.now) for where in wheres],
        kinds=tuple(ContactKind),
        states=State,
        words=words,
        country_name=country_name,
        now=visit.now,
    )


def _shown(where: Where, wanted: date | None, rules: Rules, now: datetime) -> Shown:
    today = _today(where.zone, now)
    day, policy = wanted or today, rules.of(where.country)
    days = {kind: day_of(where, day, kind, PURPOSE, policy, rules.calendar) for kind in ContactKind}
    return Shown(
        where,
        day,
        draw(days, where.zone, is_mirrored=page_language() == "ar"),
        words.occasions(where, day, rules.calendar),
        dict(kinds_now(where, rules, now)) if day == today else None,
    )


def _wanted(now: datetime) -> Wanted:
    """What the address asks for, in codes; one that is none of ours leads nowhere."""
    country, code = request.args.get("country"), request.args.get("place")
    if country and country not in SERVED:
        abort(404)
    place = place_of(code)
    if code and (place is None or place.country != (country or place.country)):
        abort(404)
    if place:
        return Wanted(where_of(place.country, place.code), _day(now))
    return Wanted(in_largest(country) if country else None, _day(now))


def _day(now: datetime) -> date | None:
    given = request.args.get("day")
    if not given:
        return None
    try:
        day = datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        abort(404)
    if abs(day - now.date()) > _FURTHEST:
        abort(404)
    return day


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _places_of(country: str) -> Iterator[tuple[str, str]]:
    """Code and name of every place of a country, by name."""
    named = ((place.code, words.place_name(place)) for place in PLACES.values() if place.country == country)
    yield from sorted(named, key=lambda each: each[1])
