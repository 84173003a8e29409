"""The coming hours in which agents are short, for the board."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.unit_of_work import Session
from verification.staffing.ahead import HourAhead, hours_ahead

_MOST_SHOWN = 3


@dataclass(frozen=True)
class ShortHours:
    """The first of them, in order, and how many more there are; `until` are their ends."""

    shown: tuple[tuple[HourAhead, datetime], ...]
    more: int


def short_hours(session: Session, now: datetime) -> ShortHours:
    """Those in which more calls are wanted than agents manage."""
    short = [each for each in hours_ahead(session, now) if each.is_short]
    shown = tuple((each, each.begins_at + timedelta(hours=1)) for each in short[:_MOST_SHOWN])
    return ShortHours(shown, len(short) - len(shown))
