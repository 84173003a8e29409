"""What buyers and the provider do, told over Twilio's double: contacts and callbacks go their real way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.buyers import OptOut
from models.unit_of_work import unit_of_work
from models.vocabulary import Disposition
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.taken import first
from tests.orders import E164
from tests.stories.conftest import GoLive
from tests.stories.exchange import VOICE, WHATSAPP, Exchange

TAPS_YES = Behaves(taps="confirm")
NO_ANSWER = Behaves(report=("no-answer",))
NOT_THERE = Behaves(report=("failed",), error_code=63024)
_ANOTHER = {"items": [{"title": "ساعة", "quantity": 1, "unit_price": "50.00"}]}


def writes(exchange: Exchange, text: str, phone: str = E164) -> None:
    """The buyer writes on WhatsApp, in answer to no message of ours."""
    exchange.double.writes(f"whatsapp:{phone}", f"whatsapp:{WHATSAPP}", body=text)
    exchange.go(seconds=5)


def test_a_buyer_taps_a_button_of_the_approved_template(go_live: GoLive) -> None:
    exchange = go_live(Script(phones={E164: [TAPS_YES]}))
    order_id = exchange.send()
    exchange.go(minutes=5)

    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert exchange.events(order_id) == [("order.confirmed", 2)]
    [message] = exchange.double.messages
    assert first(message.form, "ContentSid") == exchange.double.contents[0].sid
    assert "#1047" in message.text


@pytest.mark.parametrize("seconds", [0, 200], ids=["heard of by a callback", "looked up"])
def test_a_contact_whose_answer_is_lost_is_made_once(go_live: GoLive, seconds: int) -> None:
    fate = Behaves(api="cut", late=timedelta(seconds=seconds), taps="confirm", after=timedelta(minutes=10))
    exchange = go_live(Script(phones={E164: [fate]}))
    order_id = exchange.send()
    exchange.tick()
    assert exchange.in_doubt() == 1
    exchange.go(minutes=5)

    assert exchange.in_doubt() == 0
    assert (exchange.lookups() > 0) == (seconds > 0)
    exchange.go(hours=1)
    assert exchange.made(E164) == ["whatsapp"]
    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")


def test_a_contact_that_was_lost_on_the_way_is_made_again(go_live: GoLive) -> None:
    exchange = go_live(Script(phones={E164: [Behaves(api="hang", taken=False), TAPS_YES]}), timeout=0.3)
    order_id = exchange.send()
    exchange.go(minutes=10)

    assert exchange.lookups() == 1
    assert exchange.made(E164) == ["whatsapp"]
    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")


def test_free_text_after_the_day_is_over_goes_out_again_as_a_template(go_live: GoLive) -> None:
    shut = Behaves(report=("failed",), error_code=63016)
    exchange = go_live(Script(phones={f"whatsapp:{E164}": [TAPS_YES, shut, TAPS_YES]}))
    exchange.send("1")
    exchange.go(minutes=30)
    order_id = exchange.send("2", **_ANOTHER)
    exchange.go(hours=3)

    how = [first(each.form, "ContentSid") != "" for each in exchange.double.messages]
    assert how == [True, False, True]
    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert exchange.made(E164) == ["whatsapp"] * 3


def test_who_has_no_whatsapp_is_never_asked_there_again(go_live: GoLive) -> None:
    exchange = go_live(Script(phones={f"whatsapp:{E164}": [NOT_THERE]}))
    order_id = exchange.send("1")
    exchange.go(hours=2)
    exchange.visit(exchange.message_to(E164), "confirm")
    exchange.go(minutes=1)
    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "page")
    exchange.go(hours=20)

    exchange.send("2", **_ANOTHER)
    exchange.go(hours=8)

    kinds = exchange.made(E164)
    assert kinds[:2] == ["whatsapp", "sms"]
    assert "whatsapp" not in kinds[2:]
    assert "sms" in kinds[2:]


def test_who_says_stop_is_left_alone_there(go_live: GoLive) -> None:
    exchange = go_live(Script(phones={f"whatsapp:{E164}": [Behaves(says="STOP")]}))
    order_id = exchange.send("1")
    exchange.go(hours=2)
    with unit_of_work(exchange.engine) as session:
        assert [each.channel for each in session.scalars(select(OptOut))] == ["whatsapp"]
    exchange.visit(exchange.message_to(E164), "confirm")
    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "page")

    exchange.send("2", **_ANOTHER)
    exchange.go(hours=25)

    assert exchange.made(E164).count("whatsapp") == 1


def test_a_missed_call_is_rung_back_and_confirms(go_live: GoLive) -> None:
    exchange = go_live(Script(phones={f"call:{E164}": [NO_ANSWER]}))
    order_id = exchange.send()
    exchange.go(hours=3)
    assert exchange.made(E164) == ["whatsapp", "sms", "ivr"]
    assert exchange.order(order_id)["next_contact"]["channel"] == "agent_call"

    call = exchange.double.rings(E164, VOICE, Behaves(keys=("1",)))
    exchange.go(minutes=2)

    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "ivr")
    assert exchange.order(order_id)["next_contact"] is None
    assert any("Noor Shop" in each for each in call.heard)
    exchange.go(hours=24)
    assert exchange.made(E164) == ["whatsapp", "sms", "ivr"]


def test_who_has_orders_at_two_stores_is_asked_which_is_meant(go_live: GoLive) -> None:
    exchange = go_live()
    first_order = exchange.send("1")
    exchange.go(minutes=25)
    other = exchange.another_shop("Layla Shop")
    second_order = other.send("2", number="#2002", **_ANOTHER)
    exchange.go(minutes=25)
    assert exchange.made(E164) == ["whatsapp", "whatsapp"]

    writes(exchange, "نعم")
    assert exchange.decision(first_order) is None
    assert other.decision(second_order) is None
    question = exchange.message_to(E164)
    assert question.direction == "outbound-reply"
    assert "#2002 · Layla Shop" in question.text
    line = next(line for line in question.text.splitlines() if "#2002" in line)
    writes(exchange, line[0])

    assert exchange.decision(first_order) is None
    assert other.decision(second_order) == ("confirmed", "buyer_confirmed", "whatsapp")


def test_a_reply_after_the_decision_reaches_an_agent_and_reopens_nothing(go_live: GoLive) -> None:
    exchange = go_live(Script(phones={E164: [TAPS_YES]}))
    order_id = exchange.send()
    exchange.go(minutes=30)
    writes(exchange, "متى يوصل الطلب؟")
    exchange.go(minutes=25)

    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert exchange.order(order_id)["next_contact"]["channel"] == "agent_call"
    exchange.report(exchange.pick_up(), Disposition.confirm, order_id)
    assert exchange.decision(order_id)[0] == "confirmed"
    assert exchange.made(E164) == ["whatsapp"]
