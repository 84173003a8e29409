"""Values in words: what holds, what held before."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from babel.dates import get_day_names
from babel.units import format_unit

from models.countries import served
from models.vocabulary import Channel
from verification.policy.describing import WEEK, Kind, Value, values
from web.admin.choosing_words import CHOICES, dollars, dollars_unit, share, share_unit
from web.formats import duration, number
from web.language import page_language
from web.translating import gettext, lazy
from web.words import word

Line = tuple[str, str]
"""What a part of a value is called, empty for the whole; and what it is."""

_CHOICES = {
    "hard": lazy("forbid"),
    "soft": lazy("delay"),
    "off": lazy("nothing"),
    "own_phone": lazy("From their own phone"),
    "click_to_call": lazy("By a provider"),
    "any": lazy("all links"),
    "registered": lazy("links to registered hosts"),
    "none": lazy("no links"),
    **CHOICES,
}
_DATA = {
    "contact_point": lazy("Phones and names"),
    "address": lazy("Addresses"),
    "message_body": lazy("Texts of messages"),
    "inbound_body": lazy("What came in, as it came"),
    "outbox_body": lazy("What went to sellers"),
    "replayed_answer": lazy("Answers kept for repeats"),
}
_UNITS = {
    "seconds": "duration-second",
    "minutes": "duration-minute",
    "hours": "duration-hour",
    "days": "duration-day",
}


def told(name: str, content: Any, country: str | None = None) -> list[Line]:
    """A value in the page's language, a line for each of its parts."""
    value = values().get(name)
    tell = _TELLERS.get(value.kind) if value else None
    if value is None or tell is None:
        return [("", str(content))]
    if content is None:
        return [("", _nothing(value))]
    return list(tell(value, content, country))


def day_name(day: str) -> str:
    """A day of the week, or "every day"."""
    if day == WEEK[0]:
        return gettext("Every day")
    return str(get_day_names("wide", locale=page_language())[WEEK.index(day) - 1])


def part_name(value: Value, part: str) -> str:
    """What one field of a value with several is called."""
    return day_name(part) if value.kind is Kind.hours else str(_DATA.get(part, part))


def choice_name(code: str) -> str:
    """One of the choices of a value."""
    return str(_CHOICES.get(code, code))


def unit_of(value: Value) -> str | None:
    """In what a number is counted, for beside its field."""
    names = {
        "duration-second": gettext("seconds"),
        "duration-minute": gettext("minutes"),
        "duration-hour": gettext("hours"),
        "duration-day": gettext("days"),
    }
    if value.kind is Kind.dollars:
        return dollars_unit()
    return names.get(_unit(value) or "") or share_unit(value.name)


def _hours(value: Value, content: Mapping[str, list[str]], country: str | None) -> Iterator[Line]:
    for day in WEEK:
        if day in content:
            yield day_name(day), ", ".join(content[day]).replace("-", "–") or gettext("shut")


def _number(value: Value, content: Any, country: str | None) -> Iterator[Line]:
    unit = _unit(value)
    yield "", share(value.name, content) or (_counted(content, unit) if unit else number(content))


def _numbers(value: Value, content: Mapping[str, Any], country: str | None) -> Iterator[Line]:
    for part, count in content.items():
        yield part_name(value, part), _counted(count, "duration-day")


def _switch(value: Value, content: Any, country: str | None) -> Iterator[Line]:
    yield "", gettext("Yes") if content else gettext("No")


def _choice(value: Value, content: Any, country: str | None) -> Iterator[Line]:
    yield "", choice_name(content)


def _text(value: Value, content: str, country: str | None) -> Iterator[Line]:
    if content == "solar":
        yield "", gettext("by the city's noon prayer")
    elif value.name == "suspicious_value" and (of := served(country or "")):
        yield "", f"{content} {of.currency}"
    else:
        yield "", content.replace("-", "–")


def _dollars(value: Value, content: str, country: str | None) -> Iterator[Line]:
    yield "", dollars(content)


def _texts(value: Value, content: list[str], country: str | None) -> Iterator[Line]:
    yield "", ", ".join(content) or gettext("none")


def _ladder(value: Value, content: list[Mapping[str, Any]], country: str | None) -> Iterator[Line]:
    for position, rung in enumerate(content, 1):
        channel = word(Channel(rung["channel"]))
        after = rung["after_minutes"]
        yield (
            f"{position}.",
            gettext("%(channel)s, after %(time)s", channel=channel, time=duration(after * 60))
            if after
            else channel,
        )


def _unit(value: Value) -> str | None:
    if value.kind not in (Kind.number, Kind.numbers):
        return None
    return next((_UNITS[part] for part in value.name.split("_") if part in _UNITS), None)


def _nothing(value: Value) -> str:
    return gettext("as on other days") if value.kind is Kind.hours else gettext("none")


def _counted(count: Any, unit: str) -> str:
    # Arabic has no long form of days there.
    length: Literal["short", "long"] = "short" if unit == "duration-day" else "long"
    return format_unit(count, unit, length=length, locale=page_language())


_TELLERS: Mapping[Kind, Callable[[Value, Any, str | None], Iterator[Line]]] = {
    Kind.hours: _hours,
    Kind.number: _number,
    Kind.numbers: _numbers,
    Kind.switch: _switch,
    Kind.choice: _choice,
    Kind.text: _text,
    Kind.texts: _texts,
    Kind.dollars: _dollars,
    Kind.other: _ladder,
}
