"""What delivering needs of whoever sends: an interface, so that the HTTP client stays in its own room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Posted(Protocol):
    """What came of one POST: a status or the code of an error; `retry_after` and `seconds` in seconds."""

    @property
    def status(self) -> int | None: ...
    @property
    def retry_after(self) -> int | None: ...
    @property
    def error(self) -> str | None: ...
    @property
    def seconds(self) -> float: ...


class Post(Protocol):
    """Signs an event with every secret and POSTs it; trouble is told in the answer, never raised.

    `now` is the real time, which dates the signature and what the receiver asks for.
    """

    def __call__(
        self,
        url: str,
        *,
        event_id: str,
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
        allow_private: bool,
    ) -> Posted: ...
