from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app import create_app
from channels.sandbox.scripted import Script
from scripts.twilio_double.script import Script as Fates
from tests.receiver import Receiver
from tests.stories.exchange import Exchange, open_exchange
from tests.stories.play import Play, settings

Stage = Callable[..., Play]
GoLive = Callable[..., Exchange]


@pytest.fixture(scope="session")
def _app(_database: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    # One for all stories, because every new engine would translate all statements again.
    return create_app(settings(tmp_path_factory.mktemp("stories"), _database))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The seller's own endpoint, over real HTTP."""
    with Receiver() as made:
        yield made


@pytest.fixture
def stage(_app: Flask, database_url: str, receiver: Receiver, now: datetime) -> Iterator[Stage]:
    """`stage({phone: [what it does at each contact]})` is a story about to begin, Sunday 13:00 in Riyadh."""

    def open_(scripts: dict[str, list[Script]] | None = None) -> Play:
        return Play.open(_app, receiver, now, scripts or {})

    yield open_
    _app.extensions["takeed"].engine.dispose()


@pytest.fixture
def go_live(_app: Flask, database_url: str, receiver: Receiver, now: datetime) -> Iterator[GoLive]:
    """`go_live(script of the double)` is a story over Twilio about to begin, Sunday 13:00 in Riyadh."""
    with ExitStack() as opened:

        def open_(fates: Fates | None = None, **named: Any) -> Exchange:
            return opened.enter_context(open_exchange(_app, receiver, now, fates or Fates(), **named))

        yield open_
    _app.extensions["takeed"].engine.dispose()
