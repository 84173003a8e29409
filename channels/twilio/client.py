"""Twilio's own client over our HTTP client, which can put another server in Twilio's place.

It tells apart what Twilio's exceptions do not: a request that never left, one whose answer was lost, and a
no. None of them carries Twilio's own words, since those name phones; nor does it log what it sends.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any
from weakref import finalize

import httpx
from structlog import get_logger
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.protocol import Meaning, Refused, Uncertain
from channels.twilio.account import Account
from channels.twilio.meanings import alarm_of, is_known, meaning_of
from models.vocabulary import Channel

log = get_logger()

_CONNECTIONS = httpx.Limits(max_connections=200, max_keepalive_connections=100, keepalive_expiry=30)
_LONGEST_WAIT_SECONDS = 24 * 60 * 60
_REQUEST_TIMEOUT, _TOO_MANY = 408, 429

# It would log every address with its query, in which lookups name phones.
logging.getLogger("httpx").setLevel(logging.WARNING)

# Nothing of the request has left yet when these happen.
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

UNREADABLE = (TwilioException, AttributeError, LookupError, TypeError, ValueError)
"""What an answer of another shape breaks, wherever Twilio's client happens to read it."""


class Unanswered(Exception):
    """No answer came. `left` tells whether the request may have reached Twilio; `code` what happened."""

    def __init__(self, code: str, *, left: bool) -> None:
        super().__init__(code)
        self.code = code
        self.left = left


class Rejected(Exception):
    """Twilio answered, but not with success: `status` of HTTP, its own `code`, and when to come again."""

    def __init__(self, status: int, code: str, after: timedelta | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.after = after


@lru_cache(maxsize=8)
def client_of(account: Account) -> Client:
    """The client of an account: one for a process and all its threads, with one pool of connections.

    Its calls raise `Rejected` or `Unanswered`. It never asks twice.
    """
    return Client(account.sid, account.token, http_client=_Wire(account))


class _Wire(HttpClient):  # type: ignore[misc]  # the library has no types
    """Carries the requests of Twilio's client, to `api_base` where that is set."""

    def __init__(self, account: Account) -> None:
        self.is_async = False
        self._base = httpx.URL(account.api_base) if account.api_base else None
        self._http = httpx.Client(
            timeout=httpx.Timeout(account.timeout), limits=_CONNECTIONS, follow_redirects=False
        )
        # A client that is forgotten takes its connections along.
        finalize(self, self._http.close)

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request and its answer; raises `Rejected` or `Unanswered`."""
        as_json = (headers or {}).get("Content-Type") == "application/json"
        try:
            answer = self._http.request(
                method,
                self._at(url),
                params=params or None,
                headers=headers,
                auth=auth,
                json=data if as_json else None,
                data=None if as_json else data,
            )
        except _NEVER_LEFT as trouble:
            raise Unanswered(_named(trouble), left=False) from None
        except httpx.HTTPError as trouble:
            raise Unanswered(_named(trouble), left=True) from None
        if not answer.is_success:
            raise _rejection(answer)
        if answer.content and not isinstance(_read(answer), dict):
            raise Unanswered("unreadable_answer", left=True)
        return Response(answer.status_code, answer.text, answer.headers)

    def _at(self, url: str) -> httpx.URL:
        wanted = httpx.URL(url)
        if self._base is None:
            return wanted
        path = self._base.raw_path.rstrip(b"/") + wanted.raw_path
        return self._base.copy_with(raw_path=path)


@contextmanager
def asking(channel: Channel) -> Iterator[None]:
    """Twilio's trouble on a channel, in our words: `Refused` when nothing was made, else `Uncertain`."""
    try:
        yield
    except Unanswered as silence:
        if silence.left:
            raise Uncertain(silence.code) from None
        raise Refused(silence.code, Meaning.provider_down) from None
    except Rejected as no:
        if no.status >= 500 or no.status == _REQUEST_TIMEOUT:
            raise Uncertain(no.code) from None
        known = is_known(channel, no.code)
        if not known:
            log.warning("twilio.code_unknown", channel=channel.value, code=no.code, status=no.status)
        meaning = meaning_of(channel, no.code, status=no.status)
        alarm = alarm_of(channel, no.code)
        raise Refused(no.code, meaning, no.after, is_known=known, alarm=alarm) from None
    except UNREADABLE:
        raise Uncertain("unreadable_answer") from None


def _rejection(answer: httpx.Response) -> Rejected:
    told = _read(answer)
    code = told.get("code") if isinstance(told, dict) else None
    known = code if isinstance(code, int) and not isinstance(code, bool) else f"http_{answer.status_code}"
    return Rejected(answer.status_code, str(known), _after(answer))


def _after(answer: httpx.Response) -> timedelta | None:
    """What `Retry-After` says in seconds; at most a day, whatever stands there."""
    told = answer.headers.get("Retry-After", "")
    if not (told.isascii() and told.isdigit()):
        return None
    return timedelta(seconds=min(int(told[:9]), _LONGEST_WAIT_SECONDS))


def _read(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None


def _named(trouble: Exception) -> str:
    """The trouble by its class: its text may name addresses with phones in them."""
    return type(trouble).__name__
