from datetime import timedelta

import pytest

from models.vocabulary import Channel, DecisionReason, Outcome, StepState, Verdict, Via
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.board.rates import read_day
from verification.decision.ruling import Ruling, confirmed
from verification.decision.taking import decide

PROOF = {"kind": "test"}


@pytest.fixture
def since(now):
    return now - timedelta(hours=9)


@pytest.fixture
def store(session, now):
    return stored.a_store(session, now)


def try_once(session, at, order, channel, outcome=None):
    step = a_step(session, at, order, state=StepState.done, channel=channel)
    an_attempt(session, at, step, outcome=outcome)


def test_nothing_happened_yet(session, now, since):
    day = read_day(session, since=since, now=now)
    everything = day.overall
    assert (everything.received, everything.contacted, everything.attempts) == (0, 0, 0)
    assert everything.contact_rate is everything.answer_rate is everything.confirm_rate is None
    assert everything.first_contact_seconds is everything.decision_seconds is None
    assert day.countries == day.channels == {}


def test_rates_are_of_what_began_today(session, now, since, store):
    yesterday = since - timedelta(hours=1)
    order, other = an_order(session, now, store), an_order(session, now, store, country="AE")
    old = an_order(session, now, store, created_at=yesterday)
    for at, of, channel, outcome in (
        (yesterday, old, Channel.sms, Outcome.replied),
        (now, old, Channel.ivr, Outcome.no_answer),
        (now, order, Channel.whatsapp, Outcome.replied),
        (now, order, Channel.sms, None),
        (now, order, Channel.agent_call, None),
        (now, order, Channel.agent_call, Outcome.wrong_number),
        (now, other, Channel.agent_call, Outcome.answered),
        (now, other, Channel.ivr, Outcome.opted_out),
    ):
        try_once(session, at, of, channel, outcome)
    day = read_day(session, since=since, now=now)
    everything = day.overall
    assert (everything.received, everything.contacted, everything.attempts) == (2, 3, 7)
    assert everything.contact_rate == 3 / 7
    assert everything.answer_rate == 3 / 4  # of the calls that are over, somebody else's number too
    assert day.countries["AE"].contact_rate == 1
    assert day.countries["SA"].contact_rate == 1 / 5
    assert (day.channels[Channel.sms].attempts, day.channels[Channel.sms].answer_rate) == (1, None)
    assert day.channels[Channel.agent_call].answer_rate == 1
    assert list(day.countries) == ["AE", "SA"]


def test_decisions_count_once_as_they_stand(session, now, since, store):
    rulings = [
        confirmed(Via.whatsapp, soft=False),
        confirmed(Via.agent_call, soft=False),
        Ruling(Verdict.rejected, DecisionReason.price, Via.agent_call),
        Ruling(Verdict.unreachable, DecisionReason.no_response, Via.policy),
        Ruling(Verdict.waived, DecisionReason.not_cod, Via.policy),
        Ruling(Verdict.withdrawn, DecisionReason.seller_request, Via.seller),
    ]
    for ruling in rulings:
        decide(session, an_order(session, now, store), ruling, now=now, actor="system", proof=PROOF)
    changed = an_order(session, now, store)
    for ruling in (rulings[0], rulings[2]):
        decide(session, changed, ruling, now=now, actor="system", proof=PROOF)
    before = since - timedelta(seconds=1)
    decide(session, an_order(session, now, store), rulings[0], now=before, actor="system", proof=PROOF)
    day = read_day(session, since=since, now=now)
    assert day.overall.decided == {
        Verdict.confirmed: 2,
        Verdict.rejected: 2,
        Verdict.unreachable: 1,
        Verdict.waived: 1,
        Verdict.withdrawn: 1,
    }
    assert day.overall.confirm_rate == 2 / 5
    assert day.channels[Channel.agent_call].decided == {Verdict.confirmed: 1, Verdict.rejected: 2}
    assert set(day.channels) == {Channel.whatsapp, Channel.agent_call}


def test_medians_of_waiting(session, now, since, store):
    for minutes, country in ((10, "SA"), (20, "SA"), (60, "AE")):
        received = now - timedelta(minutes=minutes)
        order = an_order(session, now, store, country=country, created_at=received)
        for at in (received + timedelta(minutes=minutes / 2), now):
            try_once(session, at, order, Channel.sms, Outcome.read_silent)
        decide(session, order, confirmed(Via.sms, soft=False), now=now, actor="system", proof=PROOF)
    late = an_order(session, now, store, created_at=since - timedelta(days=1))
    try_once(session, now, late, Channel.sms)
    day = read_day(session, since=since, now=now)
    assert day.overall.first_contact_seconds == 10 * 60
    assert day.overall.decision_seconds == 20 * 60
    assert day.countries["SA"].first_contact_seconds == 7.5 * 60
    assert day.countries["SA"].decision_seconds == 15 * 60
