"""`flask simulate`: the real pipeline in virtual time against a described world."""

import time
from pathlib import Path
from secrets import token_hex

import click
from sqlalchemy import make_url

from channels.sandbox.world import WorldError, load_world
from models.unit_of_work import make_engine, unit_of_work
from scripts.opening import answer, json_option, opened, progress
from scripts.simulating import Simulation, own_database
from scripts.simulation_report import report
from settings import ROOT


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
@json_option
def command(world_path: Path, orders: int, days: int, seed: int, as_json: bool) -> None:
    """Let orders arrive, buyers answer and agents call until every order is decided."""
    try:
        world = load_world(world_path)
    except WorldError as error:
        raise click.ClickException(str(error)) from error
    started = time.monotonic()
    with opened() as installation, own_database(installation.url, f"simulation_{token_hex(6)}") as url:
        # Nothing here outlives the run, so no commit waits for the disk.
        hasty = make_url(url).update_query_dict({"options": "-c synchronous_commit=off"})
        engine = make_engine(hasty.render_as_string(hide_password=False))
        try:
            simulation = Simulation(engine, world, orders=orders, days=days, seed=seed)
            with progress(orders, "decided", hidden=as_json) as show:
                simulation.run(show)
            with unit_of_work(engine) as session:
                found = report(session)
        finally:
            engine.dispose()
    found["wall_seconds"] = round(time.monotonic() - started, 1)
    answer(found, "\n".join(f"{name}: {value}" for name, value in found.items()), as_json=as_json)
