"""Looking up what became of a contact whose answer was lost: by phone, sender and time."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any

from channels.protocol import Contact, Uncertain

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
    queues has no such time. `known` are the ids of other contacts. Raises `Uncertain` for what tells no time.
    """
    fitting = [one for one in taken if is_ours(one) and one.sid not in known]
    if any(one.sid is None or one.date_created is None for one in fitting):
        raise Uncertain("unreadable_answer")
    near = [one for one in fitting if contact.at - _BEFORE <= one.date_created <= contact.at + _AFTER]
    return max(near, key=lambda one: one.date_created, default=None)
