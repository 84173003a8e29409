from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from models.diary import DiaryEntry
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, StepState, Verdict
from tests.building import Clock, Town, a_store, an_order, live_step, ready_claims, set_policy, verdict_of
from tests.verification.desk.staff import AGENTS
from verification.contact.promoting import promote
from verification.contact.putting_off import put_off_calls
from verification.hours.calendar import Occasion, Override
from verification.policy.calendars import add_override, remove_override
from verification.telling.resource import order_resources


def stop(engine: Engine, now: datetime, hours: float) -> object:
    override = Override("SA", Occasion.shut, begins_at=now, ends_at=now + timedelta(hours=hours))
    with unit_of_work(engine) as session:
        return add_override(session, override, why="a storm", actor="operator", now=now)


@pytest.mark.parametrize("hours", [1, 2])
def test_a_call_that_waits_for_an_agent_says_what_the_claim_would(
    engine: Engine, now: datetime, hours: int
) -> None:
    set_policy(engine, now, AGENTS, country="SA")
    order = an_order(engine, a_store(engine, now), now)
    with unit_of_work(engine) as session:
        promote(session, now=now)
    assert put_off_calls(engine, now) == 0
    stop(engine, now, hours)
    assert put_off_calls(engine, now + timedelta(minutes=1)) == 1
    step = live_step(engine, order)
    assert step.state is StepState.scheduled
    assert step.not_before >= now + timedelta(hours=hours)
    with unit_of_work(engine) as session:
        [shown] = order_resources(session, [order], "en")
        told = session.scalars(select(DiaryEntry).where(DiaryEntry.order_id == order)).all()[-1]
    assert "a stop on all contacts there" in shown["next_contact"]["reason"]["text"]
    assert told.params["reason"]["params"]["held_by"][0] == "storm"


def test_what_a_claim_puts_off_stands_in_the_diary(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    stop(engine, now, 1)
    assert ready_claims(engine, now) == []
    with unit_of_work(engine) as session:
        told = session.scalars(select(DiaryEntry).where(DiaryEntry.order_id == order)).all()[-1]
    assert (told.code, told.params["reason"]["params"]["held_by"]) == ("contact_planned", ["storm"])


def test_a_stop_that_is_lifted_holds_nothing_back(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    override_id = stop(engine, now, 3)
    assert ready_claims(engine, now) == []
    later = now + timedelta(minutes=5)
    with unit_of_work(engine) as session:
        remove_override(session, override_id, actor="operator", now=later)  # type: ignore[arg-type]
    [held] = ready_claims(engine, later)
    assert held.step_id == live_step(engine, order).id


def test_a_stop_past_the_deadline_gives_up_nobody_before_it(engine: Engine, now: datetime) -> None:
    town = Town(engine, now)
    override_id = stop(engine, now, 96)
    order = town.order()
    town.run(timedelta(hours=12))
    assert verdict_of(engine, order) is None
    step = live_step(engine, order)
    assert (step.channel, step.reason["code"], step.reason["params"]["held_by"]) == (
        Channel.page,
        "no_time_in_sight",
        ["storm"],
    )
    # Lifted on the next morning, the buyer is asked after all.
    town.clock.move(hours=10)
    with unit_of_work(engine) as session:
        remove_override(session, override_id, actor="operator", now=town.clock())  # type: ignore[arg-type]
    town.tick()
    assert live_step(engine, order).channel is Channel.whatsapp


def test_at_the_deadline_it_is_decided_all_the_same(engine: Engine, now: datetime) -> None:
    town = Town(engine, now)
    stop(engine, now, 96)
    order = town.order()
    town.run(timedelta(hours=50))
    assert verdict_of(engine, order) is Verdict.unreachable
    assert isinstance(town.clock, Clock)
