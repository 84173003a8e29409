"""Which contact a decision belongs to."""

from datetime import timedelta

import pytest

from models.vocabulary import Channel, DecisionReason, Outcome, Regime, StepState, Verdict, Via
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.learning.gathering import LOOKS_BACK, chosen, pooled
from verification.slots.cells import contact_cell_of_week

HOUR = timedelta(hours=1)
ANSWERED = {
    Channel.whatsapp: Outcome.replied,
    Channel.sms: Outcome.replied,
    Channel.ivr: Outcome.answered,
    Channel.agent_call: Outcome.answered,
}


@pytest.fixture
def contact(session, now):
    """`contact(channel, hours)`: one about the order, so many hours ago, answered unless told otherwise."""
    order = an_order(session, now, stored.a_store(session, now))

    def make(channel, hours, *, reached=True):
        step = a_step(session, now, order, state=StepState.done, channel=channel)
        outcome = ANSWERED[channel] if reached else Outcome.no_answer
        attempt = an_attempt(session, now - hours * HOUR, step, outcome=outcome)
        attempt.counted_as = contact_cell_of_week(channel, 0, "SA", Regime.normal, reached=reached)
        attempt.chance = hours / 100
        session.flush()
        return attempt

    make.order = order
    return make


def decided_by(session, contact, now, via, verdict=Verdict.rejected):
    """How many hours ago the contacts were begun that the decision belongs to."""
    reason = {Verdict.rejected: DecisionReason.price, Verdict.unreachable: DecisionReason.no_response}
    decide(session, contact.order, Ruling(verdict, reason[verdict], via), now=now, actor="system")
    session.flush()
    found = chosen(session, now=now)
    hours = sorted(
        round(100 * chance) for chance, came in zip(found.chances, found.decided, strict=True) if came
    )
    [counted] = pooled(session, since=now - LOOKS_BACK).values() or [None]
    assert counted is None or counted.decided.sum() in (0, len(hours))
    return hours


def test_it_belongs_to_the_latest_answered_contact_on_its_channel(session, now, contact):
    for channel, hours in (
        (Channel.agent_call, 9),
        (Channel.agent_call, 5),
        (Channel.whatsapp, 3),
        (Channel.ivr, 2),
    ):
        contact(channel, hours)
    contact(Channel.agent_call, 1, reached=False)
    assert decided_by(session, contact, now, Via.agent_call) == [5]


def test_one_on_the_buyers_page_belongs_to_the_latest_answered_message(session, now, contact):
    for channel, hours in ((Channel.sms, 9), (Channel.whatsapp, 4), (Channel.agent_call, 2)):
        contact(channel, hours)
    assert decided_by(session, contact, now, Via.page) == [4]


@pytest.mark.parametrize(
    ("via", "verdict"),
    [
        (Via.policy, Verdict.unreachable),
        (Via.seller, Verdict.rejected),
        (Via.whatsapp, Verdict.rejected),
    ],
)
def test_what_no_contact_brought_belongs_to_none(session, now, contact, via, verdict):
    contact(Channel.agent_call, 3)
    assert decided_by(session, contact, now, via, verdict) == []


def test_a_contact_begun_after_it_has_no_part_in_it(session, now, contact):
    contact(Channel.whatsapp, 3)
    contact(Channel.whatsapp, -1)
    assert decided_by(session, contact, now, Via.whatsapp) == [3]
