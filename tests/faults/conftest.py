import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from settings import ROOT

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    """`start(role, now, death)` is a process of ours, ready to begin; none outlives its test."""
    started: list[subprocess.Popen[str]] = []

    def start(role: str, now: datetime, death: str = "never") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.dying", role, database_url, now.isoformat(), death],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
