"""`flask scheduler`: the process that ticks. Several may run; claims make a second one harmless."""

import logging
import signal
from dataclasses import replace
from threading import Event

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from structlog import get_logger

from scripts.jobs import JOBS, House, run_job
from scripts.keeping import house_of
from scripts.opening import opened

log = get_logger()


@click.command("scheduler")
def command() -> None:
    """Run every job at its interval until stopped (Ctrl-C or SIGTERM)."""
    # A job that is still busy when its next turn comes is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    stopped = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    with opened(quiet=False) as installation:
        house = replace(
            house_of(installation, installation.now),
            threads=installation.settings.contact_threads,
            pause=stopped.wait,
        )
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(JOBS))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for name, (_, every) in JOBS.items():
            scheduler.add_job(_run, "interval", args=(house, name), seconds=every.total_seconds(), id=name)
        scheduler.start()
        log.info("scheduler.started", jobs=sorted(JOBS))
        stopped.wait()
        scheduler.shutdown(wait=True)
        log.info("scheduler.stopped")


def _run(house: House, name: str) -> None:
    try:
        run_job(house, name)
    except Exception:
        # A job that fails today is run again in a moment; what it held is in rows, not in this process.
        log.exception("job.failed", job=name)
