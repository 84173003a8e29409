import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from settings import Settings
from tests.conftest import Work
from tests.orders import PAYLOAD, make_seller
from verification.intake.merging import merge_patch
from web.routes import PREFIX, ROUTES
from web.shapes import ProblemOut

SECRET = "a secret of the tests, long enough for a key"


class Clock:
    """The app's time, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_far: float) -> None:
        self.now += timedelta(**how_far)


class Api:
    """A seller's program. Every answer it gets is held against the shapes of the published contract."""

    def __init__(self, app: Flask, key: str) -> None:
        self.app = app
        self.key = key

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        key: str | None = None,
        language: str | None = None,
        **headers: str,
    ) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if key is not None:
            sent["Idempotency-Key"] = key
        if language is not None:
            sent["Accept-Language"] = language
        if raw is None and body is not None:
            raw = json.dumps(body).encode()
        content = {} if raw is None else {"data": raw, "content_type": "application/json"}
        answer = self.app.test_client().open(PREFIX + path, method=method, headers=sent, **content)
        hold_to_contract(method, path, answer)
        return answer

    def get(self, path: str, **how: Any) -> TestResponse:
        return self("GET", path, **how)

    def post(self, path: str, body: Any = None, **how: Any) -> TestResponse:
        return self("POST", path, body, **how)

    def patch(self, order_id: str, body: Any = None, **how: Any) -> TestResponse:
        return self("PATCH", f"/orders/{order_id}", body, **how)

    def send(self, external_id: str = "1047", **patch: Any) -> dict[str, Any]:
        """The new order's resource."""
        answer = self.post("/orders", order(external_id, **patch))
        assert answer.status_code == 201, answer.text
        return answer.json


def order(external_id: str = "1047", **patch: Any) -> dict[str, Any]:
    """An order as it is sent, with a merge patch over it."""
    return merge_patch(PAYLOAD, {**patch, "external_id": external_id})


def hold_to_contract(method: str, path: str, answer: TestResponse) -> None:
    path = path.partition("?")[0]
    [route] = [
        each
        for each in ROUTES
        if each.method == method and re.fullmatch(re.sub(r"<\w+>", "[^/]+", each.path), path)
    ][:1] or [None]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-Id"]
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        problem = ProblemOut.model_validate(answer.json)
        assert problem.status == answer.status_code
        return
    assert route is not None
    assert answer.content_type == "application/json"
    route.gives[answer.status_code].model_validate(answer.json)


def pointers(answer: TestResponse) -> set[tuple[str, str]]:
    """Where a problem lies and by which rule."""
    return {(each["pointer"], each["code"]) for each in answer.json["errors"]}


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture(scope="session")
def _app(_database: str) -> Flask:
    # One for all tests, because every new engine would translate all statements again.
    return new_app(_database)


@pytest.fixture
def app(_app: Flask, database_url: str, clock: Clock) -> Iterator[Flask]:
    _app.extensions["takeed"].clock = clock
    yield _app
    _app.extensions["takeed"].engine.dispose()


@pytest.fixture
def make_app(database_url: str, clock: Clock) -> Iterator[Callable[..., Flask]]:
    """Further processes, with other settings."""
    apps: list[Flask] = []

    def make(**settings: Any) -> Flask:
        apps.append(new_app(**{"database_url": database_url, "clock": clock, **settings}))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["takeed"].engine.dispose()


def new_app(database_url: str, clock: Clock | None = None, **settings: Any) -> Flask:
    named = {"data": Path("nowhere"), "database_url": database_url, "secret_key": SECRET, "api_rate": 0}
    return create_app(Settings(**{**named, **settings}), clock=clock)


@pytest.fixture
def api(app: Flask, work: Work, now: datetime) -> Api:
    with work() as session:
        return Api(app, make_seller(session, now).api_key)


@pytest.fixture
def other(app: Flask, work: Work, now: datetime) -> Api:
    """Another seller."""
    with work() as session:
        return Api(app, make_seller(session, now, "Other Shop").api_key)
