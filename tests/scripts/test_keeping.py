"""Whose channels a house has, and that simulated answers stay out of real conversations."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from channels.registry import twilio_channels
from channels.sandbox.scripted import confirms
from channels.twilio.account import Account
from models.secrecy import Keyring
from scripts.jobs import hear_sandbox
from scripts.keeping import house_of
from scripts.opening import Opened
from settings import Settings
from tests.building import Town


def opened(engine: Engine, folder: Path, **values: Any) -> Opened:
    settings = Settings(data=folder, **values)
    return Opened(settings, str(engine.url), engine, Keyring(settings.secret_key.encode()))


def test_without_credentials_the_channels_are_the_sandboxes(
    engine: Engine, tmp_path: Path, now: datetime
) -> None:
    house = house_of(opened(engine, tmp_path), lambda: now)
    assert {channel.provider for channel in house.channels.values()} == {"sandbox"}


def test_with_credentials_the_channels_are_twilios(engine: Engine, tmp_path: Path, now: datetime) -> None:
    credentials = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": "token"}
    house = house_of(opened(engine, tmp_path, **credentials), lambda: now)
    assert {channel.provider for channel in house.channels.values()} == {"twilio"}


def test_what_a_sandbox_left_behind_is_not_heard_once_the_channels_are_real(
    engine: Engine, now: datetime
) -> None:
    town = Town(engine, now, {"+966551234567": [confirms()]})
    town.order()
    town.tick()
    town.clock.at += timedelta(days=1)
    real = twilio_channels(Account("AC" + "0" * 32, "token", "https://takeed.example"))

    assert hear_sandbox(replace(town.house, channels=real)) == 0
    assert hear_sandbox(town.house) > 0
