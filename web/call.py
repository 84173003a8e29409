"""A request of a seller's program, and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, json

from models.secrecy import Keyring
from web.authentication import Caller
from web.bodies import json_of


@dataclass(frozen=True)
class Call:
    """A request at one instant `now` (aware UTC), to be answered in `language`; `body` is what was sent."""

    caller: Caller
    now: datetime
    language: str
    body: bytes
    keys: Keyring

    def json(self) -> object:
        """The body's JSON value; raises `unreadable_json` and `nested_too_deep`."""
        return json_of(self.body)


@dataclass(frozen=True)
class Answer:
    """What the caller gets: `text` is JSON, `replayed` says that the request was known before."""

    status: int
    text: str
    location: str | None = None
    replayed: bool = False

    @classmethod
    def of(
        cls,
        body: Mapping[str, Any],
        status: int = 200,
        *,
        location: str | None = None,
        replayed: bool = False,
    ) -> "Answer":
        """The answer with this body."""
        return cls(status, json.dumps(body), location, replayed)

    def response(self) -> Response:
        """The answer for Flask to send."""
        kind = "application/problem+json" if self.status >= 400 else "application/json"
        response = Response(self.text, self.status, content_type=kind)
        if self.location:
            response.headers["Location"] = self.location
        if self.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response
