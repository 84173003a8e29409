from datetime import timedelta
from pathlib import Path

import pytest

from scripts import simulating
from scripts.commands import simulate
from settings import ROOT
from tests import database
from tests.scripts.commands.conftest import Run

WORLDS = ROOT / "worlds"
ORDERS = 20


@pytest.fixture(autouse=True)
def _quick(database_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run's own database is a copy of the migrated one, and its watch looks seldom."""
    template = database.template(database_server)
    monkeypatch.setattr(simulate, "own_database", lambda *_: database.fresh(database_server, template))
    monkeypatch.setattr(simulating, "_WATCH_EVERY", timedelta(hours=2))


@pytest.mark.parametrize(("world", "chooser"), [("gulf-weekday", "fixed"), ("ramadan", "learned")])
def test_a_shipped_world_is_lived_through_within_the_rules(run: Run, world: str, chooser: str) -> None:
    asked = ("--world", str(WORLDS / f"{world}.json"), "--orders", str(ORDERS), "--days", "1")
    found = run("simulate", *asked, "--chooser", chooser, "--json").json

    assert found["orders"] == sum(found["decided"].values()) == found["decided_in_time"] == ORDERS
    assert (found["outside_hours"], found["double_contacts"]) == (0, 0)
    contacted = found["first_contact"]
    assert 0.8 * ORDERS <= contacted["orders"] <= ORDERS - found["decided"].get("waived", 0)
    assert 0 <= contacted["median_minutes"] <= min(15, contacted["p90_minutes"])
    assert {"confirmed", "unreachable"} <= set(found["decided"])
    assert {"whatsapp", "agent_call"} <= set(found["attempts"]) == set(found["cost"])
    assert found["wall_seconds"] > 0


def test_the_same_seed_lives_the_same_life_and_another_one_another(run: Run) -> None:
    def live(seed: str) -> object:
        found = run("simulate", "--orders", "6", "--days", "1", "--seed", seed, "--json").json
        del found["wall_seconds"]
        return found

    first = live("3")
    assert live("3") == first
    assert live("4") != first


def test_what_was_learned_and_the_fixed_schedule_live_the_same_orders_side_by_side(run: Run) -> None:
    asked = ("simulate", "--orders", "5", "--days", "1", "--chooser", "both")
    found = run(*asked, "--json").json
    assert list(found) == ["learned", "fixed"]
    assert found["learned"]["orders"] == found["fixed"]["orders"] == 5
    assert {"by_buyers", "opted_out"} <= set(found["learned"]) == set(found["fixed"])


def test_a_broken_world_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "world.json"
    broken.write_text('{"about": "half a world"', encoding="utf-8")

    said = run("simulate", "--world", str(broken))

    assert said.code == 1
    assert said.err.startswith("Error: ")
    assert "Traceback" not in said.err
