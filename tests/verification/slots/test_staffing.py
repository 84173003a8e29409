"""Agents' time grows dearer until the planned calls fit the agents at work."""

from random import Random

from tests.verification.slots.small_world import TERMS, asked, past_of, people
from verification.slots.model import cold_model
from verification.slots.staffing import fit_agents


def test_the_price_of_agents_rises_only_until_their_calls_fit() -> None:
    rng = Random(4)
    orders = [asked(past_of(person, 10, rng)) for person in people(40, rng)]
    free = fit_agents(cold_model(), orders, TERMS, most_calls=1000)
    assert free.terms.agent_price == TERMS.agent_price
    tight = fit_agents(cold_model(), orders, TERMS, most_calls=free.calls / 2)
    assert tight.calls <= free.calls / 2
    assert tight.terms.agent_price > TERMS.agent_price
    none = fit_agents(cold_model(), orders, TERMS, most_calls=0)
    assert none.calls == 0
    assert none.terms.agent_price >= tight.terms.agent_price
    assert all(plan.rungs for plan in none.plans), "messages and robots stay"
