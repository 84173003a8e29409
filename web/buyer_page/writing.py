"""Days and hours as buyers read them: of twelve hours, near days by their name too."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time

from verification.planning.slots import SLOT
from web.language import page_language
from web.translating import gettext


def day(at: datetime, zone: str, now: datetime) -> str:
    """ "Today, Sunday 22 November"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    named = format_datetime(local, "EEEE d MMMM", locale=page_language())
    if local.date() == today:
        return gettext("Today, %(day)s", day=named)
    if local.date() == today + timedelta(days=1):
        return gettext("Tomorrow, %(day)s", day=named)
    return named


def hour(at: datetime, zone: str) -> str:
    """ "6:00 PM"."""
    return format_time(at.astimezone(ZoneInfo(zone)), "h:mm\xa0a", locale=page_language())


def hours(at: datetime, zone: str) -> str:
    """The hour in which a call is promised: "6:00 PM – 7:00 PM"."""
    return f"{hour(at, zone)}\xa0–\xa0{hour(at + SLOT, zone)}"


def moment(at: datetime, zone: str, now: datetime) -> str:
    """A promised call: its day and its hour."""
    return gettext("%(day)s, %(hour)s", day=day(at, zone, now), hour=hours(at, zone))


def by_day(slots: Sequence[datetime], zone: str, now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """The times to choose from: for each day its name, and each hour's value and words."""
    return [
        (name, [(at.isoformat(), hours(at, zone)) for at in group])
        for name, group in groupby(slots, lambda at: day(at, zone, now))
    ]
