"""What stands in the requests that make contacts."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.protocol import Button, Contact, From, Meaning, Refused, Uncertain, Wording
from channels.twilio.account import Account
from channels.twilio.calling import TwilioBridge, TwilioCall
from channels.twilio.sms import TwilioSms
from channels.twilio.whatsapp import TwilioWhatsApp
from models.vocabulary import Channel
from scripts.twilio_double.script import Behaves
from scripts.twilio_double.serving import Double
from tests.channels.contract import contact_with

PHONE, AGENT, OURS = "+966550000001", "+966110000001", "+966112223333"
SERVICE, CONTENT, TRUNK = "MG" + "1" * 32, "HX" + "2" * 32, "BY" + "3" * 32
TEXT = Wording("أهلا، هل تؤكد طلبك؟ 199.00 + 5%")
TEMPLATE = Wording(
    "أهلا نورة",
    buttons=(Button("confirm:reference", "تأكيد"),),
    content_id=CONTENT,
    variables={"1": "نورة", "2": 'خلاط "محمول"\nأسود'},
)


def contact(channel: Channel, **changes: Any) -> Contact:
    values: dict[str, Any] = {"sender": From(OURS), "wording": TEXT}
    return contact_with(PHONE, channel, **values | changes)


def posted(double: Double) -> Mapping[str, list[str]]:
    (request,) = double.requests
    fields: dict[str, list[str]] = {}
    for name, value in request.form:
        fields.setdefault(name, []).append(value)
    return fields


def reference_in(address: str, path: str) -> str:
    """The reference that an address of ours carries."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("https", "takeed.example")
    assert parts.path == f"/channels/twilio{path}"
    assert parts.fragment == "rc=3&rp=all"
    return parse_qs(parts.query)["ref"][0]


def test_a_template_goes_by_its_id_with_its_variables(account: Account, double: Double) -> None:
    wanted = contact(Channel.whatsapp, wording=TEMPLATE, reference="tk-1&2")
    TwilioWhatsApp(account).send(wanted)
    fields = posted(double)
    assert fields["To"] == [f"whatsapp:{PHONE}"]
    assert fields["From"] == [f"whatsapp:{OURS}"]
    assert fields["ContentSid"] == [CONTENT]
    assert json.loads(fields["ContentVariables"][0]) == TEMPLATE.variables
    assert "Body" not in fields
    assert reference_in(fields["StatusCallback"][0], "/messages/status") == "tk-1&2"


def test_free_text_goes_as_it_is(account: Account, double: Double) -> None:
    TwilioSms(account).send(contact(Channel.sms, sender=From("TAKEED")))
    fields = posted(double)
    assert fields["To"] == [PHONE]
    assert fields["From"] == ["TAKEED"]
    assert fields["Body"] == [TEXT.text]
    assert {"ContentSid", "MessagingServiceSid"}.isdisjoint(fields)


@pytest.mark.parametrize("channel", [TwilioSms, TwilioWhatsApp])
def test_a_messaging_service_is_named_as_such(account: Account, double: Double, channel: Any) -> None:
    channel(account).send(contact(Channel.sms, sender=From(SERVICE)))
    fields = posted(double)
    assert fields["MessagingServiceSid"] == [SERVICE]
    assert "From" not in fields


@pytest.mark.parametrize(
    ("lasts", "seconds"),
    [(timedelta(seconds=1.9), "1"), (timedelta(hours=2), "7200"), (timedelta(days=3), "36000")],
)
def test_a_message_waits_no_longer_than_it_may_come(
    account: Account, double: Double, lasts: timedelta, seconds: str
) -> None:
    wanted = contact(Channel.sms)
    TwilioSms(account).send(replace(wanted, valid_until=wanted.at + lasts))
    assert posted(double)["ValidityPeriod"] == [seconds]


def test_a_call_asks_our_doors_and_knows_machines(account: Account, double: Double) -> None:
    wanted = contact(Channel.ivr, sender=From(OURS, trunk=TRUNK), ring_seconds=18, wording=None)
    TwilioCall(account).send(wanted)
    fields = posted(double)
    assert (fields["To"], fields["From"], fields["Byoc"]) == ([PHONE], [OURS], [TRUNK])
    assert reference_in(fields["Url"][0], "/voice/answer") == wanted.reference
    assert reference_in(fields["StatusCallback"][0], "/voice/status") == wanted.reference
    assert fields["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    assert fields["MachineDetection"] == ["Enable"]
    assert fields["Timeout"] == ["18"]


def test_an_agents_call_rings_the_agent_and_never_names_the_buyer(account: Account, double: Double) -> None:
    wanted = contact(Channel.agent_call, agent_phone=AGENT, reference="tk-1")
    TwilioBridge(account).send(wanted)
    fields = posted(double)
    assert (fields["To"], fields["From"]) == ([AGENT], [OURS])
    assert reference_in(fields["Url"][0], "/voice/bridge") == wanted.reference
    assert "MachineDetection" not in fields
    assert PHONE[1:] not in str(fields)


@pytest.mark.parametrize("channel", [TwilioSms, TwilioWhatsApp, TwilioCall, TwilioBridge])
def test_our_addresses_hold_no_phone(account: Account, double: Double, channel: Any) -> None:
    channel(account).send(contact(Channel.ivr, agent_phone=AGENT, reference="tk-1"))
    addresses = [value for values in posted(double).values() for value in values if "//" in value]
    assert addresses
    assert not [each for each in addresses if PHONE[1:] in each or AGENT[1:] in each]


@pytest.mark.parametrize(
    ("channel", "changes", "code", "meaning"),
    [
        (TwilioSms, {"sender": None}, "no_sender", Meaning.no_road),
        (TwilioCall, {"sender": None}, "no_sender", Meaning.no_road),
        (TwilioWhatsApp, {"wording": None}, "no_wording", Meaning.no_road),
        (TwilioBridge, {"agent_phone": None}, "no_agent_phone", Meaning.no_road),
    ],
)
def test_what_is_missing_stays_here(
    account: Account, double: Double, channel: Any, changes: Any, code: str, meaning: Meaning
) -> None:
    with pytest.raises(Refused) as refused:
        channel(account).send(contact(Channel.sms, **changes))
    assert (refused.value.code, refused.value.meaning) == (code, meaning)
    assert double.requests == []


@pytest.mark.parametrize("channel", [TwilioSms, TwilioWhatsApp, TwilioCall])
def test_what_comes_too_late_stays_here(account: Account, double: Double, channel: Any) -> None:
    wanted = contact(Channel.sms)
    with pytest.raises(Refused) as refused:
        channel(account).send(replace(wanted, valid_until=wanted.at))
    assert refused.value.meaning is Meaning.retry_later
    assert double.requests == []


def test_the_answer_says_who_sent_it_and_that_the_price_comes_later(account: Account) -> None:
    sent = TwilioWhatsApp(account).send(contact(Channel.whatsapp, wording=TEMPLATE))
    assert (sent.sender, sent.cost, sent.cost_is_final) == (OURS, 0, False)
    assert TwilioCall(account).send(contact(Channel.ivr)).sender == OURS
    assert TwilioSms(account).send(contact(Channel.sms, sender=From(SERVICE))).sender == SERVICE


def test_an_outage_took_nothing_for_certain_and_its_end_is_noticed(account: Account, double: Double) -> None:
    channel = TwilioSms(account)
    channel.send(contact(Channel.sms))
    double.refuse_connections()
    with pytest.raises(Refused) as refused:
        channel.send(contact(Channel.sms))
    assert refused.value.meaning is Meaning.provider_down
    double.accept_connections()
    assert channel.send(contact(Channel.sms)).provider_id
    assert len(double.messages) == 2


def test_a_server_that_only_answers_with_errors_leaves_doubt(account: Account, double: Double) -> None:
    double.outage = Behaves(api="error", code=20503)
    with pytest.raises(Uncertain):
        TwilioSms(account).send(contact(Channel.sms))
    with pytest.raises(Uncertain):
        TwilioSms(account).find(contact(Channel.sms), known=())


def test_under_wrong_credentials_everything_waits(account: Account) -> None:
    with pytest.raises(Refused) as refused:
        TwilioSms(replace(account, token="another")).send(contact(Channel.sms))
    assert (refused.value.code, refused.value.meaning) == ("20003", Meaning.provider_down)
