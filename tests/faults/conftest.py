import multiprocessing
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from tests.faults.dying import ROLES

# Only a test that fails waits as long.
PATIENCE_SECONDS = 300


class Started:
    """A process of ours: `hear()` is the next that it says, `tell()` lets it begin."""

    def __init__(self, process: BaseProcess, line: Connection) -> None:
        self.process = process
        self._line = line

    def hear(self) -> str:
        assert self._line.poll(PATIENCE_SECONDS)
        return str(self._line.recv())

    def tell(self) -> None:
        self._line.send("go")

    def end(self) -> int | None:
        """How it ended, once it has: 0 when all was well, a signal's number below zero."""
        self.process.join(PATIENCE_SECONDS)
        return self.process.exitcode

    def discard(self) -> None:
        self._line.close()
        self.process.kill()
        self.process.join()
        self.process.close()


Start = Callable[..., Started]
KILLED = -signal.SIGKILL


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    """`start(role, now, death, ...)` is a process of ours, ready to begin; none outlives its test."""
    started: list[Started] = []
    # All are born of one process that has loaded our code, and nothing else.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.dying"])

    def start(role: str, now: datetime, death: str = "never", *more: object) -> Started:
        ours, theirs = context.Pipe()
        process = context.Process(target=ROLES[role], args=(theirs, database_url, now, death, *more))
        process.start()
        theirs.close()
        started.append(Started(process, ours))
        return started[-1]

    yield start
    for each in started:
        each.discard()
