"""Events are written with the fact that caused them."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.outbox import OutboxBody
from models.vocabulary import DeliveryState, EventType
from tests.orders import draft, make_seller, received
from verification.telling.events import tell
from verification.telling.resource import order_resources


def test_an_event_freezes_the_order_as_it_is_now(session: Session, now: datetime) -> None:
    order = received(session, make_seller(session, now).store, draft(), now)
    later = now + timedelta(hours=1)
    delivery = tell(session, order, EventType.order_changed, now=later)
    session.flush()
    assert (delivery.state, delivery.order_version, delivery.next_try_at) == (DeliveryState.pending, 2, later)
    assert (order.version, order.updated_at) == (2, later)
    body = session.get_one(OutboxBody, delivery.id)
    frozen = json.loads(body.body)
    assert list(frozen) == ["type", "timestamp", "data"]
    assert (frozen["type"], frozen["timestamp"]) == ("order.changed", "2026-11-22T11:00:00Z")
    assert frozen["data"] == order_resources(session, [order.id], "en")[0]
    assert body.expires_at > later
    order.total_minor = 1
    session.flush()
    assert json.loads(session.scalars(select(OutboxBody.body)).one())["data"]["total"] == "199.00"


def test_an_event_waits_while_it_can_be_undone(session: Session, now: datetime) -> None:
    order = received(session, make_seller(session, now).store, draft(), now)
    until = now + timedelta(seconds=10)
    delivery = tell(session, order, EventType.order_changed, now=now, not_before=until)
    assert delivery.not_before == delivery.next_try_at == until


def test_without_a_working_endpoint_an_event_is_kept_aside(session: Session, now: datetime) -> None:
    none = received(session, make_seller(session, now, "None", url=None).store, draft(), now)
    assert tell(session, none, EventType.order_changed, now=now).state is DeliveryState.disabled
    gone = make_seller(session, now, "Gone").store
    gone.event_disabled_at = now
    order = received(session, gone, draft(), now)
    assert tell(session, order, EventType.order_changed, now=now).state is DeliveryState.disabled
