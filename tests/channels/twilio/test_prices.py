"""What contacts cost, whenever Twilio gets round to saying it."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from channels.protocol import From, Refused, Uncertain, Wording
from channels.twilio.account import Account
from channels.twilio.calling import TwilioCall
from channels.twilio.prices import leg_of, price_of
from channels.twilio.sms import TwilioSms
from models.vocabulary import CallParty, Channel, LegState
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double
from tests.channels.contract import NOW, contact_with
from tests.channels.twilio.conftest import Wire
from tests.channels.twilio.doubled import heard

CONTACT = contact_with("+966550000001", Channel.sms, sender=From("+966112223333"), wording=Wording("أهلا"))
SID = "SM" + "1" * 32


def test_a_message_has_no_price_at_first(account: Account, double: Double) -> None:
    sent = TwilioSms(account).send(CONTACT).provider_id
    assert price_of(account, Channel.sms, sent) is None
    heard(double, NOW + timedelta(minutes=5))
    assert price_of(account, Channel.sms, sent) == Decimal("0.0145")


def test_a_leg_of_a_call_tells_how_it_went(account: Account, double: Double) -> None:
    double.account.script = Script(Behaves(keys=("1",), price="-0.2"))
    sent = TwilioCall(account).send(CONTACT).provider_id
    early = leg_of(account, sent, CallParty.buyer)
    heard(double, NOW + timedelta(minutes=5))
    late = leg_of(account, sent, CallParty.buyer)
    assert early is not None
    assert late is not None
    assert (early.state, early.cost) == (LegState.queued, None)
    assert (late.state, late.cost, late.answered_by) == (LegState.completed, Decimal("0.2"), "human")
    assert late.talk_seconds is not None
    assert late.at > early.at


def test_a_call_that_nobody_answered_costs_nothing(account: Account, double: Double) -> None:
    double.account.script = Script(Behaves(report=("busy",), price="-0.2", priced=timedelta(hours=9)))
    sent = TwilioCall(account).send(CONTACT).provider_id
    heard(double, NOW + timedelta(minutes=5))
    assert price_of(account, Channel.ivr, sent) == 0


def test_an_id_that_twilio_does_not_know_has_no_price(account: Account) -> None:
    assert price_of(account, Channel.sms, SID) is None
    with pytest.raises(Refused):
        leg_of(account, "CA" + "1" * 32, CallParty.buyer)


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        ({"price": None}, None),
        ({"price": "-0.01300", "price_unit": "usd"}, Decimal("0.013")),
        ({"price": "0", "price_unit": "EUR"}, Decimal(0)),
        ({"price": "-1.2", "price_unit": "EUR"}, None),
        ({"price": None, "status": "failed"}, Decimal(0)),
        ({"price": "much"}, None),
        ({"price": "NaN"}, None),
        ({"price": "-123456789"}, None),
        ({"price": "-Infinity"}, None),
        ({"price": "1e999999999"}, None),
    ],
)
def test_prices_as_twilio_writes_them(wire: Wire, told: dict[str, Any], cost: Decimal | None) -> None:
    body = {"sid": SID, "status": "delivered"} | told
    wire.answer = lambda asked: (200, {}, json.dumps(body).encode())
    assert price_of(wire.account, Channel.sms, SID) == cost


def test_another_currency_does_not_hide_that_a_message_was_taken(wire: Wire) -> None:
    body = {"sid": SID, "status": "sent", "price": "-1.2", "price_unit": "EUR"}
    wire.answer = lambda asked: (201, {}, json.dumps(body).encode())
    sent = TwilioSms(wire.account).send(CONTACT)
    assert (sent.cost, sent.cost_is_final) == (0, False)


def test_a_state_that_nobody_knows_is_no_leg(wire: Wire) -> None:
    wire.answer = lambda asked: (200, {}, b'{"sid": "CA", "status": "pondering"}')
    assert leg_of(wire.account, "CA" + "1" * 32, CallParty.agent) is None


@pytest.mark.parametrize("answer", ["cut", (401, {}, b"{}"), (429, {}, b"{}"), (500, {}, b"{}")])
def test_trouble_is_doubt(wire: Wire, answer: Any) -> None:
    wire.answer = lambda asked: answer
    with pytest.raises(Uncertain):
        price_of(wire.account, Channel.sms, SID)
