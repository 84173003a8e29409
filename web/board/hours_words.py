"""What the picture of a day says: why minutes are shut, what day it is, how a country stands."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.support import LazyProxy

from models.vocabulary import ContactKind, Regime
from verification.hours.calendar import Calendar
from verification.hours.occasions import Day
from verification.hours.pauses import Pause, told_of
from verification.hours.prayer import prayers
from verification.hours.where import Place, Where
from web.board.hours_drawing import State
from web.board.hours_now import KindNow
from web.formats import hour, moment
from web.language import page_language
from web.translating import gettext, lazy

_DAY = timedelta(days=1)
_CODES: Mapping[str, LazyProxy] = {
    "outside_hours": lazy("outside the weekly hours"),
    "friday_prayer": lazy("Friday prayer"),
    "iftar": lazy("Iftar"),
    "tarawih": lazy("Tarawih"),
    "ramadan_morning": lazy("Ramadan morning"),
    "eid": lazy("Eid"),
    "holiday": lazy("Public holiday"),
    "storm": lazy("All contact stopped"),
}
_PRAYERS: Mapping[str, LazyProxy] = {
    "fajr": lazy("Fajr"),
    "dhuhr": lazy("Dhuhr"),
    "asr": lazy("Asr"),
    "maghrib": lazy("Maghrib"),
    "isha": lazy("Isha"),
}
_STATES: Mapping[State, LazyProxy] = {
    State.open: lazy("open"),
    State.outside: lazy("shut"),
    State.hard: lazy("shut"),
    State.soft: lazy("wait"),
}
_KINDS: Mapping[ContactKind, LazyProxy] = {
    ContactKind.call: lazy("Calls"),
    ContactKind.message: lazy("Messages"),
}


def kind_name(kind: ContactKind) -> str:
    """What a lane is called."""
    return str(_KINDS[kind])


def state_word(state: State) -> str:
    """Open, shut, or waiting where little is lost by it."""
    return str(_STATES[state])


def place_name(place: Place) -> str:
    """A place in the page's language."""
    return place.name_ar if page_language() == "ar" else place.name_en


def pause_name(pause: Pause, place: Place) -> str:
    """Why minutes are shut, in a word or two; of a prayer, which."""
    if pause.code != "prayer":
        return str(_CODES[pause.code])
    middle = pause.begins + (pause.ends - pause.begins) / 2
    day = middle.astimezone(ZoneInfo(place.zone)).date()
    # Isha comes later in Ramadan, but no other prayer comes near it.
    called = prayers(place, day, ramadan=False)
    nearest = min(_PRAYERS, key=lambda name: abs(getattr(called, name) - middle))
    return str(_PRAYERS[nearest])


def why(pause: Pause, place: Place) -> str:
    """Why minutes are shut."""
    named = pause_name(pause, place)
    return gettext("%(prayer)s prayer", prayer=named) if pause.code == "prayer" else named


def date_name(day: date, pattern: str = "EEEE d MMMM y") -> str:
    """ "Friday 27 November 2026"."""
    return format_date(day, pattern, locale={"en": "en_GB"}.get(page_language(), page_language()))


def occasions(where: Where, day: date, calendar: Calendar) -> tuple[str, ...]:
    """What day it is there beyond the date; none on an ordinary one."""
    return tuple(_occasions(where, day, calendar))


def _occasions(where: Where, day: date, calendar: Calendar) -> Iterator[str]:
    told = told_of(where, day, calendar)
    if told.regime is Regime.ramadan:
        number = next(n for n in range(1, 32) if not _is_ramadan(where, day - n * _DAY, calendar))
        yield _sure(gettext("Ramadan %(number)s", number=number), told.is_sure)
    elif told.regime is Regime.eid and told.eid_day:
        follows_ramadan = _is_ramadan(where, day - told.eid_day * _DAY, calendar)
        named = (
            gettext("Eid al-Fitr, day %(number)s", number=told.eid_day)
            if follows_ramadan
            else gettext("Eid al-Adha, day %(number)s", number=told.eid_day)
        )
        yield _sure(named, told.is_sure)
    if told.may_be is Regime.ramadan:
        yield gettext("perhaps Ramadan")
    if told.may_be is Regime.eid:
        yield gettext("perhaps the Eid")
    yield from _public(told)


def _public(told: Day) -> Iterator[str]:
    if told.holiday and told.regime is not Regime.eid:
        name = told.holiday.name_ar if page_language() == "ar" else told.holiday.name_en
        yield _sure(name, not told.holiday.is_estimated)
    if told.is_working_override:
        yield gettext("set to be a working day")


def _is_ramadan(where: Where, day: date, calendar: Calendar) -> bool:
    return told_of(where, day, calendar).regime is Regime.ramadan


def _sure(named: str, is_sure: bool) -> str:
    return named if is_sure else gettext("%(occasion)s (expected)", occasion=named)


def now_word(kind_now: KindNow, place: Place, now: datetime) -> str:
    """ "open until 21:30", "shut: Friday prayer, opens 16:00"."""
    at = kind_now.changes_at
    when = _when(at, place.zone, now) if at else ""
    if kind_now.state is State.open:
        return gettext("open until %(when)s", when=when) if when else gettext("open")
    reason = why(kind_now.pause, place) if kind_now.pause else ""
    if kind_now.state is State.soft:
        return gettext("wait: %(why)s, until %(when)s", why=reason, when=when)
    if kind_now.state is State.outside:
        return gettext("shut, open from %(when)s", when=when) if when else gettext("shut")
    if not when:
        return gettext("shut: %(why)s", why=reason)
    return gettext("shut: %(why)s, open from %(when)s", why=reason, when=when)


def _when(at: datetime, zone: str, now: datetime) -> str:
    local = ZoneInfo(zone)
    same_day = at.astimezone(local).date() == now.astimezone(local).date()
    return hour(at, zone) if same_day else moment(at, zone)
