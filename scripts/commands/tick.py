"""`flask tick`: every job once, at an instant of one's choosing."""

from datetime import UTC, datetime

import click
from sqlalchemy import func, select

from models.jobs import JobRun
from models.unit_of_work import unit_of_work
from scripts.jobs import JOBS, mark_run, run_job
from scripts.keeping import house_of
from scripts.opening import Opened, answer, json_option, opened


@click.command("tick")
@click.option("--now", "instant", help="An ISO 8601 instant, UTC without an offset; else the real time.")
@json_option
def command(instant: str | None, as_json: bool) -> None:
    """Run every job once. An instant before any job's last run is refused: time does not go back."""
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
    return now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)


def _forbid_going_back(installation: Opened, now: datetime) -> None:
    with unit_of_work(installation.engine) as session:
        last = session.scalar(select(func.max(JobRun.ran_at)))
    if last is not None and now < last:
        raise click.ClickException(f"jobs last ran at {last.isoformat()}; time does not go back")
