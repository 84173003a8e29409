"""The house that the scheduler and the tick keep: this installation, its channels, a clock."""

import os
import socket
from collections.abc import Callable
from datetime import datetime

from channels.registry import build_channels
from scripts.jobs import House
from scripts.opening import Opened

# The sandbox's buyers keep their habits from one start to the next.
_SEED = 7


def house_of(installation: Opened, clock: Callable[[], datetime]) -> House:
    """Everything the jobs work with; the holder names this process on this machine."""
    return House(
        engine=installation.engine,
        channels=build_channels(installation.engine, world=installation.settings.world, seed=_SEED),
        keys=installation.keys,
        clock=clock,
        holder=f"worker:{socket.gethostname()}:{os.getpid()}",
        webhook_allow_private=installation.settings.webhook_allow_private,
    )
