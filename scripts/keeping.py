"""The house that the scheduler and the tick keep: this installation, its channels, a clock."""

import os
import socket
from collections.abc import Callable
from datetime import datetime
from functools import partial

from channels.registry import WORLD_SEED, build_channels
from channels.twilio.account import account_of
from channels.twilio.prices import price_of
from scripts.jobs import House
from scripts.opening import Opened
from scripts.templates import approver_at


def house_of(installation: Opened, clock: Callable[[], datetime]) -> House:
    """Everything the jobs work with; the holder names this process on this machine.

    The channels are Twilio's when its credentials are set, and the sandbox's otherwise.
    """
    settings = installation.settings
    account = account_of(settings)
    return House(
        engine=installation.engine,
        channels=build_channels(installation.engine, world=settings.world, seed=WORLD_SEED, account=account),
        keys=installation.keys,
        clock=clock,
        holder=f"worker:{socket.gethostname()}:{os.getpid()}",
        webhook_allow_private=settings.webhook_allow_private,
        page_at=settings.page_at,
        price=partial(price_of, account) if account else None,
        approver=approver_at(account) if account else None,
        zone=settings.time_zone,
    )
