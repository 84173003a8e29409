from pathlib import Path

import pytest

from channels.sandbox.world import load_world
from models.vocabulary import Intent
from verification.replies.reading import read_reply

WORLD = load_world(Path(__file__).parents[3] / "worlds" / "gulf-weekday.json")
MEANT = {"soft": Intent.confirm} | {intent.value: intent for intent in Intent}


@pytest.mark.parametrize("speech", sorted(WORLD.words))
def test_simulated_buyers_are_understood_as_they_mean_it(speech: str) -> None:
    for saying, texts in WORLD.words[speech].items():
        for text in texts:
            reading = read_reply(text)
            assert (text, reading.intent) == (text, MEANT[saying])
            assert (text, reading.soft) == (text, saying == "soft")
