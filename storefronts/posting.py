"""One POST to an address that a seller chose, with everything that can go wrong told as a value."""

import functools
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import Literal

import certifi
import httpcore

from storefronts.connecting import CheckedBackend, Deadline, TlsRefused
from storefronts.endpoint import Endpoint, EndpointRefused, Resolver, check_url, resolve, system_resolver
from storefronts.retry_after import seconds_asked

TIMEOUT_SECONDS = 15.0
READ_BYTES = 2_048
USER_AGENT = "Takeed-Webhooks/1"

PostError = Literal["bad_url", "dns", "private_address", "refused", "tls", "timeout", "too_slow", "protocol"]
"""`timeout`: not one byte of an answer in time; `too_slow`: an answer began and its head did not end in time;
`refused`: no connection; `protocol`: what came is not HTTP, or the connection was cut."""


@dataclass(frozen=True)
class Posted:
    """What came of one POST: a status or an error, never both and never neither.

    `retry_after` is in seconds from the answer, as the receiver asked; `seconds` is how long it all took.
    """

    status: int | None
    retry_after: int | None
    error: PostError | None
    seconds: float


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    allow_private: bool,
    timeout_seconds: float = TIMEOUT_SECONDS,
    resolver: Resolver = system_resolver,
    tls: ssl.SSLContext | None = None,
) -> Posted:
    """POST `body` as it is, resolving once and connecting to exactly the addresses that were checked.

    No redirect is followed and no proxy of the environment is used. `timeout_seconds` bounds the whole,
    looking up included. `now` (aware) dates a `Retry-After`. Network trouble never raises: it is the `error`.
    """
    started = time.monotonic()
    deadline = Deadline(timeout_seconds)
    status: int | None = None
    retry_after: int | None = None
    error: PostError | None = None
    try:
        endpoint = check_url(url, allow_private=allow_private)
        addresses = _look_up(endpoint, deadline, allow_private=allow_private, resolver=resolver)
    except EndpointRefused as refusal:
        error = _endpoint_error(refusal)
    else:
        backend = CheckedBackend(addresses, deadline)
        try:
            status, asked = _exchange(endpoint, headers, body, backend, tls or _trusted())
            retry_after = None if asked is None else seconds_asked(asked, now=now)
        except httpcore.TimeoutException:
            error = "too_slow" if backend.heard else "timeout"
        except TlsRefused:
            error = "tls"
        except httpcore.ConnectError:
            error = "refused"
        except (httpcore.NetworkError, httpcore.ProtocolError):
            error = "protocol"
    return Posted(status, retry_after, error, time.monotonic() - started)


def _exchange(
    endpoint: Endpoint, headers: Mapping[str, str], body: bytes, backend: CheckedBackend, tls: ssl.SSLContext
) -> tuple[int, str | None]:
    """Status and raw `Retry-After`, over a connection of its own: none is reused from an earlier check."""
    sent = {**headers, "Host": endpoint.authority, "User-Agent": USER_AGENT, "Connection": "close"}
    parts = (endpoint.scheme.encode(), endpoint.host.encode(), endpoint.port)
    url = httpcore.URL(scheme=parts[0], host=parts[1], port=parts[2], target=endpoint.target.encode())
    with (
        httpcore.HTTPConnection(httpcore.Origin(*parts), tls, network_backend=backend) as connection,
        connection.stream(
            "POST", url, headers=[(k.encode(), v.encode()) for k, v in sent.items()], content=body
        ) as response,
    ):
        _drain(response)
        asked = next((value for name, value in response.headers if name.lower() == b"retry-after"), None)
        return response.status, None if asked is None else asked.decode("latin-1")


def _drain(response: httpcore.Response) -> None:
    """Read the first of the body and drop it, so that a receiver is not cut off in the middle of its answer.

    The status has been said by then: whatever happens to the body does not change it.
    """
    read = 0
    try:
        for chunk in response.iter_stream():
            read += len(chunk)
            if read >= READ_BYTES:
                return
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return


def _look_up(
    endpoint: Endpoint, deadline: Deadline, *, allow_private: bool, resolver: Resolver
) -> tuple[str, ...]:
    """Resolve in a thread of its own: the system's resolver knows no time-out and cannot be interrupted."""
    found: Future[tuple[str, ...]] = Future()

    def look_up() -> None:
        try:
            found.set_result(
                resolve(endpoint.host, endpoint.port, allow_private=allow_private, resolver=resolver)
            )
        except EndpointRefused as refusal:
            found.set_exception(refusal)

    Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        return found.result(deadline.left(httpcore.ConnectTimeout))
    except (TimeoutError, httpcore.ConnectTimeout):
        raise EndpointRefused("dns") from None


def _endpoint_error(refusal: EndpointRefused) -> PostError:
    match refusal.code:
        case "dns":
            return "dns"
        case "private_address":
            return "private_address"
        case _:
            return "bad_url"


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The machine's certificate authorities and certifi's: a slim image often has none of its own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
