"""How often a sender may be used: a token bucket kept as one instant (GCRA, ITU-T I.371)."""

import math
from datetime import datetime, timedelta
from decimal import Decimal

_SECOND = Decimal(1_000_000)


def take(next_slot_at: datetime | None, per_second: Decimal, now: datetime) -> datetime | None:
    """The new `next_slot_at` after one use at `now`; None when there is no slot yet.

    A sender that was idle may be used for about a second's worth at once, at least once; in the long run
    never more than `per_second`.
    """
    if now < free_at(next_slot_at, per_second, now):
        return None
    return max(next_slot_at or now, now) + _gap(per_second)


def free_at(next_slot_at: datetime | None, per_second: Decimal, now: datetime) -> datetime:
    """When the next slot is free: `now` or later."""
    if next_slot_at is None:
        return now
    return max(now, next_slot_at - (burst(per_second) - 1) * _gap(per_second))


def slots(next_slot_at: datetime | None, per_second: Decimal, now: datetime) -> int:
    """How many uses there are room for at `now`."""
    if now < (first := free_at(next_slot_at, per_second, now)):
        return 0
    ahead = max(next_slot_at or now, first) - now
    return burst(per_second) + -ahead // _gap(per_second)


def burst(per_second: Decimal) -> int:
    """How many uses an idle sender has room for at once."""
    return max(1, int(per_second))


def _gap(per_second: Decimal) -> timedelta:
    # Rounded up, so that a rate is never exceeded by what a microsecond cannot tell.
    return timedelta(microseconds=math.ceil(_SECOND / per_second))
