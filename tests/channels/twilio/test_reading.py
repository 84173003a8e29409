from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.protocol import EventKind, Meaning
from channels.twilio.reading import (
    Posted,
    is_foreign_code,
    read_arrival,
    read_call_status,
    read_leg,
    read_message_status,
)
from models.vocabulary import AttemptState, CallParty, Channel, LegState, Outcome

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SID, CALL = "SM" + "a" * 32, "CA" + "b" * 32
REFERENCE = "tk-" + "c" * 32


def posted(form: dict[str, str], **more: str | None) -> Posted:
    return Posted(form, "raw", NOW, **more)


def message(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": SID, "MessageStatus": status, "From": "whatsapp:+1", "To": "whatsapp:+2", **more}


def call(status: str, **more: str) -> dict[str, str]:
    return {"CallSid": CALL, "CallStatus": status, **more}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("accepted", AttemptState.sent),
        ("scheduled", AttemptState.sent),
        ("queued", AttemptState.sent),
        ("sending", AttemptState.sent),
        ("sent", AttemptState.sent),
        ("delivered", AttemptState.delivered),
        ("partially_delivered", AttemptState.delivered),
        ("read", AttemptState.reached),
        ("undelivered", AttemptState.failed),
        ("failed", AttemptState.failed),
        ("canceled", AttemptState.failed),
        ("receiving", None),
        ("received", None),
        ("brand-new", None),
    ],
)
def test_a_messages_status(status: str, state: AttemptState | None) -> None:
    event = read_message_status(posted(message(status), reference=REFERENCE))
    assert event is not None
    assert (event.kind, event.state, event.outcome) == (EventKind.transport, state, None)
    assert (event.source, event.provider_id, event.reference) == ("twilio", SID, REFERENCE)
    assert (event.external_id, event.at, event.raw) == (f"{SID}:{status}", NOW, "raw")


@pytest.mark.parametrize(
    ("more", "code", "meaning"),
    [
        ({"ErrorCode": "63024"}, "63024", Meaning.no_such_channel),
        ({"ErrorCode": "21610"}, "21610", Meaning.opted_out),
        ({"ErrorCode": "0"}, "failed", Meaning.undeliverable),
        ({"ErrorCode": ""}, "failed", Meaning.undeliverable),
        ({"ErrorCode": "DROP TABLE"}, "failed", Meaning.undeliverable),
        ({"ErrorCode": "69999"}, "69999", Meaning.undeliverable),
        ({}, "failed", Meaning.undeliverable),
    ],
)
def test_a_failure_has_a_code_and_a_meaning(more: dict[str, str], code: str, meaning: Meaning) -> None:
    event = read_message_status(posted(message("failed", **more)))
    assert event is not None
    assert (event.code, event.meaning) == (code, meaning)
    assert is_foreign_code(Channel.whatsapp, event) == (code == "69999")


def test_a_message_that_was_taken_back_uses_nothing_up() -> None:
    event = read_message_status(posted(message("canceled")))
    assert event is not None
    assert (event.code, event.meaning) == ("canceled", Meaning.retry_later)


def test_an_event_is_known_by_its_token_and_what_it_says() -> None:
    tokens = [read_message_status(posted(message("sent"), token=token)) for token in ("t-1", "", "\0", "ü")]
    assert [event.external_id for event in tokens if event] == [f"t-1:{SID}:sent", *[f"{SID}:sent"] * 3]
    calls = [read_call_status(posted(call("ringing", SequenceNumber=number))) for number in "12"]
    assert len({event.external_id for event in calls if event}) == 2


@pytest.mark.parametrize(
    ("status", "more", "state", "outcome"),
    [
        ("queued", {}, AttemptState.sent, None),
        ("initiated", {}, AttemptState.sent, None),
        ("ringing", {}, AttemptState.sent, None),
        ("in-progress", {}, AttemptState.reached, None),
        ("completed", {}, AttemptState.closed, Outcome.answered),
        ("completed", {"AnsweredBy": "human"}, AttemptState.closed, Outcome.answered),
        ("completed", {"AnsweredBy": "unknown"}, AttemptState.closed, Outcome.answered),
        *(
            ("completed", {"AnsweredBy": by}, AttemptState.closed, Outcome.voicemail)
            for by in (
                "machine_start",
                "machine_end_beep",
                "machine_end_silence",
                "machine_end_other",
                "fax",
            )
        ),
        ("busy", {}, AttemptState.closed, Outcome.busy),
        ("no-answer", {}, AttemptState.closed, Outcome.no_answer),
        ("canceled", {}, AttemptState.closed, Outcome.no_answer),
        ("failed", {}, AttemptState.failed, None),
        ("levitating", {}, None, None),
    ],
)
def test_a_calls_status(
    status: str, more: dict[str, str], state: AttemptState | None, outcome: Outcome | None
) -> None:
    event = read_call_status(posted(call(status, **more)))
    assert event is not None
    assert (event.state, event.outcome, event.provider_id) == (state, outcome, CALL)


def test_a_call_happened_when_twilio_says() -> None:
    for told, at in (
        ("Sun, 22 Nov 2026 09:59:31 +0000", NOW - timedelta(seconds=29)),
        ("Sun, 22 Nov 2026 12:59:31 +0300", NOW - timedelta(seconds=29)),
        ("Sun, 22 Nov 2026 09:59:31", NOW - timedelta(seconds=29)),
        ("Sun, 22 Nov 2020 09:59:31 +0000", NOW),
        ("Sun, 22 Nov 9999999 09:59:31 +0000", NOW),
        ("", NOW),
        ("\0", NOW),
    ):
        event = read_call_status(posted(call("ringing", Timestamp=told)))
        assert event is not None
        assert event.at == at, told


def test_a_leg_says_whose_phone_it_is_and_how_long_was_talked() -> None:
    first = read_leg(posted(call("in-progress"), reference=REFERENCE))
    assert first is not None
    assert (first.party, first.state, first.reference) == (CallParty.agent, LegState.in_progress, REFERENCE)
    ended = {"ParentCallSid": CALL, "CallDuration": "31", "AnsweredBy": "human"}
    second = read_leg(posted(call("completed", **ended)))
    assert second is not None
    assert (second.party, second.talk_seconds, second.answered_by) == (CallParty.buyer, 31, "human")
    missed = read_leg(posted(call("no-answer", SipResponseCode="480")))
    assert missed is not None
    assert missed.code == "sip_480"
    assert read_leg(posted(call("levitating"))) is None


def arrived(**form: str):
    arrival = read_arrival(posted({"MessageSid": SID, "From": "whatsapp:+966551234567", "To": "+1", **form}))
    assert arrival is not None
    return arrival


def test_a_message_to_us() -> None:
    arrival = arrived(Body="نعم\0", To="whatsapp:+966112223344", OriginalRepliedMessageSid="SM" + "d" * 32)
    assert (arrival.external_id, arrival.provider_id, arrival.channel) == (SID, SID, Channel.whatsapp)
    assert (arrival.phone, arrival.sender, arrival.text) == ("+966551234567", "+966112223344", "نعم")
    assert arrival.answers == "SM" + "d" * 32
    assert (arrival.button, arrival.reference, arrival.media, arrival.location) == (None, None, (), None)
    assert arrived(From="+966551234567", Body="x").channel is Channel.sms


def test_a_token_makes_no_other_message_of_it() -> None:
    arrival = read_arrival(posted({"MessageSid": SID}, token="another"))
    assert arrival is not None
    assert arrival.external_id == SID


def test_a_tap_names_its_contact() -> None:
    tapped = arrived(ButtonPayload=f"confirm:{REFERENCE}", ButtonText="تأكيد")
    assert (tapped.button, tapped.reference, tapped.text) == ("confirm", REFERENCE, "تأكيد")
    for other in ("confirm", "confirm:", ":x", "confirm:a b", "CONFIRM:x", f"confirm:{'x' * 99}"):
        assert arrived(ButtonPayload=other, Body="نعم").button is None


def test_files_places_and_wishes() -> None:
    many = {f"MediaContentType{place}": "image/jpeg" for place in range(20)}
    assert arrived(NumMedia="2", MediaContentType0="Image/JPEG").media == ("image/jpeg", "unknown")
    assert len(arrived(NumMedia="20", **many).media) == 10
    assert arrived(Latitude="24.7", Longitude="46.6").location == (24.7, 46.6)
    assert [arrived(OptOutType=word).wish for word in ("STOP", "Start", "HELP", "")] == [
        "stop",
        "start",
        None,
        None,
    ]


FIELDS = [
    *("MessageSid", "MessageStatus", "CallSid", "CallStatus", "From", "To", "Body", "ErrorCode", "Timestamp"),
    *("NumMedia", "Latitude", "Longitude", "ButtonPayload", "SequenceNumber", "CallDuration", "AnsweredBy"),
    *("SipResponseCode", "OptOutType"),
]


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.one_of(st.text(max_size=40), st.sampled_from([SID, CALL, "failed", "completed", "1", "٣"])),
    ),
    st.text(max_size=20),
)
def test_no_form_breaks_the_reading(form: dict[str, str], token: str) -> None:
    for read, kind in product((read_message_status, read_call_status, read_leg, read_arrival), (SID, CALL)):
        for some in (form, form | {"MessageSid": kind, "CallSid": kind}):
            found = read(Posted(some, "", NOW, token, token))
            assert "\0" not in str(getattr(found, "external_id", ""))
