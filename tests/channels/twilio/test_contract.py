"""Twilio's channels do what every channel does, against the double."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from channels.protocol import Contact, ContactChannel, From, Wording
from channels.twilio.calling import TwilioCall
from channels.twilio.sms import TwilioSms
from channels.twilio.whatsapp import TwilioWhatsApp
from models.vocabulary import AttemptState, Channel
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double
from tests.channels.contract import NOW, ChannelContract, Rig
from tests.channels.twilio.conftest import SID
from tests.channels.twilio.doubled import PUBLIC_URL, TOKEN, account_at, heard

DOUBLED = "+966550000002"
CHANNELS = {
    Channel.whatsapp: TwilioWhatsApp,
    Channel.sms: TwilioSms,
    Channel.ivr: TwilioCall,
}
NOT_THERE = {Channel.whatsapp: 63024, Channel.sms: 21614, Channel.ivr: 13225}


@dataclass(frozen=True)
class TwilioRig(Rig):
    def contact(self, phone: str) -> Contact:
        sender = From("+966112223333")
        wording = Wording("أهلا", content_id="HX" + "0" * 32)
        return replace(super().contact(phone), sender=sender, wording=wording)


@pytest.fixture
def double(kind: Channel) -> Iterator[Double]:
    confirms = Behaves(taps=None if kind is Channel.sms else "confirm", keys=("1",))
    script = Script(
        phones={
            "+966550000001": [confirms],
            DOUBLED: [confirms],
            "+966550000003": [Behaves(api="error", code=NOT_THERE[kind])],
            "+966550000004": [replace(confirms, api="cut")],
            "+966550000005": [replace(confirms, api="cut", taken=False)],
        }
    )
    with Double(SID, TOKEN, script=script, clock=lambda: NOW, public_url=PUBLIC_URL) as double:
        yield double
        assert double.violations == []


@pytest.fixture
def rig(kind: Channel, double: Double) -> Rig:
    channel: ContactChannel = CHANNELS[kind](account_at(double, SID))
    return TwilioRig(
        channel=channel,
        kind=kind,
        confirms="+966550000001",
        confirms_with_doubled_callbacks=DOUBLED,
        refused="+966550000003",
        time_out_accepted="+966550000004",
        time_out_not_accepted="+966550000005",
        events=lambda: heard(double, NOW + timedelta(days=1), frozenset({DOUBLED})),
    )


class TestTwilio(ChannelContract):
    @pytest.fixture(params=[Channel.whatsapp, Channel.ivr])
    def kind(self, request: pytest.FixtureRequest) -> Channel:
        kind: Channel = request.param
        return kind


class TestTwilioSms(ChannelContract):
    """Where nobody can answer an SMS, what comes back is how it travelled."""

    @pytest.fixture
    def kind(self) -> Channel:
        return Channel.sms

    def test_a_confirmation_comes_back_once_under_our_reference(self, rig: Rig) -> None:
        contact = rig.contact(rig.confirms)
        sent = rig.channel.send(contact)
        events = rig.events()
        assert [event.state for event in events] == [AttemptState.sent, AttemptState.delivered]
        assert {(event.reference, event.provider_id) for event in events} == {
            (contact.reference, sent.provider_id)
        }

    def test_a_callback_that_comes_twice_keeps_its_id(self, rig: Rig) -> None:
        rig.channel.send(rig.contact(rig.confirms_with_doubled_callbacks))
        ids = [event.external_id for event in rig.events()]
        assert len(ids) == 2 * len(set(ids)) == 4
