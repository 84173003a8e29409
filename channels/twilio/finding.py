"""Looking up what became of a contact whose answer was lost: by phone, sender and time."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from channels.protocol import Contact

# Our clock and Twilio's may differ, and a contact may have waited for a thread before it was sent.
_BEFORE, _AFTER = timedelta(minutes=2), timedelta(hours=1)

NEWEST = 100
"""How many of a phone's contacts are looked through, newest first."""


def newest_of(
    taken: Iterable[Any],
    contact: Contact,
    *,
    known: Collection[str],
    is_ours: Callable[[Any], bool],
) -> Any | None:
    """Of the messages or calls to one phone, the newest that may be this contact; None when there is none.

    The time is looked at here, because Twilio's own filters go by when something was sent, and what still
    queues has no such time. `known` are the ids of other contacts.
    """
    fitting = [
        one
        for one in taken
        if one.sid not in known and _is_near(one.date_created, contact.at) and is_ours(one)
    ]
    return max(fitting, key=lambda one: one.date_created, default=None)


def _is_near(created_at: datetime | None, at: datetime) -> bool:
    return created_at is not None and at - _BEFORE <= created_at <= at + _AFTER
