"""The page of the voices in a real browser."""

import wave
from io import BytesIO

import pytest
from playwright.sync_api import expect

from models.vocabulary import Role
from tests.browser.conftest import NARROW, WIDE
from verification.voice.clips import add_clip
from verification.voice.sentences import RECORDED


def a_second_of_silence():
    sound = BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000)
    return sound.getvalue()


@pytest.fixture
def some(work, now, live):
    """The first sentences are recorded."""
    with work() as session:
        for name in RECORDED[:3]:
            sound = a_second_of_silence()
            add_clip(session, sound, language="ckb", name=name, seller_id=None, actor="operator", now=now)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_voices_are_for_everybody(some, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.admin)
    page.goto("/admin/voice")
    axe(page)
    picture(page, f"admin-voice-{language}-{shape}", full=True)


def test_a_recording_is_uploaded_and_can_be_heard(live, visitor, sign_in, axe):
    page = visitor(allow=["status of 422"])
    sign_in(page, Role.admin)
    page.goto("/admin/voice")
    row = page.locator("#keys")
    row.locator("[type=file]").set_input_files(
        {"name": "keys.wav", "mimeType": "audio/wav", "buffer": b"words"}
    )
    row.locator(".upload button").click()
    expect(page.locator("#trouble-keys")).to_be_visible()
    axe(page)
    sound = {"name": "keys.wav", "mimeType": "audio/wav", "buffer": a_second_of_silence()}
    row.locator("[type=file]").set_input_files(sound)
    row.locator(".upload button").click()
    expect(page.locator(".notice")).to_contain_text("The recording is kept")
    seconds = page.evaluate(
        """async () => {
            const player = document.querySelector("#keys audio")
            player.preload = "auto"
            if (player.readyState < 1)
                await new Promise((heard, failed) => {
                    player.onloadedmetadata = heard
                    player.onerror = () => failed(player.error.message)
                    player.load()
                })
            return player.duration
        }"""
    )
    assert 0.9 < seconds < 1.1
    row.locator(".act button").click()
    expect(page.locator(".notice")).to_contain_text("removed")
