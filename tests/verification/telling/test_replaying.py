from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from models.diary import DiaryEntry
from models.outbox import OutboxBody, OutboxDelivery
from models.vocabulary import DeliveryState
from tests import stored
from tests.conftest import Work
from verification.telling.replaying import enable_endpoint, replay

URL = "https://shop.example/events"


@pytest.fixture
def made(session, now):
    """A store with an endpoint, and one event in each state, an hour apart, the oldest first."""
    store = stored.a_store(session, now, url=URL)
    order = stored.an_order(session, now, store, stored.a_buyer(session, now))
    events = {
        state: stored.an_event(session, now + timedelta(hours=age), order, version=age + 2, state=state)
        for age, state in enumerate(DeliveryState)
    }
    return store, events


def due(session, now: datetime) -> set:
    pending = select(OutboxDelivery.id).where(
        OutboxDelivery.state == DeliveryState.pending, OutboxDelivery.next_try_at <= now
    )
    return set(session.scalars(pending))


def test_chosen_events_are_due_again_with_all_their_tries(session, made, now):
    _, events = made
    delivered = session.get_one(OutboxDelivery, events[DeliveryState.delivered])
    delivered.tries = 4
    session.flush()
    assert replay(session, delivery_ids=[delivered.id, uuid4()], actor="operator", now=now) == 1
    session.refresh(delivered)
    assert (delivered.state, delivered.tries, delivered.next_try_at) == (DeliveryState.pending, 0, now)
    [line] = session.scalars(select(DiaryEntry))
    assert (line.kind, line.code, line.order_id) == ("seller", "event_replayed", delivered.order_id)


def test_only_what_failed(session, made, now):
    store, events = made
    assert replay(session, store_ids=[store.id], failed_only=True, actor="operator", now=now) == 1
    assert events[DeliveryState.failed] in due(session, now)


def test_since_an_instant(session, made, now):
    store, events = made
    since = now + timedelta(hours=2)
    # Disabled and failed are at two hours or later; what was undone stays undone.
    assert replay(session, store_ids=[store.id], since=since, actor="operator", now=now) == 2
    assert session.get_one(OutboxDelivery, events[DeliveryState.discarded]).state is DeliveryState.discarded


def test_nothing_is_promised_without_an_endpoint_or_a_body(session, made, now):
    store, events = made
    session.execute(delete(OutboxBody).where(OutboxBody.delivery_id == events[DeliveryState.failed]))
    assert replay(session, failed_only=True, actor="operator", now=now) == 0
    store.event_disabled_at = now
    session.flush()
    assert replay(session, actor="operator", now=now) == 0


def test_an_event_being_sent_is_left_alone(session, made, now):
    _, events = made
    sending = session.get_one(OutboxDelivery, events[DeliveryState.pending])
    sending.lease_until = now + timedelta(seconds=30)
    session.flush()
    assert replay(session, delivery_ids=[sending.id], actor="operator", now=now) == 0


def test_an_endpoint_gets_all_that_waited_for_one(session, now):
    store = stored.a_store(session, now)
    order = stored.an_order(session, now, store, stored.a_buyer(session, now))
    waited = stored.an_event(session, now, order, state=DeliveryState.disabled)
    told = stored.an_event(session, now, order, version=3, state=DeliveryState.delivered)
    store.event_disabled_at = now
    session.flush()
    later = now + timedelta(days=1)
    assert enable_endpoint(session, store, URL, actor="operator", now=later) == 1
    assert due(session, later) == {waited}
    assert session.get_one(OutboxDelivery, told).state is DeliveryState.delivered
    assert (store.event_url, store.event_disabled_at) == (URL, None)


def test_another_stores_events_are_not_touched(work: Work, now):
    with work() as session:
        mine, other = (stored.a_store(session, now, url=URL) for _ in range(2))
        for store in (mine, other):
            order = stored.an_order(session, now, store, stored.a_buyer(session, now))
            stored.an_event(session, now, order, state=DeliveryState.failed)
        assert replay(session, store_ids=[mine.id], actor="operator", now=now) == 1
        assert enable_endpoint(session, mine, URL, actor="operator", now=now) == 1
