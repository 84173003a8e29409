"""In a world of two habits, what was learned and planned beats the usual fixed schedule."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from models.vocabulary import Channel
from tests.verification.slots.small_world import (
    RIYADH,
    SUNDAY,
    TERMS,
    Person,
    asked,
    past_of,
    people,
)
from verification.slots.cells import rest_days
from verification.slots.counts import Pooled
from verification.slots.fitting import fit
from verification.slots.ladder import plan_batch
from verification.slots.model import cold_model

ORDERS = 600
_PLACED = SUNDAY + timedelta(hours=9)
_FIXED = [(Channel.whatsapp, _PLACED)] + [
    (Channel.agent_call, _PLACED.replace(hour=hour)) for hour in (11, 16, 20)
]


def tried(
    person: Person, contacts: Sequence[tuple[Channel, datetime]], rng: Random
) -> tuple[bool, float, int]:
    """Whether the order was decided, what it cost, and how many agent calls it took."""
    cost, agent_calls = 0.0, 0
    for channel, at in contacts:
        ring, talk = TERMS.cost(channel)
        answered = rng.random() < person.answers(channel, at.astimezone(RIYADH).hour)
        cost += ring + talk * answered
        agent_calls += channel is Channel.agent_call
        keeps = {Channel.ivr: 0.35, Channel.agent_call: 0.9}.get(channel, 1.0)
        if answered and rng.random() < keeps:
            return True, cost, agent_calls
    return False, cost, agent_calls


def test_the_learned_plan_beats_the_fixed_schedule() -> None:
    rng, pooled = Random(11), Pooled()
    pasts = [past_of(person, 8, rng, pooled) for person in people(1500, rng)]
    model = fit(cold_model(), pasts, [("SA", "Riyadh")] * len(pasts), {rest_days("SA"): pooled})
    buyers = people(ORDERS, rng)
    orders = [asked(past_of(person, 8, rng), at=_PLACED, hours=14) for person in buyers]
    plans = plan_batch(model, orders, TERMS)
    learned = [
        tried(person, [(rung.channel, rung.not_before) for rung in plan.rungs], Random(number))
        for number, (person, plan) in enumerate(zip(buyers, plans, strict=True))
    ]
    fixed = [tried(person, _FIXED, Random(number)) for number, person in enumerate(buyers)]
    decided, costs, agents = (sum(column) for column in zip(*learned, strict=True))
    decided_fixed, costs_fixed, agents_fixed = (sum(column) for column in zip(*fixed, strict=True))
    assert decided >= decided_fixed
    assert TERMS.decision_value * (decided - decided_fixed) + costs_fixed - costs > 0.05 * ORDERS
    assert agents < 0.95 * agents_fixed

    # What is promised is what comes: the mean chance of the plans against the share decided.
    promised = sum(plan.chance for plan in plans) / ORDERS
    assert abs(promised - decided / ORDERS) < 0.08
