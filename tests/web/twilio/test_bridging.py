"""An agent's call through the provider: the agent, a key, the buyer, no recording unless allowed."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from models.attempts import Attempt
from models.base import new_id
from models.calls import CallLeg
from models.senders import Sender
from models.vocabulary import CallParty, Channel, LegState, SenderKind
from tests import building
from tests.web.staff import make_user
from tests.web.twilio.markup import NASTY, following, hangs_up, markup, words
from verification.contact.beginning import begin
from verification.steps.transitions import release

AGENTS, BUYERS = "CA" + "5" * 32, "CA" + "6" * 32
OURS, BUYER, AGENT = "+966112345678", building.E164, "+966550000001"
TRUNK = "BY" + "0" * 32
LADDER = [{"channel": "agent_call", "after_minutes": 0}]
DOORS = "https://takeed.example/channels/twilio"


@pytest.fixture
def store(engine, now):
    building.set_policy(engine, now, {"ladder": LADDER}, country="SA")
    return building.a_store(engine, now)


@pytest.fixture
def held(engine, work, store, now):
    """An agent's call that has begun: its reference and its claim."""

    def make(trunk=None, **patch):
        agent = make_user(work, now, language="ar")
        building.an_order(engine, store, now, **{"buyer": {"language": "en"}, **patch})
        [claim] = building.ready_claims(engine, now, Channel.agent_call, holder=f"agent:{agent.id}")
        with work() as session:
            sender = Sender(
                id=new_id(),
                kind=SenderKind.voice,
                address=OURS,
                trunk=trunk,
                per_second=Decimal(1),
                created_by="operator",
                created_at=now,
            )
            session.add(sender)
            session.flush()
            attempt_id, contact = begin(session, claim, provider="twilio", now=now)
            attempt = session.get_one(Attempt, attempt_id)
            attempt.sender, attempt.sender_id = OURS, sender.id
        return contact.reference, claim

    return make


@pytest.fixture
def post(twilio):
    def ask(name, reference, sid=AGENTS, **form):
        return twilio.post(f"/voice/{name}", {"CallSid": sid, **form}, query={"ref": reference})

    return ask


def legs(session):
    session.expire_all()
    return session.scalars(select(CallLeg)).all()


def test_the_agent_shows_with_a_key_that_it_is_no_machine(held, post):
    reference, _ = held()
    ready = post("bridge", reference)
    assert "اضغط أي رقم" in words(ready)
    assert following(ready) == ("/voice/bridged", {"ref": reference})
    [gather] = markup(ready).iter("Gather")
    assert gather.get("input") == "dtmf"
    assert [each.tag for each in markup(post("bridged", reference, Digits=""))] == ["Hangup"]


def test_the_buyers_phone_rings_and_shows_our_number(held, post):
    reference, _ = held()
    answers = [post("bridged", reference, Digits="5") for _ in range(2)]
    assert answers[0].data == answers[1].data
    [dial] = markup(answers[0]).iter("Dial")
    action = dial.attrib.pop("action").partition("#")[0]
    assert action == f"{DOORS}/voice/ended?ref={reference}"
    assert dial.attrib == {
        "method": "POST",
        "answerOnBridge": "true",
        "callerId": OURS,
        "timeLimit": "3600",
        "timeout": "25",
        "record": "do-not-record",
    }
    [number] = dial
    assert (number.tag, number.text) == ("Number", BUYER)
    status = number.attrib.pop("statusCallback").partition("#")[0]
    assert status == f"{DOORS}/voice/status?ref={reference}"
    assert number.attrib == {
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": "initiated ringing answered completed",
    }


def test_a_trunk_carries_the_buyers_leg(held, post):
    reference, _ = held(trunk=TRUNK)
    [number] = markup(post("bridged", reference, Digits="1")).iter("Number")
    assert number.get("byoc") == TRUNK


@pytest.mark.parametrize("how", ["released", "over", "night"])
def test_a_case_that_is_no_longer_the_agents_rings_nobody(work, now, clock, held, post, how):
    reference, claim = held()
    with work() as session:
        attempt = session.scalars(select(Attempt)).one()
        if how == "released":
            release(session, claim.step_id, claim.token)
        elif how == "over":
            attempt.outcome = "answered"
    if how == "night":
        clock.forward(hours=11)
    for name in ("bridge", "bridged"):
        answer = post(name, reference, Digits="1")
        assert hangs_up(answer)
        assert "لم يعد" in words(answer)
        assert list(markup(answer).iter("Dial")) == []


@pytest.mark.parametrize("name", ["bridge", "bridged", "consent", "consented", "ended"])
def test_a_call_that_we_do_not_know_connects_nobody(post, name):
    for reference in ("tk-none", "a\0b", ""):
        answer = post(name, reference, Digits="1", DialCallStatus="busy")
        assert list(markup(answer).iter("Dial")) == []


def test_without_a_policy_nothing_is_recorded_or_asked(session, held, post):
    reference, _ = held()
    assert list(markup(post("consent", reference, sid=BUYERS))) == []
    assert list(markup(post("consented", reference, sid=BUYERS, Digits="1"))) == []
    assert legs(session) == []


@pytest.fixture
def recorded(engine, now):
    building.set_policy(engine, now, {"record_calls": True}, country="SA")


def test_the_buyer_is_told_of_the_recording_and_allows_it(session, recorded, held, post, clock):
    reference, _ = held()
    [number] = markup(post("bridged", reference, Digits="1")).iter("Number")
    assert number.get("url").partition("#")[0] == f"{DOORS}/voice/consent?ref={reference}"
    asked = post("consent", reference, sid=BUYERS)
    assert "can be recorded" in words(asked)
    assert following(asked) == ("/voice/consented", {"ref": reference})
    first = post("consented", reference, sid=BUYERS, Digits="1")
    [recording] = markup(first).iter("Recording")
    assert (
        recording.get("recordingStatusCallback").partition("#")[0]
        == f"{DOORS}/voice/recorded?ref={reference}"
    )
    [leg] = legs(session)
    allowed_at = leg.consented_at
    assert (leg.party, leg.provider_id, leg.state) == (CallParty.buyer, BUYERS, LegState.in_progress)
    clock.forward(seconds=3)
    assert post("consented", reference, sid=BUYERS, Digits="1").data == first.data
    [leg] = legs(session)
    assert leg.consented_at == allowed_at
    ready = {"RecordingSid": "RE" + "7" * 32, "RecordingStatus": "completed"}
    assert post("recorded", reference, sid=BUYERS, **ready).status_code == 204
    [leg] = legs(session)
    assert leg.recording_id == "RE" + "7" * 32


@pytest.mark.parametrize("digits", ["", "2", "11"])
def test_without_the_key_the_two_talk_unrecorded(session, recorded, held, post, digits):
    reference, _ = held()
    assert list(markup(post("consented", reference, sid=BUYERS, Digits=digits))) == []
    assert post("recorded", reference, sid=BUYERS, RecordingSid="RE" + "7" * 32).status_code == 204
    assert legs(session) == []


def test_where_nobody_can_tell_the_buyer_nothing_is_recorded(recorded, held, post):
    reference, _ = held(buyer={"language": "ckb"})
    [number] = markup(post("bridged", reference, Digits="1")).iter("Number")
    assert number.get("url") is None


@pytest.mark.parametrize(
    ("status", "state", "told"),
    [
        ("completed", LegState.completed, None),
        ("busy", LegState.busy, "مشغول"),
        ("no-answer", LegState.no_answer, "لم يرد أحد"),
        ("failed", LegState.failed, "لم تصل"),
        ("canceled", LegState.canceled, None),
    ],
)
def test_the_agent_hears_how_it_ended(session, held, post, status, state, told):
    reference, _ = held()
    form = {"DialCallSid": BUYERS, "DialCallStatus": status, "DialCallDuration": "41"}
    answers = [post("ended", reference, **form) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert hangs_up(answers[0])
    assert (told or "") in words(answers[0])
    [leg] = legs(session)
    assert (leg.party, leg.provider_id, leg.state, leg.talk_seconds) == (CallParty.buyer, BUYERS, state, 41)


@pytest.mark.parametrize("field", ["CallSid", "Digits", "DialCallSid", "DialCallStatus", "DialCallDuration"])
def test_nasty_fields_are_answered(recorded, held, post, field):
    reference, _ = held()
    for value in NASTY:
        for name in ("bridge", "bridged", "consent", "consented", "ended"):
            named = {"sid": BUYERS, "DialCallSid": BUYERS, "DialCallStatus": "busy", field: value}
            markup(post(name, reference, **({"sid": value} if field == "CallSid" else named)))


def test_an_end_that_nobody_understands_changes_nothing(session, held, post):
    reference, _ = held()
    assert hangs_up(post("ended", reference, DialCallSid="x\0", DialCallStatus="on-the-moon"))
    assert hangs_up(post("ended", reference))
    assert legs(session) == []
