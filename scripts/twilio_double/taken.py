"""What the double took, and what it is going to send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

Form = list[tuple[str, str]]


def first(form: Sequence[tuple[str, str]], name: str, default: str = "") -> str:
    """The first value of a field."""
    return next((value for each, value in form if each == name), default)


@dataclass(frozen=True)
class Request:
    """One request that came in; `seen` in seconds of the monotonic clock, for measuring rates."""

    method: str
    path: str
    query: Form
    form: Form
    at: datetime
    seen: float


@dataclass
class Message:
    """A message, out or in; `form` is what was posted for it."""

    sid: str
    to: str
    from_: str
    form: Form
    created_at: datetime
    status: str
    text: str = ""
    direction: str = "outbound-api"
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    error_code: int | None = None
    price: str | None = None


@dataclass
class Call:
    """A call, out or in, or the leg that a Dial rang (`parent`).

    `heard` is what it was told; `end` ends it from outside, with a status.
    """

    sid: str
    to: str
    from_: str
    form: Form
    created_at: datetime
    status: str
    direction: str = "outbound-api"
    parent: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    sip: int | None = None
    price: str | None = None
    heard: list[str] = field(default_factory=list)
    sequence: int = 0
    end: Callable[[str, datetime], None] | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        """Whether the call has ended, one way or another."""
        return self.status in ("completed", "busy", "no-answer", "failed", "canceled")

    @property
    def seconds(self) -> int | None:
        """How long it lasted; None before its end."""
        if self.ended_at is None:
            return None
        return round((self.ended_at - self.started_at).total_seconds()) if self.started_at else 0


@dataclass
class Content:
    """A content template; `approval` is unsubmitted, received, pending, approved or rejected."""

    sid: str
    body: dict[str, Any]
    created_at: datetime
    approval: str = "unsubmitted"
    name: str = ""
    category: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Recording:
    """A recorded call."""

    sid: str
    call: str
    created_at: datetime
    seconds: int
    source: str


@dataclass(frozen=True)
class Number:
    """One of the account's addresses and where what comes in on it goes ("" for nowhere)."""

    address: str
    voice_url: str = ""
    messages_url: str = ""
    status_url: str = ""


@dataclass
class Callback:
    """A request that is due: post `form` (or GET) to `url` with `headers`, then say what came back."""

    at: datetime
    url: str
    form: Form
    headers: dict[str, str]
    method: str = "POST"
    forged: bool = False
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    then: Callable[[str, datetime], None] | None = None
    lost: Callable[[datetime], None] | None = None

    @property
    def path(self) -> str:
        """The address without scheme and host, for a test client."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")
