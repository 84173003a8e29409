"""Second readings of the rules, word for word and slow, to hold the quick ones against."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import Channel
from verification.planning.permission import Touch
from verification.policy.values import Policy, WeekHours


def is_open(hours: WeekHours, zone: str, at: datetime) -> bool:
    """Whether the clock on the wall at `at` stands inside a window of its day."""
    local = at.astimezone(ZoneInfo(zone))
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]
    clock = local.strftime("%H:%M:%S")
    for window in hours[day] if day in hours else hours.get("daily", ()):
        opens, shuts = window.split("-")
        if f"{opens}:00" <= clock < f"{shuts}:00":
            return True
    return False


def broken_rules(
    channel: Channel, touches: Sequence[Touch], policy: Policy, zone: str, at: datetime
) -> set[str]:
    """The rules that a contact at `at` would break."""
    broken = set()
    if not is_open(policy.call_hours if channel.is_call else policy.message_hours, zone, at):
        broken.add("outside_hours")
    today = at.astimezone(ZoneInfo(zone)).date()
    same_day = week = calls_today = 0
    for touch in touches:
        if timedelta(0) <= at - touch.at < timedelta(minutes=policy.min_gap_minutes):
            broken.add("min_gap")
        if touch.at.astimezone(ZoneInfo(zone)).date() == today:
            same_day += 1
            calls_today += touch.channel.is_call
        if touch.channel.is_call and timedelta(0) <= at - touch.at < timedelta(days=7):
            week += 1
    if same_day >= policy.max_attempts_per_day:
        broken.add("day_cap")
    if channel.is_call and calls_today >= policy.max_calls_per_day:
        broken.add("day_call_cap")
    if channel.is_call and week >= policy.max_calls_per_week:
        broken.add("week_call_cap")
    return broken
