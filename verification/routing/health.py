"""How well senders and the provider behind them do: what a failure costs, and the way back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FULL = 100
"""The standing of a sender that nothing is known against."""

LOWEST = 5
"""What the worst keeps, so that it is still tried now and then."""

_FALL, _RISE = 20, 10
_PROBATION = 50
_RISES_EVERY = timedelta(minutes=10)
_EARNS_EVERY = timedelta(minutes=1)
_FIRST_REST, _LONGEST_REST = timedelta(seconds=2), timedelta(minutes=5)
_LONGEST_ASKED = timedelta(days=1)
_FIRST_RETRY = timedelta(seconds=5)

OUT_AFTER = 5
"""Failures in a row, over all senders, after which a provider counts as out."""


@dataclass(frozen=True)
class Health:
    """A sender's: `standing` (0 to 100) as of `standing_at`, failures in a row, and until when it rests."""

    standing: int = FULL
    standing_at: datetime | None = None
    failures: int = 0
    resting_until: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing is known against it."""
        return (self.standing, self.failures, self.resting_until) == (FULL, 0, None)


@dataclass(frozen=True)
class ProviderHealth:
    """A provider's: failures in a row, since when it is out, and when one contact may try it next."""

    failures: int = 0
    out_since: datetime | None = None
    retry_at: datetime | None = None


def standing_at(health: Health, now: datetime) -> int:
    """What the standing has come back to. Time alone brings it to half; the rest it earns by successes."""
    if health.standing_at is None or health.standing >= _PROBATION:
        return health.standing
    rises = max(0, (now - health.standing_at) // _RISES_EVERY)
    return min(_PROBATION, health.standing + _RISE * rises)


def is_resting(health: Health, now: datetime) -> bool:
    """Whether it gets no contact now."""
    return health.resting_until is not None and now < health.resting_until


def after_failure(
    health: Health,
    now: datetime,
    luck: float,
    *,
    asked: timedelta | None = None,
    forgiven_once: bool = False,
) -> Health:
    """What is left of a sender after a failure that is its own.

    It rests, twice as long each time, from 2 seconds to 10 minutes, or as long as the provider `asked`; from
    the second failure in a row on it loses standing too. `luck` (0 up to 1) spreads the rests, so that
    senders do not come back all at once. A failure that often means nothing is only counted the first time
    (`forgiven_once`). What was under way when the rest began tells nothing new.
    """
    until = now + min(asked, _LONGEST_ASKED) if asked else None
    if is_resting(health, now):
        return replace(health, resting_until=_later(health.resting_until, until))
    failures = health.failures + 1
    if failures == 1 and forgiven_once:
        return replace(health, failures=failures)
    rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(failures - 1, 30)) * (1 + luck)
    standing = standing_at(health, now)
    if failures > 1:
        standing = max(LOWEST, standing - _FALL)
    return Health(standing, now, failures, _later(now + rest, until))


def after_success(health: Health, now: datetime) -> Health:
    """What a sender is after a contact that went through: its failures are over, its standing rises a step.

    One step a minute at most, so that its share of the contacts comes back slowly. What was under way when
    a rest began tells nothing new.
    """
    if is_resting(health, now):
        return health
    standing = standing_at(health, now)
    if health.standing_at is None or now - health.standing_at >= _EARNS_EVERY:
        standing = min(FULL, standing + _RISE)
    if standing == health.standing:
        return replace(health, failures=0, resting_until=None)
    return Health(standing, now)


def provider_after_failure(health: ProviderHealth, now: datetime, luck: float) -> ProviderHealth:
    """What a provider is after an answer that never came or a door that was shut.

    Out after five in a row; then tried with one contact, after 5 seconds at first and 10 minutes at most.
    """
    failures = health.failures + 1
    if failures < OUT_AFTER:
        return ProviderHealth(failures)
    wait = min(_LONGEST_REST, _FIRST_RETRY * 2 ** min(failures - OUT_AFTER, 30)) * (1 + luck)
    return ProviderHealth(failures, health.out_since or now, now + wait)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)
