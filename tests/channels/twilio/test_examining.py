"""What an account's owner is told before the first contact, and how a contact is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.protocol import From, Uncertain, Wording
from channels.twilio.account import Account
from channels.twilio.calling import TwilioCall
from channels.twilio.cancelling import cancel
from channels.twilio.examining import examine
from channels.twilio.sms import TwilioSms
from models.vocabulary import Channel
from scripts.twilio_double.serving import Double
from tests.channels.contract import NOW, contact_with
from tests.channels.twilio.conftest import Wire
from tests.channels.twilio.doubled import PUBLIC_URL, heard

CONTACT = contact_with("+966550000001", Channel.sms, sender=From("+966112223333"), wording=Wording("أهلا"))
DOORS = f"{PUBLIC_URL}/channels/twilio"


def wrong(account: Account) -> dict[str, object]:
    return {finding.code: dict(finding.params) for finding in examine(account) if not finding.ok}


def test_an_account_that_is_well(account: Account, double: Double) -> None:
    double.own(
        "+966112223333",
        voice_url=f"{DOORS}/voice/inbound#rc=2",
        messages_url=f"{DOORS}/messages/inbound",
    )
    assert wrong(account) == {}
    said = {finding.code: dict(finding.params) for finding in examine(account)}
    assert said["numbers"] == {"count": 1}
    assert said["balance"] == {"amount": "100.00", "currency": "USD"}


def test_numbers_that_lead_elsewhere(account: Account, double: Double) -> None:
    double.own("+966112223333", voice_url="https://demo.example/voice")
    assert wrong(account) == {
        "voice_door": {"number": "+966112223333", "wanted": f"{DOORS}/voice/inbound"},
        "messages_door": {"number": "+966112223333", "wanted": f"{DOORS}/messages/inbound"},
    }


def test_credentials_that_are_wrong_end_the_look(account: Account) -> None:
    assert wrong(replace(account, token="another")) == {"credentials_refused": {"code": "20003"}}


def test_an_account_that_is_suspended_and_empty(account: Account, double: Double) -> None:
    double.account.state, double.account.balance = "suspended", "0.00"
    assert wrong(account) == {
        "account_inactive": {"status": "suspended"},
        "balance_empty": {"amount": "0.00", "currency": "USD"},
    }


def test_a_provider_that_does_not_answer(account: Account, double: Double) -> None:
    double.refuse_connections()
    assert wrong(account) == {"unreachable": {"code": "ConnectError"}}


def test_a_server_that_is_not_twilio(wire: Wire) -> None:
    wire.answer = lambda asked: (200, {}, b"<html>")
    assert wrong(wire.account) == {"unreachable": {"code": "unreadable_answer"}}


def test_a_trial_account_is_named(wire: Wire) -> None:
    wire.answer = lambda asked: (200, {}, b'{"status": "active", "type": "Trial"}')
    assert "account_trial" in wrong(wire.account)


def test_a_queued_message_is_kept_back_and_a_sent_one_is_not(account: Account, double: Double) -> None:
    sent = TwilioSms(account).send(CONTACT).provider_id
    assert cancel(account, Channel.sms, sent)
    assert not cancel(account, Channel.sms, sent)
    late = TwilioSms(account).send(CONTACT).provider_id
    heard(double, NOW + timedelta(minutes=5))
    assert not cancel(account, Channel.sms, late)


def test_a_call_is_ended(account: Account, double: Double) -> None:
    sent = TwilioCall(account).send(CONTACT).provider_id
    assert cancel(account, Channel.ivr, sent)
    assert [call.over for call in double.calls] == [True]
    assert not cancel(account, Channel.ivr, sent)


def test_trouble_in_taking_back_is_doubt(wire: Wire) -> None:
    wire.answer = lambda asked: "cut"
    with pytest.raises(Uncertain):
        cancel(wire.account, Channel.ivr, "CA" + "1" * 32)
