"""What a seller reads of an order: the contract's keys, exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, event, select, update
from sqlalchemy.orm import Session

from models.buyers import ContactPoint
from models.orders import Order, OrderDetails
from models.senders import ProviderState
from models.steps import Step
from models.vocabulary import Channel, StepState, Via
from tests.conftest import Work
from tests.orders import E164, draft, make_seller, received
from verification.decision.ruling import confirmed
from verification.decision.taking import decide
from verification.intake.shipping import CourierReport, report_shipment
from verification.telling.resource import order_resources

KEYS = [
    "id",
    "store",
    "external_id",
    "number",
    "version",
    "state",
    "flags",
    "phone",
    "alternate_phones",
    "buyer",
    "next_contact",
    "decision",
    "shipment",
    "placed_at",
    "created_at",
    "ship_by",
    "currency",
    "total",
    "items",
    "address",
]


@pytest.fixture
def order(work: Work, now: datetime) -> Order:
    with work() as session:
        wish = draft(buyer={"alternate_phone": "0509876543"}, ship_by="2026-11-25T00:00:00+03:00")
        return received(session, make_seller(session, now).store, wish, now)


def test_an_open_order_has_exactly_the_contracts_keys(session: Session, order: Order) -> None:
    [resource] = order_resources(session, [order.id], "en")
    assert list(resource) == KEYS
    assert resource["id"] == str(order.id)
    assert (resource["store"], resource["version"], resource["state"]) == ("default", 1, "queued")
    assert (resource["phone"], resource["alternate_phones"]) == (E164, ["+966509876543"])
    assert (resource["currency"], resource["total"]) == ("SAR", "199.00")
    assert resource["ship_by"] == "2026-11-24T21:00:00Z"
    assert resource["created_at"] == "2026-11-22T10:00:00Z"
    assert (resource["decision"], resource["shipment"]) == (None, None)
    assert set(resource["next_contact"]) == {
        "channel",
        "not_before",
        "reason",
        "why_not_now",
    }
    assert set(resource["next_contact"]["reason"]) == {"code", "params", "text"}
    assert set(resource["buyer"]) == {"id", "tier", "tier_reasons"}
    assert resource["buyer"]["id"] != str(order.buyer_id)
    assert resource["buyer"]["tier_reasons"][0]["text"]
    assert resource["items"] == [
        {
            "sku": "HM-204",
            "title": "خلاط محمول",
            "variant": "أسود",
            "quantity": 1,
            "unit_price": "180.00",
            "image_url": None,
            "product_url": None,
        }
    ]
    assert resource["address"] == {
        "country": "SA",
        "region": None,
        "city": "الرياض",
        "district": "النرجس",
        "street": "شارع أنس بن مالك",
        "building": "١٢",
        "short_address": "RNRA4521",
        "postal_code": None,
        "landmark": None,
    }


def test_a_decided_and_shipped_order_shows_both(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        stored = session.get_one(Order, order.id)
        decide(
            session,
            stored,
            confirmed(Via.whatsapp, soft=True),
            now=now,
            actor="buyer",
            proof={"message_id": "1"},
            changes={"quantity": 2},
        )
        report_shipment(session, stored, CourierReport("shipped", at=now + timedelta(days=1)), now=now)
        told = CourierReport("shipped", at=now - timedelta(days=1), carrier="SMSA", tracking="T1")
        report_shipment(session, stored, told, now=now)
        report_shipment(session, stored, CourierReport("Lost it", at=now - timedelta(hours=1)), now=now)
        [resource] = order_resources(session, [order.id], "en")
    assert resource["decision"] == {
        "verdict": "confirmed",
        "reason": "buyer_confirmed",
        "via": "whatsapp",
        "soft": True,
        "decided_at": "2026-11-22T10:00:00Z",
        "tier": "new",
        "changes": {"quantity": 2},
        "ground": None,
    }
    assert resource["state"] == "confirmed"
    assert resource["next_contact"] is None
    assert resource["shipment"] == {
        "status": "shipped",
        "status_raw": "shipped",
        "at": "2026-11-22T10:00:00Z",
        "reason": None,
        "carrier": "SMSA",
        "tracking": "T1",
    }


def test_reasons_are_in_the_readers_language(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        session.get_one(Order, order.id).flags = [{"code": "not_cod", "params": {}}]
        session.flush()
        [english] = order_resources(session, [order.id], "en")
        [arabic] = order_resources(session, [order.id], "ar")
    assert english["flags"] == [{"code": "not_cod", "params": {}, "text": "Not paid on delivery"}]
    assert arabic["flags"][0]["text"] != english["flags"][0]["text"]


def test_what_was_erased_is_null(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        session.execute(delete(OrderDetails))
        session.execute(update(ContactPoint).values(phone=None, erased_at=now))
        [resource] = order_resources(session, [order.id], "en")
    assert list(resource) == KEYS
    assert (resource["phone"], resource["alternate_phones"]) == (None, [])
    assert resource["address"]["country"] == "SA"
    assert resource["address"]["city"] is None


def test_orders_come_in_the_order_of_their_ids_and_unknown_ones_are_left_out(
    work: Work, order: Order, now: datetime
) -> None:
    with work() as session:
        other = received(session, make_seller(session, now, "Other").store, draft(), now)
        unknown = other.buyer_id
        ids = [other.id, unknown, order.id]
        assert [each["id"] for each in order_resources(session, ids, "en")] == [str(other.id), str(order.id)]
        assert order_resources(session, [], "en") == []


def test_a_page_takes_as_many_queries_as_one_order(
    work: Work, engine: Engine, order: Order, now: datetime
) -> None:
    with work() as session:
        store = make_seller(session, now, "Other").store
        for number in range(5):
            received(session, store, draft(str(number), buyer={"phone": f"055123456{number}"}), now)
    with work() as session, _counted(engine) as one:
        order_resources(session, [order.id], "en")
    with work() as session:
        ids = session.scalars(select(Order.id)).all()
    with work() as session, _counted(engine) as many:
        assert len(order_resources(session, ids, "en")) == 6
    assert len(many) == len(one)


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_while_the_provider_is_out_that_holds_a_contact_back_which_is_due(
    session: Session, order: Order, now: datetime
) -> None:
    step = session.scalars(select(Step)).one()
    step.state, step.channel = StepState.ready, Channel.whatsapp
    step.reason = {"code": "first_contact", "params": {}}
    out = {"out_since": now, "changed_at": now}
    session.add(ProviderState(provider="twilio", failures=5, **out))
    session.flush()
    [resource] = order_resources(session, [order.id], "en")
    told = resource["next_contact"]["reason"]
    assert told["params"]["held_by"] == ["provider_out"]
    assert "held back by: the provider, which is out" in told["text"]
    step.state = StepState.scheduled
    session.flush()
    [resource] = order_resources(session, [order.id], "en")
    assert resource["next_contact"]["reason"]["params"] == {}
