"""A seller's event receiver on loopback that behaves as scripted, for the tests of every room.

    with Receiver(status(503, retry_after=7), status(200), secret=secret) as receiver:
        ...                       # post to receiver.url
        receiver.wait_for(2)
        receiver.verified         # the requests whose signature held

Answers are given in turn; the last one is repeated. What hangs is let go when the receiver closes.
"""

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from storefronts.signing import SignatureRefused, verify


@dataclass(frozen=True)
class Answer:
    """One scripted answer; `manner` says how it is given."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    manner: Literal["plain", "hang", "cut", "drip_head", "drip_body", "raw"] = "plain"


def status(code: int, *, retry_after: int | str | None = None, body: bytes = b"") -> Answer:
    return Answer(code, {} if retry_after is None else {"Retry-After": str(retry_after)}, body)


def redirect(location: str, code: int = 302) -> Answer:
    return Answer(code, {"Location": location})


def hang() -> Answer:
    """Takes the request and never says a word."""
    return Answer(manner="hang")


def cut() -> Answer:
    """Takes the request and drops the connection."""
    return Answer(manner="cut")


def drip_head() -> Answer:
    """A head that never ends, a header at a time."""
    return Answer(manner="drip_head")


def drip_body(code: int = 200) -> Answer:
    """A whole head, then a body that never ends, a byte at a time."""
    return Answer(code, manner="drip_body")


def huge(code: int = 200, size: int = 50_000_000) -> Answer:
    return Answer(code, body=bytes(size))


def raw(text: bytes) -> Answer:
    """These bytes in place of an HTTP answer."""
    return Answer(body=text, manner="raw")


@dataclass(frozen=True)
class Received:
    """One request as it came. `refusal`: why its signature does not hold, if it does not."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    refusal: str | None


class Receiver:
    """Serves from construction to `close`. With a `secret` signatures are checked; with `tls` it is https."""

    def __init__(
        self,
        *answers: Answer,
        secret: str | None = None,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.answers = list(answers) or [Answer()]
        self.secret = secret
        self.now = now
        self.requests: list[Received] = []
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"receiver": self}))
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.scheme = "http" if tls is None else "https"
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return self.url_as("127.0.0.1")

    def url_as(self, host: str) -> str:
        """The address under another name, for a resolver that knows where it leads."""
        return f"{self.scheme}://{host}:{self.port}/events"

    @property
    def verified(self) -> list[Received]:
        if self.secret is None:
            raise AssertionError("this receiver has no secret to verify with")
        return [request for request in self.requests if request.refusal is None]

    def wait_for(self, count: int, timeout_seconds: float = 10) -> list[Received]:
        """The requests once there are at least `count`; fails when they do not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout_seconds):
                raise AssertionError(f"{len(self.requests)} of {count} requests came")
            return list(self.requests)

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "Receiver":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        request = Received(method, path, headers, body, self._refusal(headers, body))
        with self._changed:
            answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
            self.requests.append(request)
            self._changed.notify_all()
        return answer

    def rest(self, seconds: float | None = None) -> bool:
        """Wait without sleeping; True when the receiver is closing."""
        return self._closing.wait(seconds)

    def _refusal(self, headers: dict[str, str], body: bytes) -> str | None:
        if self.secret is None:
            return None
        try:
            verify(self.secret, headers, body, now=int(self.now()))
        except SignatureRefused as refusal:
            return refusal.code
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is what many of these answers are for."""


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver
    timeout = 10

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.close_connection = True
        self._give(self.receiver.take(self.command, self.path, dict(self.headers.items()), body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
        """Tests read `requests`, not standard error."""

    def _give(self, answer: Answer) -> None:
        match answer.manner:
            case "plain":
                self._head(answer, len(answer.body))
                self.wfile.write(answer.body)
            case "hang":
                self.receiver.rest()
            case "cut":
                return
            case "drip_head":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not self.receiver.rest(0.02):
                    self.wfile.write(b"X-More: yes\r\n")
            case "drip_body":
                self._head(answer, 1_000_000)
                while not self.receiver.rest(0.02):
                    self.wfile.write(b".")
            case "raw":
                self.wfile.write(answer.body)

    def _head(self, answer: Answer, length: int) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
