from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from models.calls import CallLeg
from models.inbound import InboundBody, InboundEvent
from models.messages import Message
from models.senders import Alarm
from models.unit_of_work import unit_of_work
from models.vocabulary import (
    AttemptState,
    CallParty,
    Channel,
    InboundState,
    LegState,
    Outcome,
    Verdict,
)
from tests.building import E164, attempts_of, live_step, set_policy, verdict_of
from tests.web.conftest import Clock
from tests.web.twilio.asking import OURS, a_sid, asked, call_status, inbound, status
from tests.web.twilio.conftest import Twilio


@pytest.fixture
def engine(app) -> Engine:
    return app.extensions["takeed"].engine


def events(engine: Engine) -> list[tuple[InboundState, str | None]]:
    with unit_of_work(engine) as session:
        return [(one.state, one.problem) for one in session.scalars(select(InboundEvent))]


def said_in(answer: TestResponse) -> list[str | None]:
    assert answer.content_type == "text/xml; charset=utf-8"
    return [message.text for message in ElementTree.fromstring(answer.data).iter("Message")]


def test_a_status_moves_its_message(twilio: Twilio, engine, now) -> None:
    order, attempt = asked(engine, now)
    for said, state in (("sent", AttemptState.sent), ("delivered", AttemptState.delivered)):
        answer = twilio.post("/messages/status", status(attempt, said), query={"ref": attempt.reference})
        assert (answer.status_code, answer.data) == (204, b"")
        assert attempts_of(engine, order)[0].state is state


@pytest.mark.parametrize("query", [{}, {"ref": "tk-" + "f" * 32}, {"ref": "\0; DROP"}, {"ref": "x" * 5000}])
def test_a_wrong_reference_is_made_up_for_by_the_messages_own_id(twilio, engine, now, query) -> None:
    order, attempt = asked(engine, now)
    assert twilio.post("/messages/status", status(attempt, "read"), query=query).status_code == 204
    assert attempts_of(engine, order)[0].state is AttemptState.reached


def test_a_status_that_comes_before_the_answer_to_our_own_request_is_found_by_reference(
    twilio, engine, now
) -> None:
    order, attempt = asked(engine, now)
    with unit_of_work(engine) as session:
        session.merge(attempt).provider_id = None
    twilio.post("/messages/status", status(attempt, "delivered"), query={"ref": attempt.reference})
    [after] = attempts_of(engine, order)
    assert (after.state, after.provider_id) == (AttemptState.delivered, attempt.provider_id)


def test_a_status_of_nothing_we_know_is_kept(twilio, engine, now) -> None:
    _, attempt = asked(engine, now)
    attempt.provider_id = a_sid("SM")
    assert twilio.post("/messages/status", status(attempt, "sent")).status_code == 204
    assert events(engine) == [(InboundState.quarantined, "unknown_reference")]


@pytest.mark.parametrize("said", ["teleported", "", "\0", "x" * 1000, "قرأ"])
def test_a_status_that_nobody_knows_is_kept_and_flagged(twilio, engine, now, said) -> None:
    order, attempt = asked(engine, now)
    form = status(attempt, said)
    assert twilio.post("/messages/status", form, query={"ref": attempt.reference}).status_code == 204
    assert events(engine) == [(InboundState.quarantined, "unknown_status")]
    [after] = attempts_of(engine, order)
    assert (after.state, after.outcome) == (attempt.state, None)


def test_a_failure_says_what_it_means(twilio, engine, now) -> None:
    order, attempt = asked(engine, now)
    form = status(attempt, "undelivered", ErrorCode="63024")
    twilio.post("/messages/status", form, query={"ref": attempt.reference})
    [after] = attempts_of(engine, order)
    assert (after.error_code, after.meaning) == ("63024", "no_such_channel")
    assert live_step(engine, order).channel is Channel.sms


def test_an_error_code_that_nobody_knows_tries_the_next_channel_and_calls_the_operator(
    twilio, engine, now
) -> None:
    order, attempt = asked(engine, now)
    form = status(attempt, "failed", ErrorCode="69999")
    for token in ("first", "first", "second"):
        twilio.post("/messages/status", form, query={"ref": attempt.reference}, token=token)
    assert attempts_of(engine, order)[0].outcome is Outcome.unreachable
    with unit_of_work(engine) as session:
        alarm = session.scalars(select(Alarm)).one()
    assert (alarm.code, alarm.subject, alarm.count) == ("unknown_code", "whatsapp:69999", 2)


def test_the_same_event_is_stored_once(twilio, engine, now) -> None:
    _, attempt = asked(engine, now)
    for token in (None, None, "a", "a", "b"):
        twilio.post("/messages/status", status(attempt, "sent"), token=token)
    assert len(events(engine)) == 3


def test_a_token_that_came_before_hides_no_other_event(twilio, engine, now) -> None:
    order, attempt = asked(engine, now)
    another = status(attempt, "sent", MessageSid=a_sid("SM"))
    for said in (another, status(attempt, "sent"), status(attempt, "delivered")):
        twilio.post("/messages/status", said, token="a")
    assert len(events(engine)) == 3
    assert attempts_of(engine, order)[0].state is AttemptState.delivered


def test_a_buyers_words_decide(twilio, engine, now, clock: Clock) -> None:
    order, _ = asked(engine, now)
    clock.forward(minutes=5)
    form = inbound("نعم أكد الطلب")
    for _ in range(2):
        answer = twilio.post("/messages/inbound", form, token="1")
        assert answer.status_code == 200
        assert said_in(answer) == []
    assert verdict_of(engine, order) is Verdict.confirmed
    with unit_of_work(engine) as session:
        [message] = session.scalars(select(Message).where(Message.direction == "in"))
    assert (message.sender, message.channel) == (OURS, Channel.whatsapp)


def test_a_tapped_button_decides(twilio, engine, now, clock: Clock) -> None:
    order, attempt = asked(engine, now)
    clock.forward(minutes=5)
    payload = f"cancel:{attempt.reference}"
    tapped = inbound("إلغاء", ButtonText="إلغاء", ButtonPayload=payload, MessageType="button")
    twilio.post("/messages/inbound", tapped)
    assert verdict_of(engine, order) is Verdict.rejected


def test_the_question_which_order_is_meant_comes_back_with_the_webhook(
    twilio, engine, now, clock: Clock
) -> None:
    asked(engine, now, number="#1047")
    clock.now = later = now + timedelta(hours=30)
    order, attempt = asked(engine, later, number="#2001")
    if attempt.started_at != later:
        pytest.fail("the second store has not asked")
    clock.forward(minutes=5)
    form = inbound("نعم")
    answer = twilio.post("/messages/inbound", form)
    [question] = said_in(answer)
    assert question is not None
    assert "#1047" in question
    assert "#2001" in question
    assert said_in(twilio.post("/messages/inbound", form, token="again")) == [question]
    clock.forward(minutes=1)
    assert said_in(twilio.post("/messages/inbound", inbound("2"))) == []
    assert verdict_of(engine, order) is Verdict.confirmed


@pytest.mark.parametrize(
    "oddity",
    [
        {"From": "whatsapp:"},
        {"From": ""},
        {"From": "whatsapp:US.13491208655302741918"},
        {"From": "STC"},
        {"Body": "\0\0"},
        {"Body": "ن" * 9000},
        {"ButtonPayload": "confirm:\0"},
        {"ButtonPayload": "launch:rockets"},
        {"NumMedia": "-1"},
        {"NumMedia": "9" * 30},
        {"NumMedia": "2", "MediaContentType0": "\0", "MediaContentType1": "x" * 9000},
        {"Latitude": "NaN", "Longitude": "inf"},
        {"Latitude": "91", "Longitude": "0"},
        {"Latitude": "24.7"},
        {"OptOutType": "HELP"},
        {"OriginalRepliedMessageSid": "'"},
    ],
)
def test_odd_messages_are_taken_and_never_break(twilio, engine, now, clock, oddity) -> None:
    order, _ = asked(engine, now)
    clock.forward(minutes=5)
    assert twilio.post("/messages/inbound", inbound("مرحبا", **oddity)).status_code == 200
    assert len(events(engine)) == 1
    assert verdict_of(engine, order) is None


def test_an_unknown_phone_gets_no_answer_and_is_kept(twilio, engine, now) -> None:
    form = inbound("مرحبا", From="whatsapp:+966500000009")
    assert said_in(twilio.post("/messages/inbound", form)) == []
    assert events(engine) == [(InboundState.quarantined, "unknown_phone")]
    with unit_of_work(engine) as session:
        assert "966500000009" in session.scalars(select(InboundBody.body)).one()


@pytest.mark.parametrize("path", ["/messages/status", "/messages/inbound", "/voice/status"])
@pytest.mark.parametrize("form", [{}, {"MessageSid": "nothing", "CallSid": "\0"}, {"A": "b" * 9000}])
def test_what_is_signed_but_names_nothing_is_kept_once(twilio, engine, path, form) -> None:
    for _ in range(2):
        assert twilio.post(path, form).status_code in (200, 204)
    assert events(engine) == [(InboundState.quarantined, "not_understood")]


def called(engine, now):
    set_policy(engine, now, {"ladder": [{"channel": "ivr", "after_minutes": 0}]}, country="SA")
    return asked(engine, now, Channel.ivr)


def test_a_calls_statuses_are_its_leg_and_its_outcome(twilio, engine, now) -> None:
    order, attempt = called(engine, now)
    told = [
        ("initiated", 0, {}),
        ("ringing", 2, {}),
        ("in-progress", 9, {}),
        ("completed", 40, {"CallDuration": "31", "AnsweredBy": "human"}),
    ]
    for number, (said, seconds, more) in enumerate(told):
        at = (now + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        form = call_status(attempt, said, Timestamp=at, SequenceNumber=str(number), **more)
        assert twilio.post("/voice/status", form, query={"ref": attempt.reference}).status_code == 204
    [after] = attempts_of(engine, order)
    assert (after.state, after.outcome) == (AttemptState.closed, Outcome.answered)
    assert after.ended_at == now + timedelta(seconds=40)
    with unit_of_work(engine) as session:
        leg = session.scalars(select(CallLeg)).one()
    assert (leg.attempt_id, leg.party, leg.state) == (attempt.id, CallParty.buyer, LegState.completed)
    assert (leg.talk_seconds, leg.answered_by) == (31, "human")
    assert leg.first_at == now
    assert leg.answered_at == now + timedelta(seconds=9)
    assert leg.ended_at == now + timedelta(seconds=40)


@pytest.mark.parametrize(
    ("said", "more", "outcome", "code"),
    [
        ("busy", {}, Outcome.busy, None),
        ("no-answer", {}, Outcome.no_answer, None),
        ("canceled", {}, Outcome.no_answer, None),
        ("completed", {"AnsweredBy": "machine_start"}, Outcome.voicemail, None),
        ("completed", {"AnsweredBy": "unknown"}, Outcome.answered, None),
        ("failed", {"SipResponseCode": "404"}, Outcome.unreachable, "sip_404"),
        ("failed", {"ErrorCode": "13224"}, Outcome.unreachable, "13224"),
        ("failed", {}, Outcome.unreachable, "failed"),
    ],
)
def test_the_end_of_a_call_is_its_outcome(twilio, engine, now, said, more, outcome, code) -> None:
    order, attempt = called(engine, now)
    twilio.post("/voice/status", call_status(attempt, said, **more), query={"ref": attempt.reference})
    [after] = attempts_of(engine, order)
    assert (after.outcome, after.error_code) == (outcome, code)
    with unit_of_work(engine) as session:
        assert not session.scalars(select(Alarm)).all()


@pytest.mark.parametrize("oddity", [{"Timestamp": "yesterday"}, {"Timestamp": "Sun, 99 Nov 2026 10:00:00"}])
@pytest.mark.parametrize(
    "more", [{"CallDuration": "-1"}, {"CallDuration": "9" * 20}, {"SequenceNumber": "\0"}]
)
def test_odd_values_of_a_call_are_passed_over(twilio, engine, now, oddity, more) -> None:
    order, attempt = called(engine, now)
    form = call_status(attempt, "completed", **oddity, **more)
    assert twilio.post("/voice/status", form, query={"ref": attempt.reference}).status_code == 204
    assert attempts_of(engine, order)[0].outcome is Outcome.answered
    with unit_of_work(engine) as session:
        assert session.scalars(select(CallLeg)).one().talk_seconds is None


def test_an_agents_call_has_two_legs_and_ends_with_what_the_agent_reports(twilio, engine, now) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "agent_call", "after_minutes": 0}]}, country="SA")
    order, attempt = asked(engine, now, Channel.agent_call)
    query = {"ref": attempt.reference}
    twilio.post("/voice/status", call_status(attempt, "in-progress"), query=query)
    dialled = {"CallSid": a_sid("CA"), "ParentCallSid": attempt.provider_id, "CallDuration": "20"}
    for said in ("ringing", "in-progress", "completed"):
        twilio.post("/voice/status", call_status(attempt, said, **dialled), query=query)
    twilio.post("/voice/status", call_status(attempt, "completed", CallDuration="35"), query=query)
    assert attempts_of(engine, order)[0].outcome is None
    with unit_of_work(engine) as session:
        legs = {leg.party: (leg.state, leg.talk_seconds) for leg in session.scalars(select(CallLeg))}
    assert legs == {
        CallParty.agent: (LegState.completed, 35),
        CallParty.buyer: (LegState.completed, 20),
    }


def test_nothing_of_a_buyer_is_in_the_logs(twilio, engine, now, clock, capfd) -> None:
    _, attempt = asked(engine, now)
    clock.forward(minutes=5)
    twilio.post("/messages/inbound", inbound("نعم أكد الطلب"))
    twilio.post("/messages/status", status(attempt, "failed", ErrorCode="69999"))
    twilio.post("/messages/inbound", inbound("نعم"), signature="forged")
    written = "".join(capfd.readouterr())
    assert "request_served" in written
    assert "نعم" not in written
    assert E164[1:] not in written


def test_what_comes_back_from_a_test_contact_is_no_news(twilio, work):
    form = {"MessageSid": "SM" + "7" * 32, "MessageStatus": "delivered", "To": "+966551234567"}
    assert twilio.post("/messages/status", form, query={"ref": "try-1"}).status_code == 204
    called = twilio.post("/voice/answer", {"CallSid": "CA" + "7" * 32}, query={"ref": "try-1"})
    assert "This line confirms orders" in called.text
    with work() as session:
        assert session.scalars(select(InboundEvent)).all() == []
