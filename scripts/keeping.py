"""The house that the scheduler and the tick keep: this installation, its channels, a clock."""

import os
import socket
from collections.abc import Callable
from datetime import datetime

import click

from channels.registry import WORLD_SEED, build_channels
from scripts.jobs import House
from scripts.opening import Opened


def house_of(installation: Opened, clock: Callable[[], datetime]) -> House:
    """Everything the jobs work with; the holder names this process on this machine.

    Raises `ClickException` when a provider's credentials are set, because real buyers must not be given
    simulated answers.
    """
    if not installation.settings.sandbox:
        raise click.ClickException(
            "TWILIO_ACCOUNT_SID is set, but this release has only the sandbox's channels: unset it"
        )
    return House(
        engine=installation.engine,
        channels=build_channels(installation.engine, world=installation.settings.world, seed=WORLD_SEED),
        keys=installation.keys,
        clock=clock,
        holder=f"worker:{socket.gethostname()}:{os.getpid()}",
        webhook_allow_private=installation.settings.webhook_allow_private,
        page_at=installation.settings.page_at,
    )
