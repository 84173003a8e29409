"""Which provider serves each channel of this installation."""

from pathlib import Path

from sqlalchemy import Engine

from channels.protocol import Channels
from channels.sandbox.described_buyers import Costs
from channels.sandbox.reacting import Buyers, WorldBuyers
from channels.sandbox.sending import SandboxChannel
from channels.sandbox.world import load_world
from channels.twilio.account import Account
from models.vocabulary import Channel

WORLD_SEED = 7
"""What an installation's simulated buyers are drawn with, the same in all its processes."""

_SANDBOXED = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)


def build_channels(engine: Engine, *, world: Path, seed: int, account: Account | None = None) -> Channels:
    """Every channel over Twilio with an account there, else over the sandbox with the buyers of a world file.

    Raises WorldError for a broken file, which is not read with an account.
    """
    if account is not None:
        return twilio_channels(account)
    described = load_world(world)
    return sandbox_channels(engine, WorldBuyers(described, seed), described.costs)


def twilio_channels(account: Account) -> Channels:
    """Every channel over Twilio."""
    # Here, because the library and its HTTP client take a while and the web starts without them.
    from channels.twilio.calling import TwilioBridge, TwilioCall
    from channels.twilio.sms import TwilioSms
    from channels.twilio.whatsapp import TwilioWhatsApp

    return {
        Channel.whatsapp: TwilioWhatsApp(account),
        Channel.sms: TwilioSms(account),
        Channel.ivr: TwilioCall(account),
        Channel.agent_call: TwilioBridge(account),
    }


def sandbox_channels(engine: Engine, buyers: Buyers, costs: Costs) -> Channels:
    """Every channel over the sandbox, with these buyers."""
    return {channel: SandboxChannel(engine, channel, buyers, costs.of(channel)) for channel in _SANDBOXED}
