"""May this channel reach this phone at this instant; if not, when next, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import Channel, ContactKind, MessageClass
from verification.hours.calendar import Calendar
from verification.hours.deciding import decide
from verification.hours.where import Where
from verification.policy.values import Policy

_WEEK = timedelta(days=7)
_MOST_ROUNDS = 40


@dataclass(frozen=True)
class Touch:
    """A contact that was made with a phone, by whichever seller.

    A call whose end is not known yet may go on until `open_until`.
    """

    channel: Channel
    at: datetime
    open_until: datetime | None = None


@dataclass(frozen=True)
class Permission:
    """The first permitted instant (None: none in sight), and the codes of the rules that pushed it back."""

    at: datetime | None
    reasons: tuple[str, ...] = ()


def _next_local_day(at: datetime, zone: str) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1)).astimezone(at.tzinfo)


def _capped_until(
    channel: Channel, touches: Sequence[Touch], policy: Policy, zone: str, at: datetime
) -> tuple[datetime, str] | None:
    """The end of the cap that forbids `at`, with its code; None when no cap does."""
    if channel.is_call:
        calls = (touch.open_until for touch in touches if touch.open_until is not None and touch.at <= at)
        over = max(calls, default=at)
        if at < over:
            return over, "on_the_phone"
    gap = timedelta(minutes=policy.min_gap_minutes)
    latest = max((touch.at for touch in touches if touch.at <= at), default=None)
    if latest is not None and at < latest + gap:
        return latest + gap, "min_gap"
    today = at.astimezone(ZoneInfo(zone)).date()
    same_day = [touch for touch in touches if touch.at.astimezone(ZoneInfo(zone)).date() == today]
    if len(same_day) >= policy.max_attempts_per_day:
        return _next_local_day(at, zone), "day_cap"
    if channel.is_call:
        if sum(touch.channel.is_call for touch in same_day) >= policy.max_calls_per_day:
            return _next_local_day(at, zone), "day_call_cap"
        week = sorted(touch.at for touch in touches if touch.channel.is_call and at - _WEEK < touch.at <= at)
        if len(week) >= policy.max_calls_per_week:
            return week[-policy.max_calls_per_week] + _WEEK, "week_call_cap"
    return None


def ended(touches: Sequence[Touch]) -> tuple[Touch, ...]:
    """The touches when the calls that go on now are over."""
    return tuple(replace(touch, open_until=None) for touch in touches)


def counted(touches: Sequence[Touch], *, owed: bool) -> tuple[Touch, ...]:
    """The touches that caps count: a call that was promised or asked for is not held up by our messages."""
    return tuple(touch for touch in touches if touch.channel.is_call or not owed)


def kind_of(channel: Channel) -> ContactKind:
    """Which hours bind a channel: those of calls or those of messages."""
    return ContactKind.call if channel.is_call else ContactKind.message


def permit(
    channel: Channel,
    touches: Sequence[Touch],
    policy: Policy,
    where: Where,
    at: datetime,
    *,
    calendar: Calendar,
    until: datetime | None = None,
) -> Permission:
    """The first instant not before `at` at which hours and caps allow the channel for a buyer there.

    `touches` are all contacts with that phone in the last week or more; `until` is when the contact would
    come too late, so that soft pauses are not waited out past it. Used by planning and again by the claim, so
    that what was planned is what is checked.
    """
    reasons: list[str] = []
    instant = at
    for _ in range(_MOST_ROUNDS):
        decided = decide(
            kind_of(channel), MessageClass.service, where, policy, calendar, instant, until=until
        )
        reasons.extend(decided.reasons)
        if decided.at is None:
            break
        capped = _capped_until(channel, touches, policy, where.zone, decided.at)
        if capped is None:
            return Permission(decided.at, tuple(dict.fromkeys(reasons)))
        instant, code = capped
        reasons.append(code)
    return Permission(None, tuple(dict.fromkeys(reasons)))
