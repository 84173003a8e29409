from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.registry import build_channels
from channels.sandbox.world import WorldError
from channels.twilio.account import Account
from models.vocabulary import Channel
from tests.channels.contract import contact_with

WORLDS = Path(__file__).parents[2] / "worlds"


def test_every_channel_is_served_by_the_sandbox(engine: Engine) -> None:
    channels = build_channels(engine, world=WORLDS / "demo.json", seed=1)
    assert set(channels) == set(Channel) - {Channel.page}
    assert {channel.provider for channel in channels.values()} == {"sandbox"}


def test_each_channel_costs_what_its_world_says(engine: Engine) -> None:
    channels = build_channels(engine, world=WORLDS / "gulf-weekday.json", seed=1)
    costs = {
        kind: channels[kind].send(contact_with("+966550000001", kind)).cost
        for kind in (Channel.whatsapp, Channel.sms, Channel.ivr)
    }
    assert costs[Channel.whatsapp] < costs[Channel.ivr] < costs[Channel.sms]


def test_a_broken_world_stops_the_start(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(WorldError):
        build_channels(engine, world=tmp_path / "none.json", seed=1)


def test_with_an_account_every_channel_is_served_by_twilio(engine: Engine, tmp_path: Path) -> None:
    account = Account("AC" + "0" * 32, "token", "https://takeed.example")
    channels = build_channels(engine, world=tmp_path / "none.json", seed=1, account=account)
    assert set(channels) == set(Channel) - {Channel.page}
    assert {channel.provider for channel in channels.values()} == {"twilio"}
    assert all(channel.needs_sender for channel in channels.values())
