import json
from pathlib import Path
from typing import Any

import pytest

from channels.sandbox.world import WorldError, load_world

WORLDS = Path(__file__).parents[3] / "worlds"
SHIPPED = sorted(path.name for path in WORLDS.glob("*.json"))


def changed(folder: Path, *path: str | int, to: Any) -> Path:
    """A copy of the ordinary world in which one field has another value."""
    world = json.loads((WORLDS / "gulf-weekday.json").read_text(encoding="utf-8"))
    part = world
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    copy = folder / "world.json"
    copy.write_text(json.dumps(world), encoding="utf-8")
    return copy


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_worlds_load(name: str) -> None:
    assert load_world(WORLDS / name).countries


def test_the_worlds_of_the_contract_are_shipped() -> None:
    assert {"demo.json", "gulf-weekday.json", "ramadan.json"} <= set(SHIPPED)


def test_the_demo_is_the_same_at_every_hour() -> None:
    world = load_world(WORLDS / "demo.json")
    assert list(world.parts.values()) == [0]
    assert world.dips == ()
    assert world.variety.hours == 0
    assert all(kind.sleeps is None for kind in world.types.values())
    assert all(kind.calls.weekday == kind.calls.weekend for kind in world.types.values())


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("channels", "ivr", "decides"), 1.5, "channels.ivr.decides"),
        (("channels", "ivr", "decides"), "often", "channels.ivr.decides"),
        (("channels", "fax"), {}, "channels.fax"),
        (("delays", "ring"), {"shortest": 9, "longest": 1}, "delays.ring"),
        (("costs", "sms"), "-0.01", "costs.sms"),
        (("starts_at",), "2026-11-15T00:00:00", "starts_at"),
        (("parts",), {"late": 4}, "parts"),
        (("types", "office", "calls", "weekday"), {"night": 0.1}, "types.office.calls.weekday"),
        (("countries", "SA", "types"), {"pirate": 1}, "countries.SA.types"),
        (("countries", "SA", "types"), {"office": 0}, "countries.SA.types"),
        (("countries", "SA", "speech"), {"tlh": 1}, "countries.SA.speech"),
        (("words", "en"), {"confirm": ["yes"]}, "words.en"),
        (("refusals", "boredom"), 3, "refusals.boredom"),
        (("detours", "later"), 0.95, "detours"),
        (("orders", "by_hour"), [1, 2, 3], "orders.by_hour"),
        (("orders", "phones", "smoke"), 1, "orders.phones.smoke"),
        (("countries", "SA", "mobile"), {"prefixes": ["50000000"], "digits": 9}, "countries.SA.mobile"),
    ],
)
def test_a_broken_world_names_the_field(
    tmp_path: Path, path: tuple[str, ...], value: Any, named: str
) -> None:
    with pytest.raises(WorldError) as error:
        load_world(changed(tmp_path, *path, to=value))
    assert f"world.json: {named}" in str(error.value)


def test_a_country_that_is_not_served_is_refused(tmp_path: Path) -> None:
    world = json.loads((WORLDS / "gulf-weekday.json").read_text(encoding="utf-8"))
    countries = world["countries"] | {"FR": world["countries"]["SA"]}
    with pytest.raises(WorldError, match="countries: FR is not known"):
        load_world(changed(tmp_path, "countries", to=countries))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"extends": "world.json"}', '{"extends": 3}'])
def test_what_is_no_world_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "world.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorldError, match=r"world\.json: "):
        load_world(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"nowhere\.json: cannot be read"):
        load_world(tmp_path / "nowhere.json")


def test_a_world_may_build_on_another(tmp_path: Path) -> None:
    changed(tmp_path, "about", to="the base").rename(tmp_path / "base.json")
    silent = tmp_path / "silent.json"
    silent.write_text('{"extends": "base.json", "about": "less soft", "soft": 0}', encoding="utf-8")
    world = load_world(silent)
    assert (world.about, world.soft) == ("less soft", 0)
    assert world.words == load_world(tmp_path / "base.json").words
