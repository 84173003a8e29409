"""Orders from arrival to decision, over the sandbox and all jobs, with a clock moved by hand."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from channels.sandbox import scripted
from channels.sandbox.scripted import Script
from models.attempts import Attempt
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, DecisionReason, Outcome, StepState, Verdict
from tests.building import (
    E164,
    OTHER,
    OTHER_E164,
    Town,
    attempts_of,
    decisions_of,
    events_of,
    live_step,
    verdict_of,
)
from tests.verification.planning import literal
from verification.policy.values import default_policy

TWO_DAYS = timedelta(days=2, hours=1)


def tries(engine: Engine, order: UUID) -> list[Channel]:
    return [attempt.channel for attempt in attempts_of(engine, order)]


@pytest.mark.parametrize(
    "script",
    [
        scripted.confirms(),
        scripted.confirms(timedelta(0)),
        scripted.doubled(scripted.confirms()),
        scripted.backwards(scripted.confirms()),
        scripted.doubled(scripted.backwards(scripted.confirms())),
        scripted.hangs(scripted.confirms(), accepted=True),
    ],
    ids=["in time", "at once", "doubled", "backwards", "doubled backwards", "answer lost"],
)
def test_a_confirmation_ends_the_same_however_it_arrives(
    engine: Engine, now: datetime, script: Script
) -> None:
    town = Town(engine, now, {E164: [script]})
    order = town.order()
    town.run(timedelta(hours=3))
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome) == (AttemptState.closed, Outcome.replied)
    assert verdict_of(engine, order) is Verdict.confirmed
    assert len(events_of(engine, order)) == 1


def test_three_silences_and_then_an_agent(engine: Engine, now: datetime) -> None:
    town = Town(engine, now)
    order = town.order()
    town.run(timedelta(hours=5))
    assert tries(engine, order) == [Channel.whatsapp, Channel.sms, Channel.ivr]
    step = live_step(engine, order)
    assert (step.channel, step.state) == (Channel.agent_call, StepState.ready)


def test_a_send_that_never_arrived_moves_on(engine: Engine, now: datetime) -> None:
    hanging = scripted.hangs(scripted.confirms(), accepted=False)
    town = Town(engine, now, {E164: [hanging, scripted.confirms()]})
    order = town.order()
    town.run(timedelta(hours=3))
    assert tries(engine, order) == [Channel.whatsapp, Channel.whatsapp]
    assert verdict_of(engine, order) is Verdict.confirmed


def test_a_stranger_says_so_and_the_buyer_confirms_on_the_other_phone(engine: Engine, now: datetime) -> None:
    town = Town(engine, now, {E164: [scripted.says("الرقم غلط")], OTHER_E164: [scripted.confirms()]})
    order = town.order(buyer={"alternate_phone": OTHER})
    town.run(timedelta(hours=3))
    assert verdict_of(engine, order) is Verdict.confirmed
    assert len({attempt.contact_point_id for attempt in attempts_of(engine, order)}) == 2


def test_nobody_ever_answers_and_the_order_is_decided_all_the_same(engine: Engine, now: datetime) -> None:
    town = Town(engine, now, {E164: [scripted.dead()] * 9})
    order = town.order()
    town.run(TWO_DAYS)
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.reason) == (Verdict.unreachable, DecisionReason.no_response)
    assert decision.decided_at <= now + timedelta(days=2)


def test_confirmed_in_minutes_cancelled_in_hours(engine: Engine, now: datetime) -> None:
    second_thoughts = scripted.both(scripted.confirms(), scripted.cancels(timedelta(hours=5)))
    town = Town(engine, now, {E164: [second_thoughts]})
    order = town.order()
    town.run(timedelta(hours=8))
    assert [one.verdict for one in decisions_of(engine, order)] == [Verdict.confirmed, Verdict.rejected]
    told = [event.event_type.value for event in events_of(engine, order)]
    assert told == ["order.confirmed", "order.rejected"]


def test_no_phone_is_disturbed_outside_its_hours(engine: Engine, now: datetime) -> None:
    town = Town(engine, now + timedelta(hours=9))  # 21:00
    for number in range(6):
        town.order(phone=f"055123456{number}")
    town.run(TWO_DAYS)
    policy = default_policy("SA")
    with unit_of_work(engine) as session:
        made = session.execute(select(Attempt.channel, Attempt.started_at)).all()
    assert len(made) > 12
    for channel, at in made:
        hours = policy.call_hours if channel.is_call else policy.message_hours
        assert literal.is_open(hours, "Asia/Riyadh", at)
