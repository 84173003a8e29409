from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double

from .conftest import PUBLIC, Clock, Product, client_of

Starts = Callable[..., Double]
PHONE = "+966551234567"
AGENT = "+966112345678"
SENDER = "+14155550100"
VOICE = "/channels/twilio/voice"


def ring(double: Double, **more: object) -> str:
    fields: dict[str, object] = {
        "to": PHONE,
        "from_": SENDER,
        "url": f"{PUBLIC}{VOICE}/answer?ref=tk-1",
        "status_callback": f"{PUBLIC}{VOICE}/status?ref=tk-1",
        "status_callback_event": ["initiated", "ringing", "answered", "completed"],
        "timeout": 25,
        "machine_detection": "Enable",
    }
    return str(client_of(double).calls.create(**fields | more).sid)


def asking(text: str = "Press 1") -> str:
    answer = VoiceResponse()
    gather = Gather(action=f"{VOICE}/key?ref=tk-1&turn=1", num_digits=1, timeout=5)
    gather.say(text, language="ar-AE")
    answer.append(gather)
    answer.redirect(f"{VOICE}/silence?ref=tk-1")
    return str(answer)


def bye() -> str:
    answer = VoiceResponse()
    answer.say("Goodbye")
    answer.hangup()
    return str(answer)


def statuses(product: Product) -> list[str]:
    return [form["CallStatus"] for form in product.forms(f"{VOICE}/status")]


def test_a_call_rings_is_answered_hears_and_presses(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": asking(), f"{VOICE}/key": bye()}
    double = start(Script(Behaves(keys=("1",))))
    sid = ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert statuses(product) == ["initiated", "ringing", "in-progress", "completed"]
    assert product.forms(f"{VOICE}/answer")[0]["AnsweredBy"] == "human"
    assert product.forms(f"{VOICE}/key")[0]["Digits"] == "1"
    call = client_of(double).calls(sid).fetch()
    assert (call.status, call.answered_by) == ("completed", "human")
    assert int(call.duration) > 0
    assert double.calls[0].heard == ["Press 1", "Goodbye"]
    last = product.forms(f"{VOICE}/status")[-1]
    assert last["CallDuration"] == call.duration
    assert last["SipResponseCode"] == "200"
    numbers = [int(form["SequenceNumber"]) for form in product.forms(f"{VOICE}/status")]
    assert all(after == before + 1 for before, after in pairwise(numbers))
    assert double.violations == []
    assert double.warnings == []


def test_silence_goes_on_with_the_next_verb(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": asking(), f"{VOICE}/silence": bye()}
    double = start()
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(f"{VOICE}/key") == []
    assert len(product.forms(f"{VOICE}/silence")) == 1
    assert double.calls[0].status == "completed"


@pytest.mark.parametrize(
    ("end", "sip"), [("busy", "486"), ("no-answer", "480"), ("failed", "404"), ("canceled", "487")]
)
def test_calls_that_nobody_answers(start: Starts, clock: Clock, product: Product, end: str, sip: str) -> None:
    double = start(Script(Behaves(report=(end,))))
    ring(double)
    double.deliver(clock.on(minutes=2), product)
    assert statuses(product)[-1] == end
    last = product.forms(f"{VOICE}/status")[-1]
    assert (last["CallDuration"], last["SipResponseCode"]) == ("0", sip)
    assert product.forms(f"{VOICE}/answer") == []


def test_a_call_passes_over_the_words_of_messages(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": bye()}
    double = start(Script(Behaves(report=("sent", "delivered", "read"))))
    ring(double)
    double.deliver(clock.on(minutes=2), product)
    assert statuses(product)[-1] == "completed"


def test_it_rings_no_longer_than_asked(start: Starts, clock: Clock, product: Product) -> None:
    double = start(Script(Behaves(rings=40)))
    ring(double, timeout=20)
    double.deliver(clock.on(seconds=22), product)
    assert statuses(product)[-1] == "no-answer"


def test_only_the_events_asked_for_are_told(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": bye()}
    double = start()
    ring(double, status_callback_event=["answered"])
    double.deliver(clock.on(minutes=1), product)
    assert statuses(product) == ["in-progress"]


@pytest.mark.parametrize(
    ("reorder", "expected"),
    [
        (False, ["initiated", "ringing", "in-progress", "completed"]),
        (True, ["completed", "in-progress", "ringing", "initiated"]),
    ],
)
def test_news_of_a_call_may_come_backwards_and_twice(
    start: Starts, clock: Clock, product: Product, reorder: bool, expected: Sequence[str]
) -> None:
    product.says = {f"{VOICE}/answer": bye()}
    double = start(Script(Behaves(reorder=reorder, duplicate=1)))
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert statuses(product) == [each for each in expected for _ in range(2)]


def test_who_hangs_up_at_the_question_presses_nothing(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": asking()}
    double = start(Script(Behaves(hangs_up=True, keys=("1",))))
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(f"{VOICE}/key") == []
    assert statuses(product)[-1] == "completed"


def test_speech_is_heard_where_it_is_asked_for(start: Starts, clock: Clock, product: Product) -> None:
    answer = VoiceResponse()
    answer.append(Gather(input="dtmf speech", action=f"{VOICE}/key", language="ar-SA"))
    product.says = {f"{VOICE}/answer": str(answer), f"{VOICE}/key": bye()}
    double = start(Script(Behaves(speech=("نعم",))))
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(f"{VOICE}/key")[0]["SpeechResult"] == "نعم"


def test_a_machine_is_named(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": bye()}
    double = start(Script(Behaves(answered_by="machine_start")))
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(f"{VOICE}/answer")[0]["AnsweredBy"] == "machine_start"
    assert client_of(double).calls(double.calls[0].sid).fetch().answered_by == "machine_start"


def bridging(**more: str) -> str:
    answer = VoiceResponse()
    dial = Dial(
        action=f"{VOICE}/bridged?ref=tk-1", caller_id=SENDER, answer_on_bridge=True, time_limit=600, **more
    )
    dial.number(
        PHONE,
        url=f"{VOICE}/consent",
        status_callback=f"{VOICE}/status?ref=tk-1&leg=buyer",
        status_callback_event="initiated ringing answered completed",
    )
    answer.append(dial)
    return str(answer)


def test_a_second_phone_is_rung_and_connected(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {
        f"{VOICE}/answer": bridging(),
        f"{VOICE}/consent": "<Response/>",
        f"{VOICE}/bridged": bye(),
    }
    double = start(Script(phones={PHONE: [Behaves(talks=45)]}))
    ring(double, to=AGENT)
    double.deliver(clock.on(minutes=3), product)
    agent, buyer = double.calls
    assert (buyer.parent, buyer.to, buyer.direction) == (agent.sid, PHONE, "outbound-dial")
    after = product.forms(f"{VOICE}/bridged")[0]
    assert (after["DialCallStatus"], after["DialCallDuration"], after["DialBridged"]) == (
        "completed",
        "45",
        "true",
    )
    assert after["DialCallSid"] == buyer.sid
    told = [form for form in product.forms(f"{VOICE}/status") if form["CallSid"] == buyer.sid]
    assert [form["CallStatus"] for form in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert told[0]["ParentCallSid"] == agent.sid
    children = client_of(double).calls.list(parent_call_sid=agent.sid)
    assert [each.sid for each in children] == [buyer.sid]
    assert double.recordings == []
    assert double.violations == []


def test_a_second_phone_that_does_not_answer(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": bridging(), f"{VOICE}/bridged": bye()}
    double = start(Script(phones={PHONE: [Behaves(report=("busy",))]}))
    ring(double, to=AGENT)
    double.deliver(clock.on(minutes=3), product)
    after = product.forms(f"{VOICE}/bridged")[0]
    assert (after["DialCallStatus"], after["DialBridged"]) == ("busy", "false")
    assert double.calls[0].status == "completed"


def test_a_whisper_that_hangs_up_connects_nobody(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {
        f"{VOICE}/answer": bridging(record="record-from-answer"),
        f"{VOICE}/consent": bye(),
        f"{VOICE}/bridged": bye(),
    }
    double = start()
    ring(double, to=AGENT)
    double.deliver(clock.on(minutes=3), product)
    assert product.forms(f"{VOICE}/bridged")[0]["DialBridged"] == "false"
    assert double.recordings == []


def test_what_is_recorded_is_listed(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {
        f"{VOICE}/answer": bridging(
            record="record-from-answer", recording_status_callback=f"{VOICE}/recorded"
        ),
        f"{VOICE}/consent": "<Response/>",
        f"{VOICE}/bridged": bye(),
    }
    double = start()
    sid = ring(double, to=AGENT)
    double.deliver(clock.on(minutes=3), product)
    recordings = client_of(double).calls(sid).recordings.list()
    assert [each.duration for each in recordings] == ["30"]
    assert product.forms(f"{VOICE}/recorded")[0]["RecordingSid"] == recordings[0].sid


def test_a_recording_begun_by_a_whisper_lasts_until_the_leg_ends(
    start: Starts, clock: Clock, product: Product
) -> None:
    whisper = VoiceResponse()
    whisper.start().recording(recording_status_callback=f"{PUBLIC}{VOICE}/recorded", channels="dual")
    product.says = {
        f"{VOICE}/answer": bridging(),
        f"{VOICE}/consent": str(whisper),
        f"{VOICE}/bridged": bye(),
    }
    double = start()
    ring(double, to=AGENT)
    double.deliver(clock.on(minutes=3), product)
    buyer = double.calls[1]
    assert [(each.call, each.seconds) for each in double.recordings] == [(buyer.sid, 30)]
    assert product.forms(f"{VOICE}/recorded")[0]["CallSid"] == buyer.sid
    assert double.warnings == []


def test_an_agent_who_hangs_up_first_ends_the_buyer_s_ringing(
    start: Starts, clock: Clock, product: Product
) -> None:
    product.says = {f"{VOICE}/answer": bridging()}
    double = start(Script(phones={PHONE: [Behaves(rings=20)]}))
    sid = ring(double, to=AGENT)
    double.deliver(clock.on(seconds=15), product)
    client_of(double).calls(sid).update(status="completed")
    double.deliver(clock.on(minutes=1), product)
    assert [each.status for each in double.calls] == ["completed", "canceled"]
    with pytest.raises(TwilioRestException) as caught:
        client_of(double).calls(sid).update(status="completed")
    assert caught.value.code == 21220


def test_a_call_that_nobody_has_answered_can_be_cancelled(
    start: Starts, clock: Clock, product: Product
) -> None:
    double = start()
    sid = ring(double)
    double.deliver(clock.on(seconds=2), product)
    client_of(double).calls(sid).update(status="canceled")
    double.deliver(clock.on(minutes=1), product)
    assert statuses(product)[-1] == "canceled"
    assert product.forms(f"{VOICE}/answer") == []


def test_an_inbound_call_is_asked_about_and_told_of(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/inbound": asking(), f"{VOICE}/key": bye()}
    double = start()
    call = double.rings(PHONE, SENDER, Behaves(keys=("2",)))
    double.deliver(clock.on(minutes=1), product)
    asked = product.forms(f"{VOICE}/inbound")[0]
    assert (asked["From"], asked["To"], asked["Direction"], asked["CallStatus"]) == (
        PHONE,
        SENDER,
        "inbound",
        "ringing",
    )
    assert product.forms(f"{VOICE}/key")[0]["Digits"] == "2"
    assert statuses(product) == ["completed"]
    assert call.heard == ["Press 1", "Goodbye"]


def test_clips_are_fetched(start: Starts, clock: Clock, product: Product) -> None:
    answer = VoiceResponse()
    answer.play(f"{VOICE}/clips/7")
    product.says = {f"{VOICE}/answer": str(answer)}
    double = start()
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    fetched = [each for each in product.heard if each.method == "GET"]
    assert [each.url for each in fetched] == [f"{PUBLIC}{VOICE}/clips/7"]


@pytest.mark.parametrize("answer", ["not xml", ""])
def test_an_answer_that_is_no_twiml_ends_the_call_with_a_warning(
    start: Starts, clock: Clock, product: Product, answer: str
) -> None:
    product.says = {f"{VOICE}/answer": answer}
    double = start()
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert statuses(product)[-1] == "completed"
    assert len(double.warnings) == 1


def test_an_answer_that_redirects_to_itself_takes_time(start: Starts, clock: Clock, product: Product) -> None:
    answer = VoiceResponse()
    answer.redirect(f"{VOICE}/answer")
    product.says = {f"{VOICE}/answer": str(answer)}
    double = start()
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert 10 < len(product.forms(f"{VOICE}/answer")) <= 60


def test_a_product_that_is_down_ends_the_call_with_a_warning(
    start: Starts, clock: Clock, product: Product
) -> None:
    product.status = 500
    double = start()
    ring(double)
    double.deliver(clock.on(minutes=1), product)
    assert double.calls[0].status == "completed"
    assert double.warnings == ["11200: no TwiML came from the product"]


def test_the_price_of_a_call_comes_late(start: Starts, clock: Clock, product: Product) -> None:
    product.says = {f"{VOICE}/answer": bye()}
    double = start()
    sid = ring(double)
    double.deliver(clock.on(seconds=10), product)
    assert client_of(double).calls(sid).fetch().price is None
    double.deliver(clock.on(minutes=1), product)
    assert client_of(double).calls(sid).fetch().price == "-0.0145"
