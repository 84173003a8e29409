"""The night's learning: when it is due, and what becomes of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from structlog import get_logger

from models.unit_of_work import unit_of_work
from verification.alarms import end_alarm, raise_alarm
from verification.learning.nightly import AlreadyFitting, fit_nightly

log = get_logger()

AT_HOUR = 3
"""When nobody is called: o'clock in the call centre's zone."""
_ALARM = "learning_failed"


def is_night_due(now: datetime, last: datetime | None, zone: str) -> bool:
    """Whether the latest night has not been learned from; `last` is when one was (aware UTC)."""
    local = now.astimezone(ZoneInfo(zone))
    due = local.replace(hour=AT_HOUR, minute=0, second=0, microsecond=0)
    if due > local:
        due -= timedelta(days=1)
    return last is None or last < due.astimezone(UTC)


def learn_from_all(engine: Engine, now: datetime) -> int | None:
    """Fit, compare, keep; how many buyers taught, None while another process is at it.

    A failure raises an alarm and ends the night: the next try would fail as well.
    """
    try:
        night = fit_nightly(engine, now=now, by="scheduler")
    except AlreadyFitting:
        return None
    except Exception as error:
        log.exception("learning.failed")
        with unit_of_work(engine) as session:
            raise_alarm(session, _ALARM, "nightly", {"code": type(error).__name__}, now=now)
        return 0
    with unit_of_work(engine) as session:
        end_alarm(session, _ALARM, now=now)
    log.info("learning.done", why=night.why.value, version=night.version, in_use=night.in_use)
    return night.buyers
