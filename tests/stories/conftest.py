from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app import create_app
from channels.sandbox.scripted import Script
from tests.receiver import Receiver
from tests.stories.play import Play, settings

Stage = Callable[..., Play]


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
