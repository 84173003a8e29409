from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from channels.sandbox import scripted
from models.diary import DiaryEntry
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, StepState, Verdict
from tests.building import (
    E164,
    Clock,
    Town,
    a_store,
    an_order,
    attempts_of,
    live_step,
    order_row,
    ready_claims,
    set_policy,
    steps_of,
    verdict_of,
)
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


NO_WHATSAPP = {E164: [scripted.refused(), *[scripted.silent()] * 9]}
CERTAIN = {"control_percent": 0, "random_per_thousand": 0}


def evening(now: datetime) -> datetime:
    """When the hours of calls in Saudi Arabia are just over."""
    return now.astimezone(ZoneInfo("Asia/Riyadh")).replace(hour=21, minute=31)


def waiting_call(engine: Engine, town: Town) -> UUID:
    """An order whose WhatsApp message could not be sent and whose next step, an agent's call, is due."""
    order = town.order()
    for _ in range(60):
        town.tick()
        step = live_step(engine, order)
        if (step.channel, step.state) == (Channel.agent_call, StepState.ready):
            return order
        town.clock.at = max(step.not_before, town.clock.at + timedelta(minutes=1))
    raise AssertionError("no agent's call came due")


@pytest.mark.usefixtures("learned_chooser")
def test_a_call_that_no_agent_took_is_planned_anew_on_machines(engine: Engine, now: datetime) -> None:
    town = Town(engine, now, NO_WHATSAPP)
    set_policy(engine, now, CERTAIN, country="SA")
    order = waiting_call(engine, town)
    left = live_step(engine, order)
    pause = stop(engine, town.clock.at + timedelta(hours=2), 1)
    assert put_off_calls(engine, town.clock.at + timedelta(hours=2)) == 1
    assert live_step(engine, order).id == left.id, "a pause is waited out"
    with unit_of_work(engine) as session:
        remove_override(session, pause, actor="operator", now=town.clock.at)  # type: ignore[arg-type]
        promote(session, now=town.clock.at + timedelta(hours=3))
    shut = evening(town.clock.at)
    assert put_off_calls(engine, shut) == 1
    assert put_off_calls(engine, shut) == 0
    step, row = live_step(engine, order), order_row(engine, order)
    assert step.channel in (Channel.sms, Channel.ivr)
    assert step.id != left.id
    assert shut <= step.not_before < row.decide_by
    assert step.chance != left.chance
    assert row.plan
    assert row.plan["planned_at"] == shut.isoformat()
    with unit_of_work(engine) as session:
        ended = session.get_one(Step, left.id)
        assert (ended.state, ended.end_reason) == (StepState.expired, "not_taken")


@pytest.mark.usefixtures("learned_chooser")
def test_nobody_is_given_up_while_a_channel_was_never_tried(engine: Engine, now: datetime) -> None:
    town = Town(engine, now, NO_WHATSAPP)
    set_policy(engine, now, CERTAIN, country="SA")
    order = town.order()
    town.run(timedelta(days=3))
    assert verdict_of(engine, order) is Verdict.unreachable
    tried = {attempt.channel for attempt in attempts_of(engine, order)}
    assert tried >= {Channel.whatsapp, Channel.ivr}
    steps, row = steps_of(engine, order), order_row(engine, order)
    assert all(step.not_before <= row.decide_by for step in steps)
    assert sum(step.end_reason == "not_taken" for step in steps) <= 2
    with unit_of_work(engine) as session:
        lines = session.scalars(select(DiaryEntry.code).where(DiaryEntry.order_id == order)).all()
    assert lines.count("contact_planned") <= 10


@pytest.mark.usefixtures("learned_chooser")
def test_where_only_agents_could_ask_the_call_is_planned_for_their_next_hours(
    engine: Engine, now: datetime
) -> None:
    town = Town(engine, now, NO_WHATSAPP)
    ladder = [{"channel": "agent_call", "after_minutes": 60}] * 3
    set_policy(engine, now, {**CERTAIN, "ladder": ladder}, country="SA")
    order = waiting_call(engine, town)
    shut = evening(town.clock.at)
    put_off_calls(engine, shut)
    step = live_step(engine, order)
    assert (step.channel, step.state) == (Channel.agent_call, StepState.scheduled)
    assert shut + timedelta(hours=9) < step.not_before < order_row(engine, order).decide_by


@pytest.mark.usefixtures("learned_chooser")
def test_a_call_that_came_due_as_the_hours_ended_was_nobodys_to_take(engine: Engine, now: datetime) -> None:
    town = Town(engine, now, NO_WHATSAPP)
    set_policy(engine, now, CERTAIN, country="SA")
    order = waiting_call(engine, town)
    left = live_step(engine, order)
    stop(engine, town.clock.at, 12)
    at = left.not_before + timedelta(minutes=5)
    assert put_off_calls(engine, max(at, town.clock.at)) == 1
    with unit_of_work(engine) as session:
        assert session.get_one(Step, left.id).end_reason == "planned_anew"


def test_no_call_is_put_off_past_the_deadline(engine: Engine, now: datetime) -> None:
    set_policy(engine, now, AGENTS, country="SA")
    order = an_order(engine, a_store(engine, now), now)
    with unit_of_work(engine) as session:
        promote(session, now=now)
    stop(engine, now, 96)
    assert put_off_calls(engine, now + timedelta(minutes=1)) == 1
    assert live_step(engine, order).not_before == order_row(engine, order).decide_by
