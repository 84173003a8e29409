"""The lines of the record in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from babel.dates import format_date

from models.countries import SERVED
from verification.audit import Audited
from verification.hours.calendar import Occasion, Override
from verification.hours.places import place_of
from web.admin.staffing_words import SENTENCES as STAFFING
from web.admin.staffing_words import staffing_lines
from web.admin.telling import Line, told
from web.admin.template_words import template_title
from web.admin.value_words import title_of
from web.admin.voice_words import language_name
from web.board.alarm_words import alarm_title
from web.board.words import country_name
from web.formats import moment
from web.language import page_language
from web.translating import gettext, lazy

Moment = TypeVar("Moment", date, datetime)

_SENTENCES: Mapping[str, Callable[[str], str]] = {
    "policy_set": lambda what: gettext("Set: %(what)s", what=what),
    "policy_cleared": lambda what: gettext("Reset: %(what)s", what=what),
    "calendar_added": lambda what: gettext("Calendar: %(what)s", what=what),
    "calendar_removed": lambda what: gettext("Calendar, removed: %(what)s", what=what),
    "template_added": lambda what: gettext("Text added: %(what)s", what=what),
    "template_submitted": lambda what: gettext("Text submitted: %(what)s", what=what),
    "template_put_in": lambda what: gettext("Text put in use: %(what)s", what=what),
    "template_retired": lambda what: gettext("Text taken out of use: %(what)s", what=what),
    "template_previewed": lambda what: gettext("An order seen in a text: %(what)s", what=what),
    "sender_added": lambda what: gettext("Sender added: %(what)s", what=what),
    "sender_set": lambda what: gettext("Sender changed: %(what)s", what=what),
    "sender_removed": lambda what: gettext("Sender removed: %(what)s", what=what),
    "user_phone_set": lambda what: gettext("Own phone set: %(what)s", what=what),
    "user_phone_removed": lambda what: gettext("Own phone removed: %(what)s", what=what),
    "voice_added": lambda what: gettext("Voice: %(what)s", what=what),
    "voice_removed": lambda what: gettext("Voice, removed: %(what)s", what=what),
    "alarm_put_away": lambda what: gettext("Alarm put away: %(what)s", what=what),
    "choosing_stopped": lambda _: gettext("Choosing by what was learned: stopped"),
    "choosing_resumed": lambda _: gettext("Choosing by what was learned: resumed"),
}
_SETTINGS: Mapping[str, Any] = {
    "weight": lazy("Weight"),
    "per_second": lazy("Contacts a second"),
    "trunk": lazy("Trunk"),
}
OCCASIONS: Mapping[Occasion, Any] = {
    Occasion.ramadan: lazy("Ramadan begins"),
    Occasion.eid_fitr: lazy("Eid al-Fitr begins"),
    Occasion.eid_adha: lazy("Eid al-Adha begins"),
    Occasion.holiday: lazy("Public holiday"),
    Occasion.working_day: lazy("Working day after all"),
    Occasion.shut: lazy("No contact at all"),
}


@dataclass(frozen=True)
class Change:
    """A line in words: `before` and `after` of a value, `when` of something in the calendar, and why."""

    sentence: str
    before: list[Line]
    after: list[Line]
    when: str
    why: str


def tell_change(line: Audited) -> Change:
    """What was changed; a code that has no words stands for itself."""
    params = line.params
    if line.code in STAFFING:
        before, after = (staffing_lines(line, each) for each in ("before", "after"))
        return Change(STAFFING[line.code](), before, after, "", "")
    say = _SENTENCES.get(line.code)
    if say is None:
        return Change(line.code, [], [], "", "")
    if line.code.startswith("choosing_"):
        return Change(say(""), [], [], "", params.get("why", ""))
    if line.code.startswith("template_"):
        return Change(say(_text_of(params)), [], [], "", "")
    if "alarm" in params:
        return Change(say(f"{alarm_title(params['alarm'])} ({params['subject']})"), [], [], "", "")
    if "sender_id" in params:
        both = (params["before"], params["after"]) if line.code == "sender_set" else ({}, {})
        before, after = (_settings(each) for each in both)
        return Change(say(params["address"]), before, after, "", "")
    if "name" in params:
        what, country = title_of(params["name"]), params["id"] if params["scope"] == "country" else None
        before, after = (told(params["name"], params[each], country) for each in ("before", "after"))
        return Change(say(what), before, after, "", params.get("legal_basis", ""))
    if "user" in params:
        return Change(say(params["user"]), [], [], "", "")
    if "clip" in params:
        return Change(say(f"{language_name(params['language'])}, {params['clip']}"), [], [], "", "")
    override = _override(params)
    return Change(say(str(OCCASIONS[override.occasion])), [], [], tell_when(override), params["why"])


def _settings(sender: Mapping[str, Any]) -> list[Line]:
    return [
        (str(title), str(sender[name])) for name, title in _SETTINGS.items() if sender.get(name) is not None
    ]


def _text_of(params: Mapping[str, Any]) -> str:
    """The text that a line speaks of; a look at an order on all channels is at none in particular."""
    if "template" not in params:
        return gettext("all channels")
    return template_title(params["channel"], params["template"], params["language"], params.get("version"))


def whose_of(line: Audited, owners: Mapping[str, str]) -> str:
    """For whom it was changed: a country, a place in it, a seller, a seller's store."""
    params = line.params
    if "scope" in params:
        return country_name(params["id"]) if params["scope"] == "country" else owners.get(params["id"], "")
    return where_name(params["country"], params.get("place")) if "country" in params else ""


def where_name(country: str, place: str | None) -> str:
    """A country, or a place in it."""
    found = place_of(place)
    if found is None:
        return country_name(country)
    comma = "، " if page_language() == "ar" else ", "
    return f"{place_name(found.code)}{comma}{country_name(country)}"


def place_name(code: str) -> str:
    """A place in the page's language."""
    found = place_of(code)
    if found is None:
        return code
    return found.name_ar if page_language() == "ar" else found.name_en


def tell_when(override: Override) -> str:
    """The days, or the instants in the country's time."""
    instants = [each for each in (override.begins_at, override.ends_at) if each]
    zone = SERVED[override.country].time_zone
    days = [each for each in (override.first_on, override.last_on) if each]
    told = [moment(each, zone) for each in instants] or [day_name(each) for each in days]
    return " – ".join(dict.fromkeys(told))


def day_name(day: date) -> str:
    """ "Mon 8 Feb 2027"."""
    locale = "en_GB" if page_language() == "en" else page_language()
    return format_date(day, "EEE d MMM y", locale=locale)


def _override(params: Mapping[str, Any]) -> Override:
    return Override(
        params["country"],
        Occasion(params["occasion"]),
        params.get("place"),
        first_on=_of(date, params.get("first_on")),
        last_on=_of(date, params.get("last_on")),
        begins_at=_of(datetime, params.get("begins_at")),
        ends_at=_of(datetime, params.get("ends_at")),
    )


def _of(kind: type[Moment], text: str | None) -> Moment | None:
    return kind.fromisoformat(text) if text else None
