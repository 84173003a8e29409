"""The plan against the deadline."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Channel, Regime
from tests.verification.slots.small_world import RIYADH, SUNDAY, TERMS, asked, past_of, people
from verification.slots.asking import Asked, Tried
from verification.slots.ladder import Stop, plan_batch, plan_one
from verification.slots.model import cold_model

MODEL = cold_model()
CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)


@st.composite
def orders(draw: st.DrawFn) -> Asked:
    at = SUNDAY + timedelta(minutes=draw(st.integers(0, 7 * 24 * 60)))
    age = draw(st.integers(0, 20))
    tried = [
        Tried(
            draw(st.sampled_from(CHANNELS)),
            at - timedelta(hours=draw(st.integers(1, 20))),
            draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]
    rng = Random(draw(st.integers(0, 99)))
    past = past_of(people(1, rng)[0], draw(st.integers(0, 20)), rng)
    regime = draw(st.sampled_from(list(Regime)))
    hours = draw(st.floats(-3, 60))
    return asked(
        past, at=at, hours=hours, age=age, tried=sorted(tried, key=lambda one: one.at), regime=regime
    )


def is_allowed(order: Asked, channel: Channel, at: datetime) -> bool:
    spans = order.calls if channel.is_call else order.messages
    return any(opens <= at < shuts for opens, shuts in spans) and order.now <= at < order.deadline


@settings(max_examples=60, deadline=None)
@given(st.lists(orders(), min_size=1, max_size=8))
def test_plans_keep_to_hours_and_caps_and_are_the_same_alone(batch: list[Asked]) -> None:
    plans = plan_batch(MODEL, batch, TERMS)
    for order, plan in zip(batch, plans, strict=True):
        assert all(is_allowed(order, rung.channel, rung.not_before) for rung in plan.rungs)
        instants = [rung.not_before for rung in plan.rungs]
        assert instants == sorted(set(instants))
        done = [one.channel for one in order.tried]
        then = [rung.channel for rung in plan.rungs]
        for channel in (Channel.whatsapp, Channel.sms):
            assert then.count(channel) <= max(TERMS.caps[channel] - done.count(channel), 0)
        calls = sum(channel.is_call for channel in done)
        assert sum(channel.is_call for channel in then) <= max(TERMS.most_calls - calls, 0)
        assert all(0 < rung.chance < 1 for rung in plan.rungs)
        alone = plan_one(MODEL, order, TERMS)
        assert [(rung.channel, rung.not_before) for rung in alone.rungs] == list(
            zip(then, instants, strict=True)
        )


def test_a_neighbour_with_more_time_changes_nothing() -> None:
    night = SUNDAY + timedelta(hours=3)
    written = [Tried(Channel.whatsapp, night - timedelta(hours=1))]
    short, long = asked(at=night, hours=2, tried=written, age=2), asked(at=night, hours=48)
    assert plan_batch(MODEL, [short, long], TERMS)[0].value == plan_one(MODEL, short, TERMS).value


def test_a_longer_deadline_is_never_worth_less() -> None:
    values = [plan_one(MODEL, asked(hours=hours), TERMS).value for hours in range(0, 60, 3)]
    assert all(later >= sooner - 1e-4 for sooner, later in pairwise(values))
    assert values[-1] > values[1] > 0 == values[0]


def test_no_time_left_ends_at_the_deadline() -> None:
    plan = plan_one(MODEL, asked(hours=0), TERMS)
    assert (plan.rungs, plan.stop, plan.value) == ((), Stop.deadline, 0)


def test_spent_caps_end_the_plan() -> None:
    at = SUNDAY + timedelta(hours=9)
    spent = [Channel.whatsapp] * 2 + [Channel.sms] + [Channel.agent_call] * 3
    tried = [Tried(channel, at - timedelta(hours=6 - number)) for number, channel in enumerate(spent)]
    plan = plan_one(MODEL, asked(at=at, tried=tried, age=7), TERMS)
    assert (plan.rungs, plan.stop) == ((), Stop.caps_spent)


def test_what_annoys_more_than_it_is_worth_is_left() -> None:
    plan = plan_one(MODEL, asked(), replace(TERMS, complaint_cost=1e5))
    assert (plan.rungs, plan.stop) == ((), Stop.not_worth)


@pytest.mark.parametrize("dearer", [2.0, 5.0, 30.0])
def test_dearer_agents_are_called_less(dearer: float) -> None:
    cheap, dear = (plan_one(MODEL, asked(), replace(TERMS, agent_price=price)) for price in (1.0, dearer))
    count = [sum(rung.channel is Channel.agent_call for rung in plan.rungs) for plan in (cheap, dear)]
    assert count[0] > 0
    assert count[1] <= count[0]
    assert dear.value <= cheap.value


def test_a_channel_without_a_cap_is_not_used() -> None:
    terms = replace(TERMS, caps={Channel.agent_call: 2})
    assert {rung.channel for rung in plan_one(MODEL, asked(), terms).rungs} == {Channel.agent_call}


def test_a_buyer_of_the_evening_is_called_in_the_evening_and_told_why() -> None:
    rng = Random(5)
    person = next(each for each in people(20, rng) if each.peak == 20)
    order = asked(past_of(person, 40, rng), at=SUNDAY + timedelta(hours=9), age=5)
    calls = [rung for rung in plan_one(MODEL, order, TERMS).rungs if rung.channel is Channel.agent_call]
    assert calls
    assert 18 <= calls[0].not_before.astimezone(RIYADH).hour <= 21
    assert calls[0].reason.code == "answers_at_this_hour"
    assert calls[0].reason.params["percent"] > calls[0].reason.params["usual_percent"]


def test_a_pause_in_the_middle_of_an_hour_moves_the_contact_to_its_end() -> None:
    at = SUNDAY + timedelta(hours=12)
    order = asked(at=at, hours=1)
    pause = [(at + timedelta(minutes=25), at + timedelta(hours=5))]
    plan = plan_one(MODEL, replace(order, calls=pause, messages=()), TERMS)
    assert [rung.not_before for rung in plan.rungs] == [at + timedelta(minutes=25)]


def test_the_answer_to_a_fresh_message_may_still_come() -> None:
    at = SUNDAY + timedelta(hours=12)
    sent = [Tried(Channel.whatsapp, at - timedelta(hours=1))]
    fresh, old = (
        plan_one(MODEL, asked(at=at, tried=sent_at, age=30), TERMS).chance
        for sent_at in (sent, [Tried(Channel.whatsapp, at - timedelta(hours=20))])
    )
    assert fresh > old
