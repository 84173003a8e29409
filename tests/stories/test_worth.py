"""A seller who lets orders go that need no contact: what is released, what is not, and what is told of it."""

from sqlalchemy import select

from channels.sandbox.scripted import confirms
from models.sellers import Seller
from models.unit_of_work import unit_of_work
from tests.building import set_policy
from tests.orders import E164
from tests.stories.conftest import Stage
from tests.stories.play import Play
from verification.worth.waived import waived_summary


def _buys(play: Play, name: str, status: str | None = None) -> str:
    """An order for something else each time, and what the courier says of it."""
    item = {"sku": name, "title": name, "quantity": 1, "unit_price": "180.00"}
    order_id = play.send(name, items=[item], placed_at=play.clock.at.isoformat())
    if status:
        play.call("POST", f"/orders/{order_id}/shipment", {"status": status})
    return order_id


def test_a_buyer_is_trusted_until_parcels_come_back(stage: Stage) -> None:
    play = stage({E164: [confirms()]})
    with unit_of_work(play.engine) as session:
        seller = session.scalars(select(Seller)).one()
    set_policy(play.engine, play.clock.at, {"waive_low_risk": True}, seller_id=seller.id)
    first = _buys(play, "first", "delivered")
    assert play.decision(first) == ("waived", "seller_policy", "seller")
    for name in ("second", "third"):
        _buys(play, name, "delivered")

    trusted = _buys(play, "fourth")
    play.go(hours=2)

    assert play.decision(trusted) == ("waived", "low_risk", "policy")
    assert play.contacts() == []
    assert play.events(trusted) == [("order.waived", 2)]
    assert play.diary(trusted)[:3] == ["order_received", "waived_known_buyer", "decided_waived"]
    ground = play.order(trusted)["decision"]["ground"]
    assert ground["params"]["percent"] < 10
    assert "Chance of a refusal" in ground["text"]

    play.call("POST", f"/orders/{trusted}/shipment", {"status": "refused"})
    for name in ("fifth", "sixth"):
        _buys(play, name, "refused")
    doubted = _buys(play, "seventh")
    play.go(hours=2)

    assert play.decision(doubted) == ("confirmed", "buyer_confirmed", "whatsapp")
    with unit_of_work(play.engine) as session:
        [told] = waived_summary(session, play.clock.at.replace(hour=0))
    assert (told.orders, told.delivered, told.came_back, told.lost) == (1, 0, 1, 9.0)
    assert 0 < told.saved < told.lost
