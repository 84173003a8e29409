"""Dates and times as sellers' files write them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_LONGEST = 100
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
# 2000 to 2100: smaller and larger numbers are no dates of orders.
_EXCEL_DAYS = (36_526.0, 73_415.0)
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan|january|يناير|كانون الثاني",
            "feb|february|فبراير|شباط",
            "mar|march|مارس|اذار",
            "apr|april|ابريل|نيسان",
            "may|مايو|ايار",
            "jun|june|يونيو|يونيه|حزيران",
            "jul|july|يوليو|يوليه|تموز",
            "aug|august|اغسطس|اب",
            "sep|sept|september|سبتمبر|ايلول",
            "oct|october|اكتوبر|تشرين الاول",
            "nov|november|نوفمبر|تشرين الثاني",
            "dec|december|ديسمبر|كانون الاول",
        ),
        start=1,
    )
    for name in names.split("|")
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})[- ](?P<name>{_MONTH})[- ](?P<year>\d{{4}})(?!\d)"),
    re.compile(rf"\b(?P<name>{_MONTH})[- ](?P<day>\d{{1,2}})[- ](?P<year>\d{{4}})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)"),
)
_CLOCK = re.compile(
    r"(?P<before>上午|下午|ص|م|am|pm)? ?(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?: ?(?P<after>am|pm|a\.m\.|p\.m\.|ص|م|صباحا|مساء)(?!\w))?"
)
_OFFSET = re.compile(
    r" ?(?:gmt|utc)? ?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)| ?(?:z|gmt|utc)\b"
)
_MARKS = str.maketrans(
    {"年": "-", "月": "-", "日": " ", ",": " ", "،": " ", "|": " ", "ى": "ي", "ة": "ه", "ـ": None}
)
_AFTERNOON = frozenset({"下午", "م", "pm", "p.m.", "مساء"})
_MORNING = frozenset({"上午", "ص", "am", "a.m.", "صباحا"})


def read_date(cell: object, zone: tzinfo) -> datetime | None:
    """The moment a cell names, aware; None when it names none.

    Takes Excel's dates and serial numbers, year first, day first, names of months in English and Arabic, the
    Chinese 年月日, any script's digits, morning and afternoon in three languages, offsets. 03/04/2026 is the
    third of April; 11/20/2026 can only be the other reading. Without offset the time is in `zone`, without a
    time of day it is the day's beginning.
    """
    if isinstance(cell, datetime):
        moment: datetime | None = cell
    elif isinstance(cell, date):
        moment = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - the zone is added below
    elif isinstance(cell, bool):
        moment = None
    elif isinstance(cell, int | float):
        moment = _from_serial(float(cell))
    else:
        moment = _from_text(str(cell))
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _from_serial(days: float) -> datetime | None:
    if not _EXCEL_DAYS[0] <= days < _EXCEL_DAYS[1]:
        return None
    return _EXCEL_DAY_ZERO + timedelta(seconds=round(days * 86_400))


def _from_text(typed: str) -> datetime | None:
    text = _plain(typed[:_LONGEST])
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_serial(float(text))
    clock = _CLOCK.search(text)
    before, after = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    offset = _OFFSET.match(after)
    day_text = f"{before} {after[offset.end() :] if offset else after}"
    day = next((found for pattern in _DAYS if (found := pattern.search(day_text))), None)
    if day is None:
        return None
    try:
        return datetime(*_day(day), *_time_of_day(clock), tzinfo=_zone(offset))
    except ValueError:
        return None


def _plain(typed: str) -> str:
    """Small letters and ASCII digits in one spelling, one space for all that only parts."""
    decomposed = unicodedata.normalize("NFKD", typed).casefold().translate(_MARKS)
    visible = (letter for letter in decomposed if unicodedata.category(letter) not in ("Mn", "Cf"))
    text = "".join(str(unicodedata.decimal(letter, letter)) for letter in visible)
    return " ".join(re.sub(r"(?<=\d)t(?=\d)", " ", text).split())


def _day(found: re.Match[str]) -> tuple[int, int, int]:
    named = found.groupdict()
    year, day = int(named["year"]), int(named["day"])
    year += 2000 if year < 100 else 0
    month = _MONTHS[named["name"]] if "name" in named else int(named["month"])
    if month > 12 and day <= 12:
        day, month = month, day
    return year, month, day


def _time_of_day(found: re.Match[str] | None) -> tuple[int, int, int]:
    if found is None:
        return 0, 0, 0
    hour, half = int(found["hour"]), {found["before"], found["after"]}
    if half & _AFTERNOON and hour < 12:
        hour += 12
    elif half & _MORNING and hour == 12:
        hour = 0
    return hour, int(found["minute"]), int(found["second"] or 0)


def _zone(found: re.Match[str] | None) -> tzinfo | None:
    if found is None:
        return None
    if found["sign"] is None:
        return UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset)
