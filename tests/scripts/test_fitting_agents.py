"""The job that fits planned calls to the agents at work."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from models.slots import AgentPrice
from models.unit_of_work import unit_of_work
from scripts.jobs import JOBS, House, run_job
from tests.orders import KEYS
from verification.staffing.roster import set_week
from verification.staffing.week import Staff, block


def test_hours_are_those_of_the_houses_zone(engine, session, now):
    with unit_of_work(engine) as rows:
        set_week(rows, dict.fromkeys(block((0,), 9, 10), Staff(2, 10)), actor="test", now=now)
    run_job(House(engine, {}, KEYS, lambda: now, holder="test", zone="Africa/Cairo"), "staffing")
    staffed = session.scalars(select(AgentPrice.begins_at).where(AgentPrice.room > 0)).all()
    assert staffed == [datetime(2026, 11, 23, 7, tzinfo=UTC)]
    assert JOBS["staffing"][1] == timedelta(minutes=10)
