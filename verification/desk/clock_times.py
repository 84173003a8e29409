"""The clock time in plain words, and the hour of the day that is meant by it. Pure."""

import re
from datetime import timedelta

_SHARES = {"quarter": 15, "third": 20, "half": 30}
SHARE = "(?:quarter|third|half)"
_HOUR = r"(?:at |hour )?(?P<hour>\d{1,2})"
CLOCKS = tuple(
    re.compile(rf"(?<= ){form}(?= )")
    for form in (
        r"(?:at |hour )?clock (?P<hour>\d+) (?P<minute>\d+)",
        rf"(?P<minute>{SHARE}|\d{{1,2}})(?: minute)? past (?P<hour>\d{{1,2}})(?: oclock)?",
        rf"(?P<less>{SHARE}|\d{{1,2}}(?= minute))(?: minute)? to (?P<hour>\d{{1,2}})(?: oclock)?",
        rf"{_HOUR}(?: oclock)? (?:and )?(?P<minute>{SHARE})",
        rf"{_HOUR}(?: oclock)? less (?P<less>{SHARE}|\d{{1,2}})(?: minute)?",
        rf"{_HOUR} oclock (?P<minute>\d{{1,2}})(?: minute)?",
        rf"{_HOUR} and (?P<minute>\d{{1,2}}) minute",
        rf"{_HOUR} (?P<minute>\d{{2}})",
        r"(?:at )?(?P<hour>\d{1,2})(?P<minute>\d{2})",
        rf"(?<! in ){_HOUR}(?: oclock)?(?! (?:hour|minute|day|week|month))",
    )
)
"""Ways to name a clock time in plain words, the ones that say more first."""

_MORNING = frozenset({"am", "morning"})
_NOON = frozenset({"noon", "dhuhr", "afternoon"})
_LATE = frozenset({"asr", "maghrib", "isha", "evening"})


def take(patterns: tuple[re.Pattern[str], ...], words: str) -> tuple[re.Match[str] | None, str]:
    """The first pattern that is found, and the words without it."""
    for pattern in patterns:
        if found := pattern.search(words):
            return found, f"{words[: found.start()]}|{words[found.end() :]}"
    return None, words


def minutes_of(said: str) -> int:
    """Minutes in a share of an hour or in a number."""
    return _SHARES[said] if said in _SHARES else int(said)


def time_since_midnight(found: dict[str, str | None], said: frozenset[str]) -> timedelta | None:
    """The time since midnight of the day that is meant, up to the night after it."""
    digits = found["hour"] or ""
    minutes, less = minutes_of(found.get("minute") or "0"), minutes_of(found.get("less") or "0")
    hour = _hour(int(digits), said, exact=digits.startswith("0"))
    if hour is None or minutes > 59 or less > 59:
        return None
    return timedelta(hours=hour, minutes=minutes - less)


def _hour(hour: int, said: frozenset[str], *, exact: bool) -> int | None:
    """The hour of the day that is meant, from 24 on in the night after it."""
    morning, night = bool(said & _MORNING), "night" in said or (hour == 12 and bool(said & _LATE))
    noon, later = bool(said & _NOON), bool(said & (_LATE | {"pm"}))
    if hour > 23 or (morning and (noon or later or night or hour > 12)):
        return None
    if hour > 12 or hour == 0:
        return hour
    if morning:
        return hour % 12
    if night and "pm" not in said:
        return hour % 12 + (12 if 5 <= hour < 12 else 24)
    if noon and not later and hour >= 10:
        return hour
    if noon or later:
        return hour % 12 + 12
    return hour if exact or hour >= 10 else hour + 12
