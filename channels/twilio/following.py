"""What has become of a message or a call, in Twilio's own words."""

from dataclasses import dataclass
from typing import Any

from channels.twilio.account import Account
from channels.twilio.client import asking, client_of
from models.vocabulary import Channel

_LAST = frozenset(
    {"delivered", "read", "undelivered", "failed", "canceled", "completed", "busy", "no-answer"}
)
_CAME_TO_NOTHING = frozenset({"undelivered", "failed", "canceled"})


@dataclass(frozen=True)
class Status:
    """Twilio's word, with the code of what went wrong; after one that `is_last` nothing more comes."""

    word: str
    code: str | None

    @property
    def is_last(self) -> bool:
        """Whether it stays so."""
        return self.word in _LAST

    @property
    def has_failed(self) -> bool:
        """Whether it did not arrive."""
        return self.word in _CAME_TO_NOTHING


def status_of(account: Account, channel: Channel, provider_id: str) -> Status:
    """How the message or the call stands; raises `Refused` or `Uncertain`."""
    client = client_of(account)
    with asking(channel):
        found: Any = (client.calls if channel.is_call else client.messages)(provider_id).fetch()
    # Calls have no code of their own there.
    code = getattr(found, "error_code", None)
    return Status(str(found.status), str(code) if code else None)
