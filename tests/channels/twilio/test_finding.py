"""Looking up a contact whose answer was lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.protocol import Contact, From, Uncertain, Wording
from channels.twilio.account import Account
from channels.twilio.calling import TwilioBridge, TwilioCall
from channels.twilio.sms import TwilioSms
from models.vocabulary import AttemptState, Channel
from scripts.twilio_double.messaging import take_reply
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double
from tests.channels.contract import NOW, contact_with
from tests.channels.twilio.conftest import Clock, Wire
from tests.channels.twilio.doubled import heard

PHONE, AGENT, OURS = "+966550000001", "+966110000001", "+966112223333"
CONTACT = contact_with(PHONE, Channel.sms, sender=From(OURS), wording=Wording("أهلا"), agent_phone=AGENT)


def lost(double: Double, channel: TwilioSms | TwilioCall, contact: Contact = CONTACT) -> str:
    """The id of a contact that was made although no answer came."""
    double.account.script = Script(Behaves(api="cut"))
    with pytest.raises(Uncertain):
        channel.send(contact)
    double.account.script = Script()
    return (double.messages if isinstance(channel, TwilioSms) else double.calls)[-1].sid


@pytest.mark.parametrize("kind", [TwilioSms, TwilioCall, TwilioBridge])
def test_the_newest_that_is_nobody_elses_is_ours(
    account: Account, double: Double, clock: Clock, kind: type[TwilioSms] | type[TwilioCall]
) -> None:
    channel = kind(account)
    others = channel.send(CONTACT).provider_id
    clock.at += timedelta(seconds=2)
    ours = lost(double, channel)
    found = channel.find(CONTACT, known=[others])
    assert found is not None
    assert found.provider_id == ours
    assert channel.find(CONTACT, known=[others, ours]) is None


def test_what_is_from_another_day_or_sender_or_to_another_phone_is_not_it(
    account: Account, double: Double, clock: Clock
) -> None:
    channel = TwilioSms(account)
    clock.at = NOW - timedelta(days=1)
    channel.send(replace(CONTACT, at=clock.at))
    clock.at = NOW
    channel.send(replace(CONTACT, sender=From("+966119999999")))
    channel.send(replace(CONTACT, phone="+966550000002"))
    clock.at = NOW + timedelta(days=1)
    channel.send(CONTACT)
    assert channel.find(CONTACT, known=()) is None


def test_what_we_answered_to_a_message_of_the_buyers_is_not_it(account: Account, double: Double) -> None:
    take_reply(double.account, PHONE, OURS, "شكرا", NOW)
    assert TwilioSms(account).find(CONTACT, known=()) is None


def test_a_messaging_service_knows_its_own(account: Account, double: Double) -> None:
    channel, contact = TwilioSms(account), replace(CONTACT, sender=From("MG" + "1" * 32))
    ours = lost(double, channel, contact)
    found = channel.find(contact, known=())
    assert found is not None
    assert found.provider_id == ours
    assert channel.find(replace(contact, sender=From("MG" + "2" * 32)), known=()) is None


def test_what_is_found_says_how_far_it_came_and_what_it_cost(account: Account, double: Double) -> None:
    channel = TwilioSms(account)
    lost(double, channel)
    early = channel.find(CONTACT, known=())
    heard(double, NOW + timedelta(minutes=5))
    late = channel.find(CONTACT, known=())
    assert early is not None
    assert late is not None
    assert (early.state, early.cost_is_final) == (AttemptState.sent, False)
    assert (late.state, late.cost_is_final, str(late.cost)) == (AttemptState.delivered, True, "0.0145")


def test_one_that_failed_since_is_found_all_the_same(account: Account, double: Double) -> None:
    channel = TwilioSms(account)
    double.account.script = Script(Behaves(api="cut", report=("sent", "undelivered"), error_code=30003))
    with pytest.raises(Uncertain):
        channel.send(CONTACT)
    heard(double, NOW + timedelta(minutes=5))
    found = channel.find(CONTACT, known=())
    assert found is not None
    assert found.state is AttemptState.sent


@pytest.mark.parametrize(
    "body",
    [
        b'{"messages": "none"}',
        b'{"messages": [{"direction": "outbound-api", "from": "+966112223333"}]}',
        b'{"messages": [1]}',
        b"{}",
    ],
)
def test_a_list_that_cannot_be_read_says_nothing(wire: Wire, body: bytes) -> None:
    wire.answer = lambda asked: (200, {}, body)
    with pytest.raises(Uncertain):
        TwilioSms(wire.account).find(CONTACT, known=())


@pytest.mark.parametrize(
    "answer", ["cut", "hang", (401, {}, b"{}"), (404, {}, b""), (429, {}, b"{}"), (500, {}, b"")]
)
def test_trouble_says_nothing(wire: Wire, answer: object) -> None:
    wire.answer = lambda asked: answer  # type: ignore[assignment, return-value]
    for channel in (TwilioSms(wire.account), TwilioCall(wire.account)):
        with pytest.raises(Uncertain):
            channel.find(CONTACT, known=())
