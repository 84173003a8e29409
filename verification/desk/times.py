"""When a buyer wants to be called: read from words, and offered as quick choices. Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.folding import fold_digits
from models.vocabulary import ContactKind, MessageClass
from verification.desk.clock_times import CLOCKS, SHARE, minutes_of, take, time_since_midnight
from verification.desk.time_words import PARTS, WEEKDAYS, plain_words
from verification.hours.calendar import Calendar
from verification.hours.deciding import open_stretches
from verification.hours.where import Where
from verification.policy.values import Policy
from verification.screening.folding import fold_words

_LONGEST_TEXT = 300
_FARTHEST = timedelta(days=14)
_QUARTER = timedelta(minutes=15)
_EVENING = time(20, 0)

_EXACT = re.compile(
    r"(?<!\d)(?:"
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})[-/.](?P<month2>\d{1,2})[-/.](?P<year2>\d{4})"
    r"|(?P<hour>\d{1,2})[:.٫](?P<minute>\d{2})(?::\d{2})?"
    r"|(?P<day3>\d{1,2})/(?P<month3>\d{1,2})(?![/\d])"
    r")(?!\d)"
)

_MORE = rf"(?P<more>{SHARE}|\d{{1,3}})"
_SPANS = tuple(
    re.compile(rf"(?<= )(?P<lead>in |after )?{span}(?P<tail> later)?(?= )")
    for span in (
        rf"(?P<hours>\d{{1,2}}) hour (?P<sign>and |less )?{_MORE}(?: minute| hour)?",
        rf"(?:(?P<hours>\d{{1,2}}) (?:and )?)?(?P<more>{SHARE}) hour",
        rf"hour (?P<sign>and |less ){_MORE}(?: minute| hour)?",
        r"(?:(?P<hours>\d{1,2}) )?hour(?! \d)",
        r"(?P<more>\d{1,3}) minute",
        r"(?:(?P<count>\d{1,2}) )?(?P<unit>day|week)",
    )
)
_DATES = tuple(
    re.compile(rf"(?<= ){form}(?= )")
    for form in (
        r"date (?P<day>\d+) (?P<month>\d+)(?: (?P<year>\d{4}))?",
        r"(?P<day>\d{1,2}) m(?P<month>\d+)(?: (?P<year>\d{4}))?",
        r"m(?P<month>\d+) (?P<day>\d{1,2})(?: (?P<year>\d{4}))?",
        r"(?P<month>\d{1,2}) month (?P<day>\d{1,2})(?: dom)?",
    )
)
_UNREAD = re.compile(
    r" (?:\d+|m\d+|half|quarter|third|less|past|to|hour|minute|week|month|date|clock|no)(?= )"
)
_OFFSETS = {"today": 0, "tomorrow": 1, "overmorrow": 2}
_Fits = Callable[[date], bool]


def read_time(text: str, *, now: datetime, zone: str) -> datetime | None:
    """The instant (aware UTC) that an agent types or a buyer says, in English, Arabic, Kurdish or Chinese.

    Exact forms ("21:30", "24/11 21:30", "2026-11-24 21:30"), spoken ones ("tomorrow half past nine",
    "بعد ساعتين", "明天晚上8点半") and a mixture are read in the IANA `zone`. A clock time without a day is
    the next one. Without am, pm or a part of the day, 1 to 9 are in the afternoon or evening, as calling
    hours are, and 10 to 12 as written; "09:30" and "13" are exact. A part of the day alone means its usual
    time (`PARTS`), a day alone this time of that day. None for anything else, for two times, for a time that
    is past and for one more than 14 days ahead.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    words = _plain(text)
    if " no " in words:
        return None
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    span, words, days = _take_span(words)
    if span is not None:
        at = None if _UNREAD.search(words) or _says_when(words) else _full_minute(now + span)
    else:
        at = _on_a_day(words, days, local, now, zone)
    return at if at is not None and now < at <= now + _FARTHEST else None


def suggestions(
    where: Where, policy: Policy, calendar: Calendar, now: datetime, until: datetime
) -> tuple[datetime, ...]:
    """Up to four times (aware UTC, in order) that an agent would offer a buyer who asks for another one.

    In an hour, this evening, tomorrow at this time and tomorrow evening, each at the nearest quarter of an
    hour that is at least a quarter ahead and itself ends before any pause or closing and not after `until`.
    Fewer when some fall together.
    """
    zone = where.zone
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    tomorrow = local.date() + timedelta(days=1)
    wishes = [
        now + timedelta(hours=1),
        *_instants(local.date(), _EVENING, zone)[:1],
        *_instants(tomorrow, local.time(), zone)[:1],
        *_instants(tomorrow, _EVENING, zone)[:1],
    ]
    permitted = list(_permitted(where, policy, calendar, now, until))
    nearest = {_nearest(_full_quarter(wish), permitted) for wish in wishes if permitted and wish > now}
    chosen: list[datetime] = []
    for at in sorted(nearest):
        if not chosen or at - chosen[-1] >= _QUARTER:
            chosen.append(at)
    return tuple(chosen)


def _permitted(
    where: Where, policy: Policy, calendar: Calendar, now: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The first and the last quarter of each stretch that may be offered."""
    latest = min(until, now + _FARTHEST)
    service_calls = (ContactKind.call, MessageClass.service)
    for opens, shuts in open_stretches(*service_calls, where, policy, calendar, now + _QUARTER, latest):
        first = _full_quarter(opens)
        last = _full_quarter(shuts - 2 * _QUARTER + timedelta(microseconds=1))
        if first <= last:
            yield first, last


def _nearest(wish: datetime, permitted: list[tuple[datetime, datetime]]) -> datetime:
    clamped = [min(max(wish, first), last) for first, last in permitted]
    return min(clamped, key=lambda at: abs(at - wish))


def _full_quarter(at: datetime) -> datetime:
    # All served zones are whole quarters away from UTC.
    floor = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    return floor if floor == at else floor + _QUARTER


def _full_minute(at: datetime) -> datetime:
    floor = at.replace(second=0, microsecond=0)
    return (floor if floor == at else floor + timedelta(minutes=1)).astimezone(UTC)


def _plain(text: str) -> str:
    """The text as plain words, exact forms as `clock H M` and `date D M [Y]`."""
    text = fold_digits(text)
    pieces, at = [" "], 0
    for form in _EXACT.finditer(text):
        pieces += plain_words(fold_words(text[at : form.start()])), _exact(form)
        at = form.end()
    pieces.append(plain_words(fold_words(text[at:])))
    return " ".join(" ".join(pieces).split()).join("  ")


def _exact(form: re.Match[str]) -> str:
    if form["hour"]:
        return f"clock {form['hour']} {form['minute']}"
    day, month = (
        form["day"] or form["day2"] or form["day3"],
        form["month"] or form["month2"] or form["month3"],
    )
    return f"date {day} {month} {form['year'] or form['year2'] or ''}"


def _take_span(words: str) -> tuple[timedelta | None, str, int | None]:
    """A length of time from now, or else a number of days; only if said as one, or if nothing else is."""
    for pattern in _SPANS:
        found, rest = take((pattern,), words)
        if found is None or not (found["lead"] or found["tail"] or not rest.strip(" |")):
            continue
        said = found.groupdict()
        if said.get("unit"):
            return None, rest, int(said["count"] or 1) * (7 if said["unit"] == "week" else 1)
        return _length(said), rest, None
    return None, words, None


def _length(said: dict[str, str | None]) -> timedelta:
    hours, more = said.get("hours"), said.get("more")
    minutes = minutes_of(more) if more else 0
    if said.get("sign") == "less ":
        minutes = -minutes
    whole = int(hours) if hours else 0 if more and not said.get("sign") else 1
    return timedelta(hours=whole, minutes=minutes)


def _says_when(words: str) -> bool:
    said = set(words.split())
    return bool(said & {*PARTS, *WEEKDAYS, "tomorrow", "overmorrow", "am", "pm", "date", "clock"})


def _on_a_day(words: str, days: int | None, local: datetime, now: datetime, zone: str) -> datetime | None:
    fits, words = _days(words, days, local.date())
    clock, words = take(CLOCKS, words)
    said = words.split()
    if _UNREAD.search(words) or (clock is None and {"am", "pm"} & set(said)):
        return None
    parts = [word for word in said if word in PARTS]
    if clock is not None:
        when = time_since_midnight(clock.groupdict(), frozenset(said))
    elif parts:
        # The last one said is the nearest: "tonight, after Isha".
        when = _since_midnight(PARTS[parts[-1]])
    else:
        when = None if fits is None else _since_midnight(_full_quarter(local).time())
    if when is None:
        return None
    for ahead in range(_FARTHEST.days + 1):
        day = local.date() + timedelta(days=ahead)
        if fits is None or fits(day):
            wall = datetime.combine(day, time()) + when
            for at in _instants(wall.date(), wall.time(), zone):
                if at > now:
                    return at
    return None


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)


def _instants(day: date, clock: time, zone: str) -> tuple[datetime, ...]:
    """When local clocks show that: twice where they went back; where they went forward, as much later."""
    wall = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    return (first, second) if first < second else (first,)


def _days(words: str, days: int | None, today: date) -> tuple[_Fits | None, str]:
    """What the day must be, None when none is said: all that is said must agree."""
    dated, words = take(_DATES, words)
    said = set(words.split())
    weekdays = said & set(WEEKDAYS)
    rules = [_dated(**dated.groupdict())] if dated is not None else []
    rules += [_named(name) for name in weekdays]
    rules += [_ahead(today, ahead, ahead) for word, ahead in _OFFSETS.items() if word in said]
    if days is not None:
        rules.append(_ahead(today, days, days))
    if " next week " in words:
        words = words.replace(" next week ", " | ")
        rules.append(_ahead(today, 7, 13 if weekdays else 7))
    elif "next" in said:
        rules.append(_ahead(today, 1, _FARTHEST.days))
    return (lambda day: all(rule(day) for rule in rules)) if rules else None, words


def _dated(day: str, month: str, year: str | None = None) -> _Fits:
    wanted = (int(day), int(month), int(year) if year else None)
    return lambda each: (each.day, each.month, each.year if year else None) == wanted


def _named(weekday: str) -> _Fits:
    return lambda each: WEEKDAYS[each.weekday()] == weekday


def _ahead(today: date, first: int, last: int) -> _Fits:
    return lambda each: first <= (each - today).days <= last
