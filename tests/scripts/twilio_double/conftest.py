from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from scripts.twilio_double.script import Script
from scripts.twilio_double.serving import Double
from scripts.twilio_double.taken import Callback

SID = "AC" + "a" * 32
TOKEN = "the account's token"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PUBLIC = "https://shop.example"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


class Local(TwilioHttpClient):
    """Twilio's own client, with another host."""

    def __init__(self, base: str, timeout: float = 5) -> None:
        super().__init__(timeout=timeout)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, urlunsplit(parts), *args, **kwargs)


def client_of(double: Double, timeout: float = 5, token: str = TOKEN) -> Client:
    return Client(SID, token, http_client=Local(double.base, timeout))


class Product:
    """The other end: notes each callback and answers with what `says` holds for its path."""

    def __init__(self) -> None:
        self.heard: list[Callback] = []
        self.says: dict[str, str] = {}
        self.status = 200

    def __call__(self, callback: Callback) -> tuple[int, str]:
        self.heard.append(callback)
        return self.status, self.says.get(callback.path.split("?")[0], "")

    def forms(self, path: str) -> list[dict[str, str]]:
        return [dict(each.form) for each in self.heard if each.path.split("?")[0] == path]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def product() -> Product:
    return Product()


Starts = Callable[..., Double]


@pytest.fixture
def start(clock: Clock) -> Iterator[Starts]:
    started: list[Double] = []

    def begin(script: Script | None = None, **more: Any) -> Double:
        double = Double(SID, TOKEN, script=script, clock=clock, public_url=PUBLIC, **more)
        started.append(double)
        return double

    yield begin
    for each in started:
        each.close()
