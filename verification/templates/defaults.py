"""The texts that Takeed brings along, read from `defaults.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from channels.protocol import Button
from models.vocabulary import Channel

_FILE = Path(__file__).with_name("defaults.toml")
_CHANNELS = (Channel.whatsapp, Channel.sms)


@dataclass(frozen=True)
class BuiltIn:
    """One text; the ids of its buttons are the answers' own codes."""

    channel: Channel
    name: str
    language: str
    body: str
    buttons: tuple[Button, ...]


def built_in(channel: Channel, name: str, language: str) -> BuiltIn | None:
    """The text of this name in a language, None where there is none."""
    return _texts().get((channel, name, language))


def all_built_in() -> tuple[BuiltIn, ...]:
    """All of them, by channel and name."""
    return tuple(_texts().values())


def buttons_in(language: str) -> tuple[Button, ...]:
    """The three answers to our question: confirm, cancel, later; in English for a language we lack."""
    titles: Mapping[str, Mapping[str, str]] = _read()["buttons"]
    return tuple(Button(code, title) for code, title in titles.get(language, titles["en"]).items())


def answer_with(language: str) -> str:
    """The line before numbered answers."""
    lines: Mapping[str, str] = _read()["answer_with"]
    return lines.get(language, lines["en"])


@cache
def _texts() -> Mapping[tuple[Channel, str, str], BuiltIn]:
    return {
        (channel, name, language): BuiltIn(
            channel, name, language, body.strip(), buttons_in(language) if channel is Channel.whatsapp else ()
        )
        for channel in _CHANNELS
        for name, bodies in _read()[channel.value].items()
        for language, body in bodies.items()
    }


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
