"""A server on loopback that answers as a test wants, for what a well-behaved double never does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest

from channels.twilio.account import Account
from scripts.twilio_double.script import Script
from scripts.twilio_double.serving import Double
from tests.channels.contract import NOW
from tests.channels.twilio.doubled import PUBLIC_URL, TOKEN, account_at

SID = "AC" + "0" * 32


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    form: list[tuple[str, str]]
    headers: dict[str, str]


@dataclass
class Wire:
    """What the server answers next: status, headers and body, or `cut` or `hang`; and what it was asked."""

    base: str
    answer: Callable[[Asked], tuple[int, dict[str, str], bytes] | str]
    asked: list[Asked] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    @property
    def account(self) -> Account:
        return Account(SID, "token", "https://takeed.example", api_base=self.base, timeout=0.3)


@contextmanager
def _serving() -> Iterator[Wire]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = Asked(self.command, self.path, parse_qsl(body), dict(self.headers))
            wire.asked.append(asked)
            answer = wire.answer(asked)
            if isinstance(answer, str):
                if answer == "hang":
                    wire.closing.wait(5)
                self.close_connection = True
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire = Wire(f"http://127.0.0.1:{server.server_port}", lambda asked: "cut")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield wire
    finally:
        wire.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    with _serving() as wire:
        yield wire


class Clock:
    """A time that tests move."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def double(clock: Clock) -> Iterator[Double]:
    """The double without a script; whatever is asked of it must be what Twilio publishes."""
    with Double(SID, TOKEN, script=Script(), clock=clock, public_url=PUBLIC_URL) as double:
        yield double
        assert double.violations == []


@pytest.fixture
def account(double: Double) -> Account:
    return account_at(double, SID)
