"""Amounts, days and hours as the buyer's language writes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from babel.numbers import format_currency

from models.money import decimal_text
from verification.planning.slots import SLOT
from web.buyer_page.words import WORDS


def amount(minor: int, currency: str, language: str) -> str:
    """ "SAR 199.00", "199.00 ر.س"; Kurdish readers know the currencies by their Arabic signs."""
    value = Decimal(decimal_text(minor, currency))
    if language == "en":
        return format_currency(value, currency, "¤\xa0#,##0.00", locale="en")
    return format_currency(value, currency, locale="ar")


def day(at: datetime, zone: str, language: str, now: datetime) -> str:
    """ "Today, Sunday 22 November"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow"}.get(local.date())
    named = format_datetime(local, "EEEE d MMMM", locale=language)
    return f"{WORDS[language][near]}{_comma(language)} {named}" if near else named


def hour(at: datetime, zone: str, language: str) -> str:
    """ "6:00 PM"."""
    return format_time(at.astimezone(ZoneInfo(zone)), "h:mm\xa0a", locale=language)


def hours(at: datetime, zone: str, language: str) -> str:
    """The hour in which a call is promised: "6:00 PM – 7:00 PM"."""
    return f"{hour(at, zone, language)}\xa0–\xa0{hour(at + SLOT, zone, language)}"


def moment(at: datetime, zone: str, language: str, now: datetime) -> str:
    """A promised call: its day and its hour."""
    return f"{day(at, zone, language, now)}{_comma(language)} {hours(at, zone, language)}"


def by_day(
    slots: Sequence[datetime], zone: str, language: str, now: datetime
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The times to choose from: for each day its name, and each hour's value and words."""
    return [
        (name, [(at.isoformat(), hours(at, zone, language)) for at in group])
        for name, group in groupby(slots, lambda at: day(at, zone, language, now))
    ]


def _comma(language: str) -> str:
    return "," if language == "en" else "،"
