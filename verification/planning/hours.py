"""Open hours: whether a channel may reach a buyer at an instant, and when next if not."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.vocabulary import Channel
from verification.policy.values import Policy, WeekHours

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON_DAYS = 9


def hours_of(policy: Policy, channel: Channel) -> WeekHours:
    """The hours that bind a channel: those for calls or those for messages."""
    return policy.call_hours if channel.is_call else policy.message_hours


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@lru_cache(maxsize=4096)
def _day_windows(spans: tuple[str, ...], day: date, zone: str) -> tuple[tuple[datetime, datetime], ...]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    windows = []
    for span in sorted(spans):
        opens, shuts = (_minutes(clock) for clock in span.split("-"))
        # Wall-clock arithmetic: on the night the clocks change, 10:00 is still 10:00.
        windows.append(
            (
                (midnight + timedelta(minutes=opens)).astimezone(UTC),
                (midnight + timedelta(minutes=shuts)).astimezone(UTC),
            )
        )
    return tuple(windows)


def windows_from(hours: WeekHours, zone: str, at: datetime) -> list[tuple[datetime, datetime]]:
    """The open windows (UTC, half-open, in order) of the nine days from the one that holds `at`."""
    first = at.astimezone(ZoneInfo(zone)).date()
    found: list[tuple[datetime, datetime]] = []
    for offset in range(_HORIZON_DAYS):
        day = first + timedelta(days=offset)
        spans = hours.get(_DAYS[day.weekday()], hours.get("daily", ()))
        found.extend(window for window in _day_windows(tuple(spans), day, zone) if window[1] > at)
    return found


def next_open(hours: WeekHours, zone: str, at: datetime) -> datetime | None:
    """The first instant not before `at` inside open hours; None when there is none in nine days."""
    for opens, _ in windows_from(hours, zone, at):
        return max(opens, at)
    return None


def is_open(hours: WeekHours, zone: str, at: datetime) -> bool:
    """Whether `at` lies inside open hours."""
    return next_open(hours, zone, at) == at


def shuts_at(hours: WeekHours, zone: str, at: datetime) -> datetime:
    """When the window that holds `at` shuts; `at` itself outside open hours."""
    for opens, shuts in windows_from(hours, zone, at):
        return shuts if opens <= at else at
    return at
