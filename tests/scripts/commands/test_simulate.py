from datetime import timedelta
from pathlib import Path

import pytest

from scripts import simulating
from scripts.commands import simulate
from settings import ROOT
from tests import database
from tests.scripts.commands.conftest import Run

WORLDS = ROOT / "worlds"
ORDERS = 40


@pytest.mark.parametrize("world", ["gulf-weekday", "ramadan"])
def test_a_shipped_world_is_lived_through_within_the_rules(run: Run, world: str) -> None:
    path = WORLDS / f"{world}.json"
    found = run("simulate", "--world", str(path), "--orders", str(ORDERS), "--days", "1", "--json").json

    assert found["orders"] == sum(found["decided"].values()) == found["decided_in_time"] == ORDERS
    assert (found["outside_hours"], found["double_contacts"]) == (0, 0)
    contacted = found["first_contact"]
    assert 0.8 * ORDERS <= contacted["orders"] <= ORDERS - found["decided"].get("waived", 0)
    assert 0 <= contacted["median_minutes"] <= min(15, contacted["p90_minutes"])
    assert {"confirmed", "rejected", "unreachable"} <= set(found["decided"])
    assert {"whatsapp", "sms", "ivr", "agent_call"} == set(found["attempts"]) == set(found["cost"])
    assert found["wall_seconds"] > 0


@pytest.fixture
def migrated(database_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run's own database is a copy of the migrated one."""
    template = database.template(database_server)
    monkeypatch.setattr(simulate, "own_database", lambda *_: database.fresh(database_server, template))


@pytest.mark.usefixtures("migrated")
def test_the_same_seed_lives_the_same_life_and_another_one_another(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "_WATCH_EVERY", timedelta(hours=2))

    def live(seed: str) -> object:
        found = run("simulate", "--orders", "6", "--days", "1", "--seed", seed, "--json").json
        del found["wall_seconds"]
        return found

    first = live("3")
    assert live("3") == first
    assert live("4") != first


def test_a_broken_world_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "world.json"
    broken.write_text('{"about": "half a world"', encoding="utf-8")

    said = run("simulate", "--world", str(broken))

    assert said.code == 1
    assert said.err.startswith("Error: ")
    assert "Traceback" not in said.err
