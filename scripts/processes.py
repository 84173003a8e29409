"""Child processes that are kept alive, and that never outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 30.0
_HEALTHY_SECONDS = 60.0  # a child that lived this long is restarted without a pause
_GRACE_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One command that is to run as long as we do, in a session of its own so that Ctrl-C reaches only us."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    _started: float = field(init=False, default=0.0)
    _pause: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Starts the command. On Linux it gets SIGTERM when we die, however we die."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_leash(os.getpid()) if sys.platform == "linux" else None,
        )

    def ended(self) -> int | None:
        """The exit code once the command has ended, negative for the number of a signal; else None."""
        return self.process.poll()

    def revive(self) -> str | None:
        """Starts a command that has ended again, after a pause that doubles while it keeps ending early.

        Returns a sentence to print when it did.
        """
        code = self.ended()
        if code is None:
            return None
        if time.monotonic() - self._started > _HEALTHY_SECONDS:
            self._pause = 0.0
        if time.monotonic() - self._started < self._pause:
            return None
        self._pause = min(max(self._pause * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
        self.start()
        return f"{self.name} ended with {code} and was started again"


def stop(children: Sequence[Child]) -> None:
    """Asks all to end, waits, and kills those that do not, with whatever they started."""
    for child in children:
        if child.ended() is None:
            child.process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def _leash(parent: int) -> Callable[[], None]:
    library = ctypes.CDLL(None)  # looked up here: after the fork only the call itself is safe

    def tie() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # we died before the leash held
            os._exit(1)

    return tie
