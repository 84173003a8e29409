"""The doors of calls: what a call says, what a key does, and that a repeat changes nothing."""

from itertools import permutations

import pytest
from sqlalchemy import func, select

from models.messages import Message, MessageBody
from models.vocabulary import Channel, Outcome, Verdict
from tests import building
from tests.web.twilio.markup import NASTY, following, hangs_up, markup, words
from verification.contact.contacting import contact
from verification.voice.clips import add_clip
from verification.voice.sentences import RECORDED

CALL = "CA" + "1" * 32
OTHER = "CA" + "2" * 32
OURS, BUYER = "+966112345678", building.E164
LADDER = [{"channel": "ivr", "after_minutes": 0}, {"channel": "whatsapp", "after_minutes": 60}]
WAV = b"RIFF\x24\0\0\0WAVEfmt "


@pytest.fixture
def store(engine, now):
    found = building.a_store(engine, now)
    building.set_policy(engine, now, {"ladder": LADDER}, country="SA")
    return found


@pytest.fixture
def call(engine, store, now, clock):
    """Makes an automated call about new orders; the attempt."""

    def make(*orders, **patch):
        ids = [building.an_order(engine, store, now, **each, **patch) for each in orders or ({},)]
        [claim] = building.ready_claims(engine, now, Channel.ivr)
        contact(engine, claim, building.Provider(provider="twilio"), clock)
        [attempt] = building.attempts_of(engine, ids[0])
        return ids, attempt

    return make


@pytest.fixture
def dial(twilio):
    """Twilio posts a form of a call to one of its doors."""

    def post(path, query=None, sid=CALL, **form):
        named = {"CallSid": sid, "From": OURS, "To": BUYER, **form}
        return twilio.post(path, named, query=query)

    return post


@pytest.fixture
def answered(call, dial):
    def make(*orders, **patch):
        ids, attempt = call(*orders, **patch)
        return ids, attempt, dial("/voice/answer", {"ref": attempt.reference}, AnsweredBy="human")

    return make


def test_a_person_hears_what_it_is_about(answered):
    _, _, answer = answered({"number": "#1047", "total": "199.00"})
    said = words(answer)
    assert "مكالمة آلية من" in said
    assert "واحد, صفر, أربعة, سبعة" in said
    assert "مئة وتسعة وتسعون ريالاً سعودياً" in said
    [gather] = markup(answer).iter("Gather")
    assert gather.attrib | {"action": "", "hints": ""} == {
        "action": "",
        "method": "POST",
        "input": "dtmf speech",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "6",
        "actionOnEmptyResult": "true",
        "language": "ar-SA",
        "speechTimeout": "auto",
        "hints": "",
    }
    assert {each.get("voice") for each in gather.iter("Say")} == {"Polly.Hala-Neural"}


def test_the_buyer_is_spoken_to_in_english_where_that_is_theirs(answered):
    _, _, answer = answered(buyer={"language": "en"})
    assert "This is an automated call from" in words(answer)
    [gather] = markup(answer).iter("Gather")
    assert gather.get("language") == "en-US"


@pytest.mark.parametrize(
    ("key", "verdict", "said"),
    [("1", Verdict.confirmed, "confirmed"), ("2", Verdict.rejected, "cancelled")],
)
def test_a_key_decides(engine, answered, dial, key, verdict, said):
    ids, _, answer = answered({}, {}, buyer={"language": "en"})
    assert "several orders" in words(answer)
    thanks = dial(*following(answer), Digits=key)
    assert said in words(thanks)
    assert hangs_up(thanks)
    assert {building.verdict_of(engine, each) for each in ids} == {verdict}
    [decision] = building.decisions_of(engine, ids[0])
    assert decision.via == "ivr"
    assert (decision.proof or {}).get("kind", "key") == "key"


@pytest.mark.parametrize(
    ("key", "reason", "said"),
    [("3", "asked_to_call_later", "another time"), ("0", "buyer_agent", "One of us will call you")],
)
def test_a_key_asks_for_a_person(engine, answered, dial, key, reason, said):
    ids, _, answer = answered(buyer={"language": "en"})
    assert said in words(dial(*following(answer), Digits=key))
    step = building.live_step(engine, ids[0])
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, reason)


def test_a_repeated_key_is_answered_alike_and_counts_once(engine, session, answered, dial):
    ids, _, answer = answered()
    first, again = (dial(*following(answer), Digits="1") for _ in range(2))
    assert first.data == again.data
    assert len(building.decisions_of(engine, ids[0])) == 1
    assert session.scalar(select(func.count()).where(Message.direction == "in")) == 1
    assert len(building.events_of(engine, ids[0])) == 1


def test_what_is_asked_for_again_is_said_again(answered, dial):
    _, _, answer = answered()
    path, query = following(answer)
    again = dial(path, query, Digits="9")
    assert words(again) == words(answer)
    assert following(again) == (path, {**query, "turn": "2"})


def test_a_buyer_who_plays_with_the_keys_is_not_listened_to_for_ever(answered, dial):
    _, _, answer = answered()
    for _ in range(20):
        if hangs_up(answer):
            break
        answer = dial(*following(answer), Digits="9")
    else:
        pytest.fail("it went on and on")


def test_silence_is_asked_about_once(engine, answered, dial):
    ids, _, answer = answered(buyer={"language": "en"})
    again = dial(*following(answer), Digits="")
    assert words(again).startswith("Sorry, we did not hear you. To confirm")
    goodbye = dial(*following(again))
    assert "Goodbye" in words(goodbye)
    assert hangs_up(goodbye)
    assert building.verdict_of(engine, ids[0]) is None


@pytest.mark.parametrize("digits", ["7", "*", "11", "01", "1#", " 1", "١"])
def test_other_keys_are_not_understood(engine, answered, dial, digits):
    ids, _, answer = answered(buyer={"language": "en"})
    assert words(dial(*following(answer), Digits=digits)).startswith("Sorry, we did not understand")
    assert building.verdict_of(engine, ids[0]) is None


@pytest.mark.parametrize(
    ("speech", "verdict"),
    [("نعم", Verdict.confirmed), ("لا ما ابي", Verdict.rejected), ("yes", Verdict.confirmed)],
)
def test_words_go_through_the_reader_of_replies(engine, session, answered, dial, speech, verdict):
    ids, _, answer = answered()
    assert hangs_up(dial(*following(answer), SpeechResult=speech, Confidence="0.91"))
    assert building.verdict_of(engine, ids[0]) is verdict
    assert session.scalar(select(MessageBody.body)) == speech


@pytest.mark.parametrize(("speech", "confidence"), [("نعم", "0.2"), ("أكيد لا", "0.9"), ("نعم", "?")])
def test_what_was_hardly_heard_or_understood_is_asked_again_and_then_a_persons(
    engine, answered, dial, speech, confidence
):
    ids, _, answer = answered()
    again = dial(*following(answer), SpeechResult=speech, Confidence=confidence)
    assert not hangs_up(again)
    assert building.verdict_of(engine, ids[0]) is None
    last = dial(*following(again), SpeechResult="طبعا الموضوع كبير", Confidence="0.9")
    assert hangs_up(last)
    assert "سيتصل بك" in words(last)
    step = building.live_step(engine, ids[0])
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, "buyer_unclear")


def test_a_wrong_number_said_aloud_is_left_alone(engine, answered, dial):
    ids, attempt, answer = answered(buyer={"language": "en"})
    assert "Sorry for the trouble" in words(dial(*following(answer), SpeechResult="wrong number"))
    [attempt] = building.attempts_of(engine, ids[0])
    assert attempt.outcome is Outcome.wrong_number


@pytest.mark.parametrize("machine", ["machine_start", "machine_end_beep", "machine_end_silence", "fax"])
def test_a_machine_is_hung_up_on(engine, call, dial, machine):
    ids, attempt = call()
    for _ in range(2):
        answer = dial("/voice/answer", {"ref": attempt.reference}, AnsweredBy=machine)
        assert [each.tag for each in markup(answer)] == ["Hangup"]
    [attempt] = building.attempts_of(engine, ids[0])
    assert attempt.outcome is Outcome.voicemail
    assert building.live_step(engine, ids[0]).channel is Channel.whatsapp


def test_a_call_that_is_answered_after_hours_says_nothing(call, dial, clock):
    _, attempt = call()
    clock.forward(hours=10)
    assert [each.tag for each in markup(dial("/voice/answer", {"ref": attempt.reference}))] == ["Hangup"]


@pytest.mark.parametrize("query", [None, {"ref": "tk-none"}, {"ref": "a\0b"}, {"turn": "x", "missed": "-1"}])
def test_a_call_that_we_do_not_know_is_ended(dial, query):
    for path in ("/voice/answer", "/voice/key"):
        assert hangs_up(dial(path, query, Digits="1"))


def test_a_strange_turn_counts_as_none(call, dial):
    _, attempt = call()
    answer = dial("/voice/key", {"ref": attempt.reference, "turn": "x", "missed": "9999"})
    assert following(answer)[1]["turn"] == "1"


def told_apart(engine, order_id):
    """The rows in which a call ends, without what differs from order to order."""
    [attempt] = building.attempts_of(engine, order_id)
    live = building.steps_of(engine, order_id, live=True)
    return (
        attempt.state,
        attempt.outcome,
        building.verdict_of(engine, order_id),
        [(step.channel, step.reason["code"]) for step in live],
        [(step.channel, step.state) for step in building.steps_of(engine, order_id, live=False)],
    )


RINGING = ("/voice/status", {"CallStatus": "ringing", "SequenceNumber": "1"})
TALKING = ("/voice/status", {"CallStatus": "in-progress", "SequenceNumber": "2"})
ENDED = ("/voice/status", {"CallStatus": "completed", "SequenceNumber": "3"})
ON_A_MACHINE = (ENDED[0], {**ENDED[1], "AnsweredBy": "machine_start"})
KEY = ("/voice/key", {"Digits": "1"})
MACHINE = ("/voice/answer", {"AnsweredBy": "machine_start"})


@pytest.mark.parametrize(
    "posted", [(RINGING, TALKING, KEY, ENDED), (RINGING, MACHINE, TALKING, ON_A_MACHINE)]
)
def test_whatever_comes_first_ends_alike(engine, call, dial, posted):
    ends = []
    for number, mixed in enumerate(permutations(posted)):
        [order_id], attempt = call(buyer={"phone": f"05512345{number:02}"})
        for path, form in (*mixed, mixed[0]):
            query = {"ref": attempt.reference, "turn": "1", "missed": "0"}
            assert dial(path, query, sid=f"CA{number:032x}", **form).status_code in (200, 204)
        ends.append(told_apart(engine, order_id))
    assert ends == [ends[0]] * len(ends)
    assert ends[0][1] is (Outcome.replied if KEY in posted else Outcome.voicemail)


@pytest.mark.parametrize("field", ["CallSid", "AnsweredBy", "Digits", "SpeechResult", "From", "To"])
def test_nasty_fields_are_answered(call, dial, field):
    _, attempt = call()
    for number, value in enumerate(NASTY):
        for path in ("/voice/answer", "/voice/inbound", "/voice/key"):
            query = {"ref": attempt.reference, "turn": str(number), "missed": "0"}
            markup(dial(path, query, **{"SpeechResult": "what", "Confidence": "1", field: value}))


@pytest.mark.parametrize("field", ["ref", "turn", "missed"])
def test_nasty_addresses_are_answered(dial, field):
    for value in NASTY:
        for path in ("/voice/answer", "/voice/inbound", "/voice/key"):
            markup(dial(path, {"ref": "tk-none", field: value}, Digits="1"))


def test_what_twilio_did_not_sign_is_refused(twilio, call):
    _, attempt = call()
    for path in ("/voice/answer", "/voice/key", "/voice/inbound"):
        answer = twilio.post(path, {"CallSid": CALL}, query={"ref": attempt.reference}, signature="no")
        assert answer.status_code == 403


@pytest.fixture
def sorani(work, now):
    """All sentences recorded in Sorani, for everybody."""
    with work() as session:
        return {
            name: add_clip(
                session,
                WAV + name.encode(),
                language="ckb",
                name=name,
                seller_id=None,
                actor="operator",
                now=now,
            )
            for name in RECORDED
        }


def test_recordings_speak_where_no_machine_does(answered, dial, sorani):
    _, _, answer = answered({"number": "12", "total": "5.00"}, buyer={"language": "ckb"})
    played = [each.text for each in markup(answer).iter("Play")]
    names = ["greeting", "order_number", "digit_1", "digit_2", "amount", "digit_5", "keys"]
    start = "https://takeed.example/channels/twilio/voice/clips/"
    assert played == [f"{start}{sorani[name]}" for name in names]
    [gather] = markup(answer).iter("Gather")
    assert gather.get("input") == "dtmf"
    assert list(markup(answer).iter("Say")) == []
    assert hangs_up(dial(*following(answer), Digits="1"))


def test_a_recording_is_served_to_whoever_knows_its_address(app, sorani):
    client = app.test_client()
    path = f"/channels/twilio/voice/clips/{sorani['keys']}"
    answer = client.get(path)
    assert (answer.status_code, answer.content_type, answer.data) == (200, "audio/wav", WAV + b"keys")
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/channels/twilio/voice/clips/00000000-0000-0000-0000-000000000000").status_code == 404
    assert client.get("/channels/twilio/voice/clips/x").status_code == 404
