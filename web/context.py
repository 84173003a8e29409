"""What every request needs of the installation: settings, database, keys, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import cast

from flask import current_app

from channels.protocol import Channels
from channels.registry import WORLD_SEED, build_channels
from channels.sandbox.world import World, load_world
from channels.twilio.account import Account, account_of
from models.secrecy import Keyring
from models.unit_of_work import Engine, make_engine
from settings import Settings

NAME = "takeed"


@dataclass
class Context:
    """One installation as one process sees it; `clock` tells the time, aware UTC.

    `database_url` is asked and the engine made at the first use, so after a server has forked its workers.
    `schema` tells the revision that the database should have.
    """

    settings: Settings
    clock: Callable[[], datetime]
    database_url: Callable[[], str]
    schema: Callable[[], str]
    _lock: Lock = field(default_factory=Lock)

    @property
    def engine(self) -> Engine:
        """The process's pool of connections."""
        with self._lock:
            return self._engine

    @cached_property
    def _engine(self) -> Engine:
        return make_engine(self.database_url())

    @cached_property
    def keys(self) -> Keyring:
        """What seals and recognises personal data."""
        return Keyring(self.settings.secret_key.encode())

    @cached_property
    def account(self) -> Account | None:
        """The account at the provider; None where the channels are the sandbox's."""
        return account_of(self.settings)

    @cached_property
    def world(self) -> World:
        """The simulated buyers of the sandbox."""
        return load_world(self.settings.world)

    @property
    def world_seed(self) -> int:
        """What the simulated buyers are drawn with, here as in the process that contacts them."""
        return WORLD_SEED

    @cached_property
    def channels(self) -> Channels:
        """Who reaches buyers, by channel."""
        return build_channels(
            self.engine, world=self.settings.world, seed=self.world_seed, account=self.account
        )

    @cached_property
    def expected_schema(self) -> str:
        """The revision that this code needs."""
        return self.schema()


def context() -> Context:
    """The installation of the request at hand."""
    return cast(Context, current_app.extensions[NAME])
