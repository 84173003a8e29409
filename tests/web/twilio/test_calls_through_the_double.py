"""Calls from dialling to decision, with the double in Twilio's place: it reads our markup and signs what it
posts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.twilio.calling import TwilioBridge, TwilioCall
from models.attempts import Attempt
from models.calls import CallLeg
from models.vocabulary import CallParty, Channel, LegState, Outcome, SenderKind, Verdict
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double, through
from tests import building
from tests.web.staff import make_user
from tests.web.twilio.conftest import ACCOUNT
from verification.contact.beginning import Road, begin_all
from verification.contact.claiming import claim
from verification.contact.contacting import contact
from verification.contact.promoting import promote
from verification.routing.stored import add_sender

OURS, AGENT = "+966112345678", "+966550000001"


class Line:
    """A phone company: dials what is ready and lets two minutes pass."""

    def __init__(self, app, work, clock, script):
        self.app, self.work, self.clock = app, work, clock
        self.double = Double(
            ACCOUNT.sid, ACCOUNT.token, script=script, clock=clock, public_url=ACCOUNT.public_url
        )
        self.account = replace(ACCOUNT, api_base=self.double.base)
        app.extensions["takeed"].account = self.account
        self.answers = []

    def claim(self, channel, holder):
        with self.work() as session:
            promote(session, now=self.clock())
        with self.work() as session:
            named = {"provider": "twilio", "needs_sender": True}
            [claimed] = claim(session, channel, holder, now=self.clock(), limit=1, **named)
        return claimed

    def pass_time(self, seconds=180):
        post = through(self.app.test_client())
        for _ in range(0, seconds, 5):
            self.clock.forward(seconds=5)
            delivered = self.double.deliver(self.clock(), post)
            self.answers += [(each.path.partition("?")[0], status) for each, status in delivered]


@pytest.fixture
def line(app, work, clock, engine, now):
    lines = []

    def open_line(*behaves, phones=None):
        with work() as session:
            add_sender(session, kind=SenderKind.voice, address=OURS, actor="operator", now=now)
        script = Script(phones={building.E164: behaves, **(phones or {})})
        lines.append(Line(app, work, clock, script))
        return lines[-1]

    yield open_line
    for each in lines:
        each.double.close()
        assert each.double.violations == []
        assert each.double.warnings == []
        # What was forged is refused, everything else understood.
        assert {status for _, status in each.answers} <= {200, 204, 403}
    app.extensions["takeed"].__dict__.pop("account", None)


@pytest.fixture
def order(engine, now):
    def make(channel="ivr", **patch):
        ladder = [{"channel": channel, "after_minutes": 0}, {"channel": "whatsapp", "after_minutes": 60}]
        building.set_policy(engine, now, {"ladder": ladder, "record_calls": True}, country="SA")
        return building.an_order(engine, building.a_store(engine, now), now, **patch)

    return make


@pytest.mark.parametrize(
    ("behaves", "verdict"),
    [
        (Behaves(keys=("1",)), Verdict.confirmed),
        (Behaves(keys=("2",), duplicate=2, reorder=True), Verdict.rejected),
        (Behaves(keys=("9", "", "1"), late=timedelta(seconds=20), forged=True), Verdict.confirmed),
        (Behaves(speech=("نعم أكيد",)), Verdict.confirmed),
        (Behaves(keys=("", "")), None),
        (Behaves(hangs_up=True), None),
        (Behaves(answered_by="machine_start", duplicate=1), None),
        (Behaves(report=("busy",)), None),
    ],
)
def test_our_call_is_answered(engine, clock, order, line, behaves, verdict):
    asked, phones = order(), line(behaves)
    contact(engine, phones.claim(Channel.ivr, "worker"), TwilioCall(phones.account), clock)
    phones.pass_time()
    assert building.verdict_of(engine, asked) is verdict
    [attempt] = building.attempts_of(engine, asked)
    if verdict:
        assert attempt.outcome is Outcome.replied
        assert building.steps_of(engine, asked, live=True) == []
    else:
        assert attempt.outcome in (Outcome.answered, Outcome.voicemail, Outcome.busy)
        assert building.live_step(engine, asked).channel is Channel.whatsapp


@pytest.mark.parametrize(("keys", "verdict"), [(("1",), Verdict.confirmed), (("", ""), None)])
def test_a_missed_call_is_rung_back(engine, session, clock, order, line, keys, verdict):
    asked = order()
    phones = line(Behaves(report=("no-answer",)))
    contact(engine, phones.claim(Channel.ivr, "worker"), TwilioCall(phones.account), clock)
    phones.pass_time(60)
    assert building.live_step(engine, asked).channel is Channel.whatsapp
    phones.double.own(OURS)
    phones.double.rings(building.E164, OURS, Behaves(keys=keys, duplicate=1, reorder=True))
    phones.pass_time()
    assert building.verdict_of(engine, asked) is verdict
    ours, theirs = building.attempts_of(engine, asked)
    assert (ours.called_in, ours.outcome) == (False, Outcome.no_answer)
    assert (theirs.called_in, theirs.outcome) == (True, Outcome.replied if verdict else Outcome.answered)
    if verdict is None:
        step = building.live_step(engine, asked)
        assert (step.channel, step.reason["code"]) == (Channel.agent_call, "called_us")


@pytest.mark.parametrize(
    ("buyer", "state", "recorded"),
    [
        (Behaves(keys=("1",), talks=40), LegState.completed, 1),
        (Behaves(keys=("",), talks=40, duplicate=1, reorder=True), LegState.completed, 0),
        (Behaves(report=("busy",)), LegState.busy, 0),
        (Behaves(report=("no-answer",)), LegState.no_answer, 0),
    ],
)
def test_an_agent_is_connected(engine, work, session, now, clock, order, line, buyer, state, recorded):
    asked = order("agent_call")
    phones = line(buyer, phones={AGENT: [Behaves(keys=("5",), talks=40)]})
    agent = make_user(work, now)
    claimed = phones.claim(Channel.agent_call, f"agent:{agent.id}")
    with work() as begun:
        roads = {Channel.agent_call: Road("twilio", needs_sender=True)}
        made = begin_all(begun, [claimed], roads, now=clock())[claimed.step_id]
    sent = TwilioBridge(phones.account).send(replace(made.contact, agent_phone=AGENT))
    with work() as kept:
        attempt = kept.get_one(Attempt, made.attempt_id)
        attempt.provider_id, attempt.sender = sent.provider_id, sent.sender
    phones.pass_time()
    legs = {leg.party: leg for leg in session.scalars(select(CallLeg))}
    assert legs.keys() == {CallParty.agent, CallParty.buyer}
    assert (legs[CallParty.buyer].state, legs[CallParty.agent].state) == (state, LegState.completed)
    assert (legs[CallParty.buyer].consented_at is not None) == bool(recorded)
    assert len(phones.double.recordings) == recorded
    assert (legs[CallParty.buyer].recording_id is not None) == bool(recorded)
    if state is LegState.completed:
        assert (legs[CallParty.buyer].talk_seconds or 0) >= 40
    # What came of it is the agent's to say.
    [step] = building.steps_of(engine, asked, live=True)
    assert step.id == claimed.step_id
