"""The whole main job over Twilio: orders as sellers post them, to decisions, while much goes wrong."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, Disposition
from scripts.twilio_double.script import Mix, Script
from scripts.twilio_double.taken import Message
from tests.orders import PAYLOAD
from tests.stories.conftest import GoLive
from tests.stories.exchange import Exchange, kind_of
from tests.stories.minds import Buyer, behaviour_of, buyers, is_inside_hours
from verification.contact.beginning import begin
from verification.contact.claiming import claim
from verification.intake.merging import merge_patch
from verification.outcome.disposing import Disposed, dispose

ORDERS, BATCHES = 500, 10
_MIX = Mix(seed=5, cut=0.05, duplicate=0.1, reorder=0.2, late=0.2)


@dataclass
class Town:
    """Buyers with pages to visit, and agents who call whoever is to be called."""

    exchange: Exchange
    by_phone: dict[str, Buyer]
    read: int = 0
    visits: list[tuple[datetime, str, Message]] = field(default_factory=list)

    def live(self) -> None:
        """Who has an SMS with a page to visit does so after five minutes; agents make all calls there are."""
        messages = self.exchange.double.messages
        for message in messages[self.read :]:
            buyer = self.by_phone[message.to.rpartition(":")[2]]
            if kind_of(message) == "sms" and buyer.mind.page is not None:
                heapq.heappush(self.visits, (message.created_at + timedelta(minutes=5), message.sid, message))
        self.read = len(messages)
        while self.visits and self.visits[0][0] <= self.exchange.clock.at:
            _, _, message = heapq.heappop(self.visits)
            page = self.by_phone[message.to].mind.page
            if message.status == "delivered" and page is not None:
                self.exchange.visit(message, page)
        self.call()

    def call(self) -> None:
        """Agents take every case that is ready."""
        now, engine, agent = self.exchange.clock.at, self.exchange.engine, "agent:huda"
        while True:
            with unit_of_work(engine) as session:
                held = claim(session, Channel.agent_call, agent, now=now, limit=20, names=[agent])
            for one in held:
                with unit_of_work(engine) as session:
                    _, contact = begin(session, one, provider="agent", now=now)
                said = Disposition(self.by_phone[contact.phone].mind.agent)
                choices: dict[UUID, Disposed] = {each.order_id: Disposed(said) for each in contact.orders}
                with unit_of_work(engine) as session:
                    dispose(session, one, choices, now=now)
            if not held:
                return


def order_of(buyer: Buyer, at: datetime) -> dict[str, object]:
    """An order as the seller posts it."""
    total = "12.500" if buyer.land.currency == "KWD" else "199"
    return merge_patch(
        PAYLOAD,
        {
            "external_id": f"w-{buyer.number}",
            "number": f"#{buyer.number}",
            "placed_at": at.isoformat(),
            "currency": buyer.land.currency,
            "total": total,
            "buyer": {"phone": buyer.typed, "language": buyer.land.language},
            "address": {"country": buyer.land.code},
            "items": [{"title": f"خلاط {buyer.number}", "quantity": 1, "unit_price": total}],
        },
    )


def test_five_hundred_orders_come_to_the_decisions_that_their_buyers_had_in_mind(go_live: GoLive) -> None:
    town = buyers(ORDERS)
    script = Script(default=behaviour_of(town), mix=_MIX)
    exchange = go_live(script, pace=timedelta(minutes=10))
    lived = Town(exchange, {buyer.phone: buyer for buyer in town})
    orders: dict[str, Buyer] = {}
    for batch in range(BATCHES):
        posted = town[batch::BATCHES]
        body = {"orders": [order_of(buyer, exchange.clock.at) for buyer in posted]}
        results = exchange.call("POST", "/orders/batch", body)["results"]
        orders |= {result["order"]["id"]: buyer for buyer, result in zip(posted, results, strict=True)}
        exchange.live(timedelta(minutes=15), lived.live)
    exchange.live(timedelta(hours=47), lived.live)

    decided = decisions(exchange)
    wrong = {
        (buyer.name, buyer.land.code, decided[order_id])
        for order_id, buyer in orders.items()
        if decided[order_id] != (buyer.mind.verdict, buyer.mind.via)
    }
    assert wrong == set()
    assert len(decided) == ORDERS
    # By what Twilio took, and by what we know of it.
    exchange.assert_nobody_was_contacted_twice()
    assert exchange.in_doubt() == 0
    outside = [
        (kind_of(one), buyer.land.code, one.created_at)
        for one in exchange.taken()
        if (buyer := lived.by_phone[one.to.rpartition(":")[2]])
        and not is_inside_hours(buyer.land, kind_of(one), one.created_at)
    ]
    assert outside == []
    assert {kind_of(one) for one in exchange.taken()} == {"whatsapp", "sms", "ivr"}
    # It did go wrong on the way, and no door broke.
    assert exchange.lookups() > 3
    came = Counter(each.headers["I-Twilio-Idempotency-Token"] for each, _ in exchange.delivered)
    assert 0.05 < sum(times > 1 for times in came.values()) / len(came) < 0.15
    assert {status for _, status in exchange.delivered} <= {200, 204}


def decisions(exchange: Exchange) -> dict[str, tuple[str, str] | None]:
    """Verdict and via of each order, as the seller reads them."""
    found: dict[str, tuple[str, str] | None] = {}
    cursor = ""
    while True:
        page = exchange.call("GET", f"/orders?limit=200{cursor}")
        for order in page["orders"]:
            made = order["decision"]
            found[order["id"]] = (made["verdict"], made["via"]) if made else None
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
