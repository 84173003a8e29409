"""`flask tick`: every job once, at an instant of one's choosing."""

from datetime import UTC, datetime

import click
from sqlalchemy import select

from models.jobs import JobRun
from models.unit_of_work import unit_of_work
from scripts.jobs import JOBS, mark_run, run_job
from scripts.keeping import house_of
from scripts.opening import Opened, answer, json_option, opened


@click.command("tick")
@click.option("--now", "instant", help="An ISO 8601 instant with its offset; the real time when left out.")
@json_option
def command(instant: str | None, as_json: bool) -> None:
    """Run every job once. An instant before the last tick's is refused: time does not go back."""
    with opened() as installation:
        now = _read(instant) if instant else installation.now()
        _forbid_going_back(installation, now)
        house = house_of(installation, lambda: now)
        done = {name: run_job(house, name) for name in JOBS}
        mark_run(installation.engine, "tick", now)
    text = ", ".join(f"{name} {count}" for name, count in done.items())
    answer({"now": now.isoformat(), "done": done}, f"{now.isoformat()}: {text}", as_json=as_json)


def _read(instant: str) -> datetime:
    try:
        now = datetime.fromisoformat(instant)
    except ValueError:
        raise click.BadParameter("must be an ISO 8601 instant", param_hint="--now") from None
    if now.tzinfo is None:
        raise click.BadParameter("must carry an offset, such as +03:00 or Z", param_hint="--now")
    return now.astimezone(UTC)


def _forbid_going_back(installation: Opened, now: datetime) -> None:
    with unit_of_work(installation.engine) as session:
        last = session.scalar(select(JobRun.ran_at).where(JobRun.job == "tick"))
    if last is not None and now < last:
        raise click.ClickException(f"the last tick was at {last.isoformat()}; time does not go back")
