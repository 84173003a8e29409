"""The embedded PostgreSQL: a server of our own under the data folder, when no DATABASE_URL is set.

Whoever uses the server holds a shared lock on one file. Who finds no server starts it; the last one to let go
stops it. A killed process loses its lock with its life, so nobody is waited for in vain, and a server that it
left running is joined by the next.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.cluster import Cluster, EmbeddedError, binary
from settings import Settings

__all__ = ["EmbeddedError", "Server", "binary", "database", "joined", "libpq_url", "running", "start", "stop"]

_PATIENCE_SECONDS = 120  # recovery after a crash may take its time
_LAUNCH_SECONDS = 10  # how long the remains of a killed server may stand in the way of a new one


@dataclass(frozen=True)
class Server:
    """A running server. `url` is a SQLAlchemy address over a Unix socket that only its owner can reach."""

    data: Path
    url: str


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yields the database's SQLAlchemy address for as long as it is needed.

    That is DATABASE_URL when set, else the embedded server, started if it does not run yet.
    """
    if settings.database_url is not None:
        yield settings.database_url
    else:
        with joined(settings.data) as server:
            yield server.url


@contextmanager
def joined(data: Path, *, durable: bool = True) -> Iterator[Server]:
    """Yields the embedded server of a data folder; the last one out stops it.

    `durable=False` trades the safety of the data for speed: for tests only.
    Raises EmbeddedError when the folder belongs to another user or another PostgreSQL version.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "postgres.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield start(data, durable=durable)
        finally:
            with _alone(data), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Cluster(data).halt()


def start(data: Path, *, durable: bool = True) -> Server:
    """Starts the folder's server, or returns the running one. `stop` or the last `joined` user ends it."""
    data.mkdir(parents=True, exist_ok=True)
    with _alone(data):
        return _started(data, durable=durable)


def running(data: Path) -> str | None:
    """The SQLAlchemy address of the folder's server if it runs and takes connections, else None."""
    return Cluster(data).address()


def stop(data: Path) -> None:
    """Stops the server of a data folder, whoever still uses it. Does nothing when none runs."""
    if data.is_dir():
        with _alone(data):
            Cluster(data).halt()


def libpq_url(url: str) -> str:
    """The same address as PostgreSQL's own programs read it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One process at a time decides whether the server starts or stops."""
    with (data / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _started(data: Path, *, durable: bool) -> Server:
    cluster = Cluster(data)
    cluster.prepare()
    begun = time.monotonic()
    while (url := cluster.address()) is None:
        waited = time.monotonic() - begun
        if cluster.process() is None:
            try:
                cluster.launch(durable=durable)
            except EmbeddedError:
                if waited > _LAUNCH_SECONDS:
                    raise
        elif waited > _PATIENCE_SECONDS:
            raise EmbeddedError(f"the embedded PostgreSQL is not ready; its log is in {cluster.path / 'log'}")
        time.sleep(0.02)
    cluster.make_database()
    return Server(data, url)
