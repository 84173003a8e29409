"""What sellers do while their orders are verified."""

import pytest

from channels.sandbox.scripted import confirms, silent
from models.vocabulary import Disposition
from tests.orders import E164
from tests.stories.conftest import Stage
from verification.steps.transitions import Stale


def test_a_seller_withdraws_while_an_agent_talks(stage: Stage) -> None:
    play = stage()
    order_id = play.send()
    play.go(hours=5)
    held = play.pick_up()
    assert play.order(order_id)["state"] == "with_agent"

    withdrawn = play.call("POST", f"/orders/{order_id}/withdraw", {"reason": "out of stock"})
    assert (withdrawn["state"], withdrawn["version"]) == ("withdrawn", 2)
    with pytest.raises(Stale):
        play.report(held, Disposition.confirm, order_id)
    play.go(hours=24)

    assert play.decision(order_id) == ("withdrawn", "seller_request", "seller")
    assert play.events(order_id) == [("order.withdrawn", 2)]
    assert play.call("POST", f"/orders/{order_id}/withdraw", {"reason": "again"})["version"] == 2


def test_a_seller_withdraws_while_the_call_machine_talks(stage: Stage) -> None:
    play = stage({E164: [silent(), silent(), confirms()]})
    order_id = play.send()
    # The third contact waits for the end of the afternoon prayer.
    play.go(hours=2, minutes=8, seconds=10)
    assert play.contacts() == ["whatsapp", "sms", "ivr"]

    play.call("POST", f"/orders/{order_id}/withdraw", {"reason": "out of stock"})
    play.go(hours=1)

    assert play.decision(order_id) == ("withdrawn", "seller_request", "seller")
    assert "heard_confirm" in play.diary(order_id)
    assert play.events(order_id) == [("order.withdrawn", 2)]


def test_a_seller_withdraws_one_of_three_orders_before_their_buyer_is_asked(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    first, second, third = (
        play.send(str(number), items=[{"title": f"item {number}", "quantity": 1, "unit_price": "180.00"}])
        for number in range(3)
    )

    play.call("POST", f"/orders/{second}/withdraw", {})
    play.go(hours=1)

    assert play.contacts() == ["whatsapp"]
    assert [play.order(each)["state"] for each in (first, second, third)] == [
        "confirmed",
        "withdrawn",
        "confirmed",
    ]


def test_a_disputed_yes_is_reviewed_by_an_agent_and_may_turn_into_a_no(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    order_id = play.send()
    play.call("POST", f"/orders/{order_id}/dispute", {"reason": "he says he never confirmed"}, 409)
    play.go(hours=1)

    play.call("POST", f"/orders/{order_id}/dispute", {"reason": "he says he never confirmed"})
    review = play.order(order_id)["next_contact"]
    assert (review["channel"], review["reason"]["code"]) == ("agent_call", "decision_disputed")
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    play.go(minutes=30)
    play.report(play.pick_up(), Disposition.reject, order_id)
    play.go(minutes=1)

    assert play.decision(order_id) == ("rejected", "unspecified", "agent_call")
    assert play.events(order_id) == [("order.confirmed", 2), ("order.rejected", 3)]
    assert "decision_disputed" in play.diary(order_id)


def test_a_dispute_that_nobody_reviews_leaves_the_decision_as_it_is(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    order_id = play.send()
    play.go(hours=1)

    play.call("POST", f"/orders/{order_id}/dispute", {"reason": "he refused at the door"})
    play.go(hours=30)

    assert play.order(order_id)["next_contact"] is None
    assert play.events(order_id) == [("order.confirmed", 2)]


def test_an_order_paid_already_is_released_without_a_contact(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    order_id = play.send(payment_method="card")

    play.go(hours=1)

    assert (play.order(order_id)["state"], play.contacts()) == ("waived", [])
    assert play.decision(order_id) == ("waived", "not_cod", "policy")
    assert play.events(order_id) == [("order.waived", 2)]


def test_a_corrected_phone_is_asked_in_the_place_of_the_wrong_one(stage: Stage) -> None:
    play = stage({"+966559876543": [confirms()]})
    order_id = play.send()
    play.go(minutes=1)

    play.call("PATCH", f"/orders/{order_id}", {"buyer": {"phone": "0559876543"}})
    play.go(hours=2)

    assert play.order(order_id)["phone"] == "+966559876543"
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert play.events(order_id)[-1][0] == "order.confirmed"
