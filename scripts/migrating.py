"""Brings a database to the schema that this code expects.

As a command, `python -m scripts.migrating short_name` writes the next migration from the difference between
the models and the migrations so far; read it and finish it by hand.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from scripts.embedded import joined
from settings import ROOT

_LOCK = 0x7A_6B_65_65_64  # one migration at a time in one database


class MigratingError(RuntimeError):
    """The database cannot be brought to our schema; the text says why."""


def migrate(url: str, revision: str = "head") -> None:
    """Upgrades the database to `revision`. Processes that start together wait for each other.

    Raises MigratingError when the database cannot be reached or was migrated by a newer release.
    """
    try:
        with _configured(url) as config:
            command.upgrade(config, revision)
    except OperationalError as error:
        raise MigratingError(f"the database cannot be reached: {str(error.orig).strip()}") from error
    except CommandError as error:
        raise MigratingError(f"this release does not know the database's schema: {error}") from error


def unmigrate(url: str, revision: str = "base") -> None:
    """Takes the database's schema back to `revision`, with what the newer schema held."""
    with _configured(url) as config:
        command.downgrade(config, revision)


def newest() -> str:
    """The revision that `head` stands for; needs no database."""
    revision = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    if revision is None:
        raise MigratingError("there are no migrations")
    return revision


def draft(name: str) -> Path:
    """Writes the next migration file, numbered and named, and returns its path."""
    with (
        tempfile.TemporaryDirectory(prefix="takeed-") as folder,
        joined(Path(folder), durable=False) as server,
    ):
        migrate(server.url)
        with _configured(server.url) as config:
            known = ScriptDirectory.from_config(config).walk_revisions()
            number = f"{sum(1 for _ in known) + 1:04}"
            script = command.revision(config, message=name, rev_id=number, autogenerate=True)
            if script is None or isinstance(script, list):
                raise MigratingError("no migration was written")
            return Path(script.path)


@contextmanager
def _configured(url: str) -> Iterator[Config]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield _config(connection)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    print(draft(sys.argv[1]))
