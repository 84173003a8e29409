"""How dear an agent's time must be for the planned calls to fit the agents at work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.ladder import Plan, plan_batch
from verification.slots.model import Model

_DEARER = 1.25
_DEAREST = 40.0


@dataclass(frozen=True)
class Staffed:
    """The plans at a price of agents' time (`terms.agent_price`) that needs so many `calls` of theirs."""

    terms: Terms
    plans: Sequence[Plan]
    calls: float


def expected_agent_calls(plan: Plan) -> float:
    """How many agent calls the plan will need: each counts by the chance that all before it failed."""
    calls, going = 0.0, 1.0
    for rung in plan.rungs:
        calls += going if rung.channel is Channel.agent_call else 0.0
        going *= 1 - rung.chance
    return calls


def fit_agents(model: Model, orders: Sequence[Asked], terms: Terms, most_calls: float) -> Staffed:
    """Plans that expect `most_calls` agent calls at most over all orders: the price rises until they do.

    Calls are so left out where another channel, or none, loses least. The price starts at the terms' own and
    ends at 40 times it; a staff that even then is too small is the caller's to see in `calls`.
    """
    price = 1.0
    while True:
        at_price = replace(terms, agent_price=terms.agent_price * price)
        plans = plan_batch(model, orders, at_price)
        calls = sum(expected_agent_calls(plan) for plan in plans)
        if calls <= most_calls or price >= _DEAREST:
            return Staffed(at_price, plans, calls)
        price = min(price * _DEARER, _DEAREST)
