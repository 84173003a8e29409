"""Numbers, amounts, days and hours as the page's language writes them, with the digits 0 to 9 in all of them.

The hours of staff pages are of 24. A zone is a name of the time zone database.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_percent
from babel.units import format_unit
from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context

from models.money import decimal_text
from models.reasons import Reason
from verification.wording import list_codes, render
from verification.wording.amounts import write_amount, write_number
from web.context import NAME, context
from web.language import page_language
from web.translating import gettext
from web.words import word

_NOTHING = "–"
_UNITS = (("duration-day", 86_400), ("duration-hour", 3_600), ("duration-minute", 60))


def register(app: Flask) -> None:
    """Give templates the filters, each of the name of its function here, and `house_zone`."""
    filters = (amount, number, percent, moment, hour, day, ago, duration, reason, listed, word)
    app.jinja_env.filters |= {each.__name__: _late(each) for each in filters}
    app.jinja_env.globals["house_zone"] = app.extensions[NAME].settings.time_zone


def _late(write: Callable[..., str]) -> Callable[..., str]:
    # Jinja would compute a filter of constants once, in the language of whoever came first.
    @pass_context
    def write_now(_: Context, *values: Any, **named: Any) -> str:
        return write(*values, **named)

    return write_now


def house_zone() -> str:
    """The call centre's zone."""
    return context().settings.time_zone


def amount(minor: int, currency: str) -> str:
    """ "SAR 199.00", "199.00 ر.س"."""
    return write_amount(Decimal(decimal_text(minor, currency)), currency, page_language())


def number(count: int | float) -> str:
    """ "12,345"."""
    return write_number(count, page_language())


def percent(share: float | None) -> str:
    """A share of 1: "46%"; a dash when there is nothing to take a share of."""
    return _NOTHING if share is None else format_percent(share, locale=_locale())


def moment(at: datetime, zone: str) -> str:
    """ "Sun 22 Nov, 21:30", with the year where it is not this one."""
    local, today = (each.astimezone(ZoneInfo(zone)) for each in (at, context().clock()))
    pattern = "EEE d MMM" if local.year == today.year else "EEE d MMM y"
    named = format_datetime(local, pattern, locale=_locale())
    return gettext("%(day)s, %(hour)s", day=named, hour=hour(at, zone))


def hour(at: datetime, zone: str) -> str:
    """ "21:30"."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def day(at: datetime, zone: str) -> str:
    """ "today", "tomorrow", "Sunday 22 November"."""
    local, today = at.astimezone(ZoneInfo(zone)), context().clock().astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return gettext("today")
    if local.date() == today + timedelta(days=1):
        return gettext("tomorrow")
    return format_datetime(local, "EEEE d MMMM", locale=_locale())


def ago(at: datetime, now: datetime | None = None) -> str:
    """How long before `now`, by default the clock's: "3 min ago"; for what is to come "in 3 min"."""
    passed = at - (now or context().clock())
    write = partial(
        format_timedelta, passed, granularity="second", threshold=1, add_direction=True, locale=_locale()
    )
    try:
        return write(format="short")
    except KeyError:
        # CLDR leaves out some short forms, in Arabic those of seconds to come and of weeks gone by.
        return write(format="long")


def duration(seconds: float | timedelta) -> str:
    """The two largest units that say it: "2 hr 5 min", "45 sec"."""
    left = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    if left < _UNITS[-1][1]:
        return _unit(left, "duration-second")
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(_unit(count, unit) if count else "")
    return " ".join(part for part in parts[:2] if part)


def reason(said: Reason | Mapping[str, Any], zone: str | None = None) -> str:
    """A reason or its stored form in words, the times in it as a reader in the zone tells them.

    Without a zone they are told in the call centre's.
    """
    told = said if isinstance(said, Reason) else Reason.from_json(said)
    return render(told, page_language(), write_instant=lambda at: moment(at, zone or house_zone()))


def listed(codes: Iterable[str]) -> str:
    """Several codes in words, one after the other: "district, street"."""
    return list_codes(codes, page_language())


def _unit(count: int, unit: str) -> str:
    return format_unit(count, unit, length="short", locale=page_language())


def _locale() -> str:
    # British English writes short units without the full stops of the American one.
    return {"en": "en_GB"}.get(page_language(), page_language())
