from pathlib import Path

import pytest

from settings import ROOT
from tests.scripts.commands.conftest import Run

WORLDS = ROOT / "worlds"


@pytest.mark.parametrize("world", ["gulf-weekday", "ramadan"])
def test_a_shipped_world_is_lived_through_within_the_rules(run: Run, world: str) -> None:
    found = run("simulate", "--world", str(WORLDS / f"{world}.json"), "--orders", "60", "--json").json

    assert found["orders"] == sum(found["decided"].values()) == found["decided_in_time"] == 60
    assert (found["outside_hours"], found["double_contacts"]) == (0, 0)
    contacted = found["first_contact"]
    assert 50 <= contacted["orders"] <= 60 - found["decided"].get("waived", 0)
    assert 0 <= contacted["median_minutes"] <= min(15, contacted["p90_minutes"])
    assert {"confirmed", "rejected", "unreachable"} <= set(found["decided"])
    assert {"whatsapp", "sms", "ivr", "agent_call"} == set(found["attempts"]) == set(found["cost"])
    assert found["wall_seconds"] > 0


def test_the_same_seed_lives_the_same_life_and_another_one_another(run: Run) -> None:
    def live(seed: str) -> object:
        found = run("simulate", "--orders", "6", "--days", "1", "--seed", seed, "--json").json
        del found["wall_seconds"]
        return found

    assert live("3") == live("3")
    assert live("4") != live("3")


def test_a_broken_world_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "world.json"
    broken.write_text('{"about": "half a world"', encoding="utf-8")

    said = run("simulate", "--world", str(broken))

    assert said.code == 1
    assert said.err.startswith("Error: ")
    assert "Traceback" not in said.err
