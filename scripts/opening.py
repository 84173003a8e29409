"""What every command starts with: the settings, the database, the keys; and how it answers."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
import structlog
from click.termui import progressbar
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from models.secrecy import Keyring
from models.unit_of_work import make_engine
from scripts.embedded import EmbeddedError, database
from scripts.migrating import MigratingError, migrate
from settings import Settings, SettingsError

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@dataclass(frozen=True)
class Opened:
    """An installation that a command works on."""

    settings: Settings
    url: str
    engine: Engine
    keys: Keyring

    def now(self) -> datetime:
        """The real time, aware UTC."""
        return datetime.now(UTC)


@contextmanager
def opened(*, quiet: bool = True) -> Iterator[Opened]:
    """The installation that the environment names, its database running and migrated.

    Joins a running database, or starts it for as long as this lasts. What cannot be opened is one sentence.
    `quiet` keeps the log off the screen, where the command's own answer stands.
    """
    if quiet:
        level = structlog.make_filtering_bound_logger(logging.ERROR)
        structlog.configure(wrapper_class=level, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        settings = Settings.from_env()
        with database(settings) as url:
            migrate(url)
            engine = make_engine(url)
            try:
                yield Opened(settings, url, engine, Keyring(settings.secret_key.encode()))
            finally:
                engine.dispose()
    except OperationalError as error:
        words = " ".join(str(error.orig).split())
        raise click.ClickException(f"the database cannot be reached: {words}") from error
    except (SettingsError, EmbeddedError, MigratingError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def progress(length: int, label: str, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A bar on stderr that is told how many are done by now."""
    with progressbar(length=length, label=label, hidden=hidden, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def answer(found: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """Print what a command found: the JSON object alone, or the text for a person."""
    click.echo(json.dumps(found, ensure_ascii=False, default=str) if as_json else text)
