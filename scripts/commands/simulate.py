"""`flask simulate`: the real pipeline in virtual time against a described world."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import click
from sqlalchemy import make_url

from channels.sandbox.world import WorldError, load_world
from models.unit_of_work import Engine, make_engine, unit_of_work
from models.vocabulary import Chooser
from scripts.opening import answer, json_option, opened, progress
from scripts.simulating import Simulation, own_database
from scripts.simulation_report import heard, report, side_by_side
from settings import ROOT

_BOTH = "both"


@click.command("simulate")
@click.option(
    "--world",
    "world_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=ROOT / "worlds" / "gulf-weekday.json",
    show_default="worlds/gulf-weekday.json",
    help="The buyers and their habits.",
)
@click.option("--orders", type=click.IntRange(1, 1_000_000), default=500, show_default=True)
@click.option(
    "--days", type=click.IntRange(1, 60), default=2, show_default=True, help="Over which they arrive."
)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option(
    "--chooser",
    type=click.Choice([*Chooser, _BOTH]),
    help="What chooses hours and channels, or both in turn, each with a database of its own.",
    show_default="the policy's",
)
@json_option
def command(world_path: Path, orders: int, days: int, seed: int, chooser: str | None, as_json: bool) -> None:
    """Let orders arrive, buyers answer and agents call until every order is decided."""
    try:
        world = load_world(world_path)
    except WorldError as error:
        raise click.ClickException(str(error)) from error

    def lived(by: Chooser | None, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
        started = time.monotonic()
        with _own_engine() as engine:
            run = Simulation(engine, world, orders=orders, days=days, seed=seed, chooser=by)
            with progress(orders, label, hidden=as_json) as show:
                run.run(show)
            with unit_of_work(engine) as session:
                found, besides = report(session), heard(session)
        return found | {"wall_seconds": round(time.monotonic() - started, 1)}, besides

    if chooser == _BOTH:
        runs = {}
        for by in (Chooser.learned, Chooser.fixed):
            found, besides = lived(by, by.value)
            runs[by.value] = besides | found
        answer(runs, side_by_side(runs), as_json=as_json)
        return
    found, _ = lived(Chooser(chooser) if chooser else None, "decided")
    answer(found, "\n".join(f"{name}: {value}" for name, value in found.items()), as_json=as_json)


@contextmanager
def _own_engine() -> Iterator[Engine]:
    with opened() as installation, own_database(installation.url, f"simulation_{token_hex(6)}") as url:
        # Nothing here outlives the run, so no commit waits for the disk.
        hasty = make_url(url).update_query_dict({"options": "-c synchronous_commit=off"})
        engine = make_engine(hasty.render_as_string(hide_password=False))
        try:
            yield engine
        finally:
            engine.dispose()
