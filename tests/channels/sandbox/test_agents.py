from collections import Counter
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from channels.protocol import ContactOrder
from channels.sandbox.agents import AgentCall, answer_agent
from channels.sandbox.world import load_world
from models.vocabulary import Channel, DecisionReason, Disposition, Outcome
from tests.channels.contract import NOW, contact_with

WORLD = load_world(Path(__file__).parents[3] / "worlds" / "demo.json")
PHONES = st.integers(0, 9_999_999).map(lambda number: f"+9665{number:08d}")


def calls(count: int = 800) -> list[AgentCall]:
    contacts = [contact_with(f"+96655{number:07d}", Channel.agent_call) for number in range(count)]
    return [answer_agent(WORLD, 1, contact) for contact in contacts]


@given(phone=PHONES, seed=st.integers(), attempt=st.integers(1, 5))
def test_the_same_call_goes_the_same_way(phone: str, seed: int, attempt: int) -> None:
    contact = contact_with(phone, Channel.agent_call, attempt_number=attempt)
    again = replace(contact, reference="another")
    assert answer_agent(WORLD, seed, contact) == answer_agent(WORLD, seed, again)


def test_calls_end_in_every_way() -> None:
    found = {call.disposition for call in calls()}
    assert found >= {
        Disposition.confirm,
        Disposition.reject,
        Disposition.no_answer,
        Disposition.busy,
        Disposition.voicemail,
        Disposition.unreachable,
        Disposition.wrong_number,
        Disposition.call_back,
    }


def test_a_taken_call_mostly_decides() -> None:
    taken = [call for call in calls() if call.outcome is Outcome.answered]
    decided = Counter(call.disposition in {Disposition.confirm, Disposition.reject} for call in taken)
    assert 0.8 < decided[True] / len(taken) < 1


def test_a_refusal_has_a_reason_and_a_call_back_a_time() -> None:
    for call in calls():
        assert (call.callback_at is not None) == (call.disposition is Disposition.call_back)
        assert call.callback_at is None or call.callback_at > NOW
        if call.disposition is Disposition.reject:
            assert call.reason is not None
            assert call.reason is not DecisionReason.buyer_confirmed


def test_talking_costs_more_than_ringing() -> None:
    everyone = calls()
    talked = [call.cost for call in everyone if call.outcome is Outcome.answered]
    rang = [call.cost for call in everyone if call.outcome is Outcome.no_answer]
    assert min(talked) > max(rang) > 0


def test_each_order_of_a_case_is_answered_for_itself() -> None:
    orders = tuple(
        ContactOrder(UUID(int=number), f"#{number}", "1.00", "SAR", ("خلاط",)) for number in range(1, 4)
    )
    mixed = set()
    for number in range(300):
        contact = contact_with(f"+96655{number:07d}", Channel.agent_call, orders=orders)
        call = answer_agent(WORLD, 1, contact)
        assert [answer.order_id for answer in call.orders] == [order.order_id for order in orders]
        mixed.add(frozenset(answer.disposition for answer in call.orders))
    assert frozenset({Disposition.confirm, Disposition.reject}) in mixed
