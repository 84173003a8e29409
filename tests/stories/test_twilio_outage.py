"""Twilio is away for half an hour: nothing is lost, nothing sent twice, and all of it in order afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from models.unit_of_work import unit_of_work
from scripts.twilio_double.script import Behaves, Script
from tests.stories.conftest import GoLive
from tests.stories.exchange import Exchange, kind_of
from verification.alarms import standing_alarms
from verification.board.causes import Cause
from verification.board.queue import read_queue
from verification.routing.outages import outages

BEFORE, DURING = 2, 12
_OUTAGE = timedelta(minutes=30)


def phone(number: int) -> str:
    return f"+96655123{number:04}"


def take_orders(exchange: Exchange, numbers: range, *, minutes: int) -> list[str]:
    """An order of each of these buyers, so many minutes apart."""
    made = []
    for number in numbers:
        made.append(exchange.send(str(number), buyer={"phone": phone(number)}))
        exchange.go(minutes=minutes)
    return made


def kinds_of_alarms(exchange: Exchange) -> list[str]:
    with unit_of_work(exchange.engine) as session:
        return [each.code for each in standing_alarms(session)]


def held_up(exchange: Exchange) -> dict[Cause, int]:
    """The undecided orders as the board counts them."""
    with unit_of_work(exchange.engine) as session:
        return dict(read_queue(session, now=exchange.clock.at, provider="twilio").by_cause)


def is_out(exchange: Exchange) -> bool:
    with unit_of_work(exchange.engine) as session:
        return [each.provider for each in outages(session)] == ["twilio"]


@pytest.mark.parametrize("how", ["refused", "500", "429"])
def test_after_an_outage_everybody_is_contacted_once_and_in_order(go_live: GoLive, how: str) -> None:
    exchange = go_live(Script(default=Behaves(taps="confirm")), per_second=5)
    orders = take_orders(exchange, range(BEFORE), minutes=1)
    gone_at = exchange.clock.at
    if how == "refused":
        exchange.double.refuse_connections()
    else:
        exchange.double.outage = Behaves(api="error", code=20500 if how == "500" else 20429, http=int(how))
    orders += take_orders(exchange, range(BEFORE, DURING), minutes=2)
    exchange.go(minutes=10)

    assert is_out(exchange) == (how != "429")
    assert len(exchange.taken()) == BEFORE
    if how == "refused":
        assert "provider_out" in kinds_of_alarms(exchange)
        assert held_up(exchange) == {Cause.provider_out: DURING - BEFORE}
    assert all(exchange.order(each)["decision"] is None for each in orders[BEFORE:])
    if how == "refused":
        exchange.double.accept_connections()
    exchange.double.outage = None
    assert exchange.clock.at - gone_at == _OUTAGE
    exchange.go(hours=1)

    assert not is_out(exchange)
    assert "provider_out" not in kinds_of_alarms(exchange)
    exchange.assert_nobody_was_contacted_twice()
    assert exchange.in_doubt() == 0
    reached = [each.to.removeprefix("whatsapp:") for each in exchange.taken()]
    assert [int(each[-2:]) for each in reached] == list(range(DURING))
    assert [exchange.order(each)["state"] for each in orders] == ["confirmed"] * DURING


def test_what_waited_until_the_evening_is_over_waits_for_the_morning(go_live: GoLive) -> None:
    exchange = go_live(Script(default=Behaves(taps="confirm")), per_second=5)
    closes = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    exchange.go(hours=8, minutes=45)
    exchange.double.refuse_connections()
    orders = take_orders(exchange, range(5), minutes=2)
    assert is_out(exchange)
    exchange.go(minutes=20)
    exchange.double.accept_connections()
    assert exchange.clock.at > closes
    exchange.go(hours=10)
    assert exchange.taken() == []

    exchange.go(hours=3)
    assert [exchange.order(each)["state"] for each in orders] == ["confirmed"] * 5
    opens = closes + timedelta(hours=11)
    assert all(each.created_at >= opens for each in exchange.taken())
    exchange.assert_nobody_was_contacted_twice()


def test_a_contact_that_waits_alone_waits_out_the_outage(go_live: GoLive) -> None:
    exchange = go_live(Script(default=Behaves(taps="confirm")))
    exchange.double.refuse_connections()
    order_id = exchange.send()
    exchange.go(minutes=30)
    exchange.double.accept_connections()
    exchange.go(minutes=30)

    assert [kind_of(each) for each in exchange.taken()] == ["whatsapp"]
    assert exchange.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
