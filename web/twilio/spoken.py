"""From what is to be said to the markup that Twilio fetches."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask import Response

from channels.twilio.account import Account
from channels.twilio.speaking import Line
from verification.voice.script import Said


def as_lines(account: Account, said: Iterable[Said], language: str, clips: Mapping[str, UUID]) -> list[Line]:
    """The lines in a language, its recordings by the addresses under which Twilio fetches them."""
    return [
        Line(each.text, language) if each.text is not None else Line(sound=_address(account, clips, each))
        for each in said
    ]


def as_markup(markup: str) -> Response:
    """The answer that Twilio reads."""
    return Response(markup, content_type="text/xml; charset=utf-8")


def _address(account: Account, clips: Mapping[str, UUID], said: Said) -> str:
    return f"{account.public_url}/channels/twilio/voice/clips/{clips[said.clip or '']}"
