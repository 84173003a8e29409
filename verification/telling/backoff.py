"""When an event that was not taken is tried again: the example schedule of Standard Webhooks 1.0.0."""

from datetime import datetime, timedelta
from typing import Literal

DELAYS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before the first try, and between each try and the next; a little over three days together."""

SPREAD = 0.2
"""Jitter only ever adds, at most this share: a receiver that comes back is not met by all at once."""

LONGEST_ASKED = timedelta(days=1)

Verdict = Literal["delivered", "retry", "disable"]


def next_try(
    tries: int, created_at: datetime, now: datetime, retry_after: int | None, jitter: float
) -> datetime | None:
    """When to try an event that has been tried `tries` times, the last of them at `now`; None after the last.

    The first try is due at `created_at`. `retry_after`, in seconds, is what the receiver asked for: it can
    put a try off, by a day at most, never bring it forward. `jitter` is from 0 up to but not including 1.
    """
    if tries >= len(DELAYS):
        return None
    if tries == 0:
        return created_at
    asked = timedelta(seconds=min(retry_after or 0, LONGEST_ASKED.total_seconds()))
    return now + max(DELAYS[tries], asked) * (1 + SPREAD * jitter)


def verdict(status: int | None, error: str | None) -> Verdict:
    """What an answer, or none, means: only 2xx is taken, 410 asks us to stop, all else is tried again.

    A redirect is not followed and so is not a delivery: a moved endpoint is the seller's to correct.
    """
    if status is None or error is not None:
        return "retry"
    if 200 <= status < 300:
        return "delivered"
    return "disable" if status == 410 else "retry"
