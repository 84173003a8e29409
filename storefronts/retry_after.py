"""The `Retry-After` header (RFC 9110 §10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 2**31 - 1

_SECONDS = re.compile(r"[0-9]+")


def seconds_asked(value: str, *, now: datetime) -> int | None:
    """Seconds from `now` (aware) that we are asked to wait, 0 to `LONGEST`; None when it cannot be read."""
    value = value.strip(" \t")
    if _SECONDS.fullmatch(value):
        return min(int(value[:12]), LONGEST)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:  # "-0000"; HTTP dates are GMT whatever they say
        at = at.replace(tzinfo=UTC)
    try:
        seconds = (at - now).total_seconds()
    except OverflowError:
        return None
    return min(max(int(seconds), 0), LONGEST)
