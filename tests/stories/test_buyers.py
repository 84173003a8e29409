"""What buyers do, from the order to what the seller hears."""

from datetime import timedelta

import pytest

from channels.sandbox.scripted import (
    Script,
    backwards,
    both,
    cancels,
    chooses,
    confirms,
    dead,
    doubled,
    refused,
    says,
    silent,
)
from models.vocabulary import Disposition
from tests.orders import E164, PHONE
from tests.stories.conftest import Stage

OTHER, OTHER_E164 = "0559876543", "+966559876543"


def test_a_buyer_confirms_by_whatsapp(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    order_id = play.send()

    queued = play.order(order_id)
    assert (queued["state"], queued["version"], queued["decision"]) == ("queued", 1, None)
    assert queued["next_contact"]["channel"] == "whatsapp"
    play.tick()
    assert play.order(order_id)["state"] == "waiting"
    play.go(minutes=5)

    done = play.order(order_id)
    assert (done["state"], done["version"], done["next_contact"]) == ("confirmed", 2, None)
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert play.events(order_id) == [("order.confirmed", 2)]
    assert play.contacts() == ["whatsapp"]
    assert play.diary(order_id) == [
        "order_received",
        "contact_planned",
        "contact_begun",
        "contact_planned",
        "heard_confirm",
        "decided_confirmed",
        "event_delivered",
    ]


@pytest.mark.parametrize("journey", [doubled, backwards])
def test_however_the_callbacks_travel_the_story_ends_the_same(stage: Stage, journey: object) -> None:
    play = stage({E164: [journey(confirms())]})  # type: ignore[operator]
    order_id = play.send()

    play.go(hours=1)

    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert play.events(order_id) == [("order.confirmed", 2)]
    assert play.diary(order_id).count("heard_confirm") == 1


def test_after_three_silences_an_agent_calls(stage: Stage) -> None:
    play = stage()
    order_id = play.send()

    play.go(hours=5)

    waiting = play.order(order_id)
    assert play.contacts() == ["whatsapp", "sms", "ivr"]
    assert (waiting["next_contact"]["channel"], waiting["decision"]) == ("agent_call", None)
    assert waiting["next_contact"]["reason"]["code"] == "no_answer_yet"

    play.report(play.pick_up(), Disposition.confirm, order_id)
    play.go(minutes=1)
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "agent_call")
    assert play.events(order_id) == [("order.confirmed", 2)]


def test_a_wrong_number_leads_to_the_other_one(stage: Stage) -> None:
    play = stage({E164: [chooses("wrong_number")], OTHER_E164: [confirms()]})
    order_id = play.send(buyer={"phone": PHONE, "alternate_phone": OTHER})
    sent = play.order(order_id)
    assert (sent["phone"], sent["alternate_phones"]) == (E164, [OTHER_E164])

    play.go(hours=3)

    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert play.contacts() == ["whatsapp", "whatsapp"]
    assert "heard_wrong_number" in play.diary(order_id)
    assert play.events(order_id) == [("order.confirmed", 2)]


def test_a_second_tap_on_the_order_button_is_flagged_and_asked_about_with_the_first(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    first = play.send("1047")
    second = play.send("1048")

    assert [flag["code"] for flag in play.order(first)["flags"]] == []
    [flag] = play.order(second)["flags"]
    assert (flag["code"], flag["params"]["orders"]) == ("duplicate", [first])
    play.go(hours=1)

    assert play.contacts() == ["whatsapp"]
    assert [play.order(each)["state"] for each in (first, second)] == ["confirmed", "confirmed"]


def test_three_open_orders_of_a_buyer_are_one_contact_and_three_decisions(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    titles = ("خلاط محمول", "سماعة", "ساعة ذكية")
    orders = [
        play.send(str(number), items=[{"title": title, "quantity": 1, "unit_price": "180.00"}])
        for number, title in enumerate(titles)
    ]

    play.go(hours=1)

    assert play.contacts() == ["whatsapp"]
    for order_id in orders:
        assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
        assert play.events(order_id) == [("order.confirmed", 2)]


def test_a_buyer_confirms_and_then_thinks_better_of_it(stage: Stage) -> None:
    script = both(confirms(timedelta(minutes=4)), cancels(timedelta(hours=2)))
    play = stage({E164: [script]})
    order_id = play.send()

    play.go(hours=1)
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    play.go(hours=2)

    assert play.order(order_id)["state"] == "rejected"
    assert play.events(order_id) == [("order.confirmed", 2), ("order.rejected", 3)]


def test_a_buyer_who_cancels_after_shipping_changes_nothing(stage: Stage) -> None:
    script = both(confirms(timedelta(minutes=4)), cancels(timedelta(hours=2)))
    play = stage({E164: [script]})
    order_id = play.send()
    play.go(hours=1)
    play.call(
        "POST",
        f"/orders/{order_id}/shipment",
        {"status": "shipped", "at": play.clock.at.isoformat(), "carrier": "SMSA"},
    )

    play.go(hours=2)

    assert play.order(order_id)["state"] == "confirmed"
    assert [type_ for type_, _ in play.events(order_id)] == ["order.confirmed"]


@pytest.mark.parametrize(
    ("unreached", "waits"), [(dead(), True), (refused(), False)], ids=["undelivered", "refused"]
)
def test_a_whatsapp_that_cannot_arrive_is_a_reason_to_try_otherwise(
    stage: Stage, unreached: Script, *, waits: bool
) -> None:
    play = stage({E164: [unreached, confirms()]})
    order_id = play.send()

    play.go(minutes=10)
    # What never left needs no time to be answered.
    assert (play.order(order_id)["decision"] is None) == waits
    if waits:
        assert play.order(order_id)["next_contact"]["channel"] == "sms"
    play.go(hours=2)

    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "page")
    assert "decided_rejected" not in play.diary(order_id)
    assert play.events(order_id) == [("order.confirmed", 2)]


def test_god_willing_is_a_soft_yes(stage: Stage) -> None:
    play = stage({E164: [says("ان شاء الله")]})
    order_id = play.send()

    play.go(hours=1)

    decision = play.order(order_id)["decision"]
    assert (decision["verdict"], decision["soft"]) == ("confirmed", True)
    assert play.events(order_id) == [("order.confirmed", 2)]


def test_words_that_nobody_can_be_sure_of_go_to_an_agent(stage: Stage) -> None:
    play = stage({E164: [says("يمكن والله ما ادري شوف")]})
    order_id = play.send()

    play.go(minutes=10)

    unclear = play.order(order_id)
    assert (unclear["decision"], unclear["next_contact"]["channel"]) == (None, "agent_call")
    assert unclear["next_contact"]["reason"]["code"] == "buyer_unclear"
    assert play.events(order_id) == []
    play.go(minutes=20)
    play.report(play.pick_up(), Disposition.reject, order_id)
    play.go(minutes=1)
    assert play.decision(order_id) == ("rejected", "unspecified", "agent_call")
    assert play.events(order_id) == [("order.rejected", 2)]


def test_who_wants_to_be_left_alone_is_left_alone_channel_by_channel(stage: Stage) -> None:
    play = stage({E164: [chooses("stop"), chooses("stop"), chooses("stop")]})
    order_id = play.send()

    play.go(hours=30)
    agent = play.order(order_id)["next_contact"]
    if agent is not None:
        play.report(play.pick_up(), Disposition.stop, order_id)
        play.go(minutes=1)

    asked = play.contacts()
    assert len(asked) == len(set(asked))
    assert play.decision(order_id) == ("unreachable", "opted_out", "policy")
    assert play.events(order_id) == [("order.unreachable", 2)]

    again = play.send("1048", items=[{"title": "ساعة", "quantity": 1, "unit_price": "50.00"}])
    play.go(minutes=5)
    assert play.contacts() == asked
    assert play.decision(again) == ("unreachable", "opted_out", "policy")


def test_an_order_without_an_answer_is_decided_by_its_deadline(stage: Stage) -> None:
    play = stage({E164: [silent()]})
    ship_by = play.clock.at + timedelta(hours=20)
    order_id = play.send(ship_by=ship_by.isoformat())

    play.go(hours=20)

    assert play.decision(order_id) == ("unreachable", "no_response", "policy")
    assert play.order(order_id)["decision"]["decided_at"] <= ship_by.isoformat().replace("+00:00", "Z")
    assert play.events(order_id) == [("order.unreachable", 2)]
