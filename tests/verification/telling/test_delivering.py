"""Events on their way, over real HTTP to a receiver on loopback, with a clock moved by hand."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from models.diary import DiaryEntry
from models.outbox import DeliveryTry, OutboxDelivery
from models.sellers import Store
from models.vocabulary import DeliveryState
from storefronts.posting import Posted
from storefronts.sending import send_event
from storefronts.signing import new_secret, verify
from tests import stored
from tests.conftest import Work
from tests.receiver import Answer, Receiver, hang, status
from verification.telling.backoff import DELAYS
from verification.telling.delivering import deliver_due
from verification.telling.due import LEASE


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def deliver(engine: Engine, clock: Clock) -> Callable[..., int]:
    return partial(
        deliver_due,
        engine,
        keys=stored.KEYS,
        post=send_event,
        allow_private=True,
        clock=clock,
        real_time=lambda: datetime.now(UTC),
        jitter=lambda: 0.0,
    )


@pytest.fixture
def event(work: Work, now: datetime) -> Callable[..., UUID]:
    """An event of a new order of a new store that sends to `url`."""

    def write(url: str | None, **columns: Any) -> UUID:
        with work() as session:
            store = stored.a_store(session, now, url=url, secrets=columns.pop("secrets", (stored.SECRET,)))
            order = stored.an_order(session, now, store, stored.a_buyer(session, now))
            return stored.an_event(session, now, order, **columns)

    return write


def receiver(*answers: Answer) -> Receiver:
    return Receiver(*answers, secret=stored.SECRET)


def row(work: Work, delivery_id: UUID) -> OutboxDelivery:
    with work() as session:
        return session.get_one(OutboxDelivery, delivery_id)


def codes(work: Work) -> list[str]:
    with work() as session:
        return [entry.code for entry in session.scalars(select(DiaryEntry).order_by(DiaryEntry.id))]


def test_an_event_is_sent_once_signed_with_its_id(work, deliver, event):
    with receiver() as shop:
        delivery_id = event(shop.url, body='{"type":"order.confirmed","note":"تم"}')
        assert deliver() == 1
        assert deliver() == 0
        [request] = shop.verified
    assert request.headers["webhook-id"] == str(delivery_id)
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body)["note"] == "تم"
    assert row(work, delivery_id).state is DeliveryState.delivered
    assert codes(work) == ["event_delivered"]


def test_every_secret_of_a_rotation_verifies(deliver, event):
    old, new = new_secret(), new_secret()
    with Receiver() as shop:
        event(shop.url, secrets=(new, old))
        deliver()
        [request] = shop.requests
    for secret in (old, new):
        verify(secret, request.headers, request.body, now=int(datetime.now(UTC).timestamp()))


def test_a_failure_is_tried_again_at_its_time_and_not_before(work, deliver, event, clock):
    with receiver(status(500), status(200)) as shop:
        delivery_id = event(shop.url)
        assert deliver() == 1
        clock.move(DELAYS[1] - timedelta(seconds=1))
        assert deliver() == 0
        clock.move(timedelta(seconds=1))
        assert deliver() == 1
        first, second = shop.verified
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    with work() as session:
        tries = session.scalars(select(DeliveryTry).order_by(DeliveryTry.tried_at)).all()
    assert [each.status for each in tries] == [500, 200]
    assert row(work, delivery_id).tries == 2


def test_a_receiver_may_put_the_next_try_off(deliver, event, clock):
    with receiver(status(503, retry_after=3600), status(200)) as shop:
        event(shop.url)
        deliver()
        clock.move(timedelta(seconds=3599))
        assert deliver() == 0
        clock.move(timedelta(seconds=1))
        assert deliver() == 1


def test_after_the_last_try_it_has_failed(work, deliver, event, clock):
    with receiver(status(500)) as shop:
        delivery_id = event(shop.url)
        for delay in DELAYS:
            clock.move(delay)
            assert deliver() == 1
        clock.move(timedelta(days=30))
        assert deliver() == 0
        assert len(shop.requests) == len(DELAYS)
    assert row(work, delivery_id).state is DeliveryState.failed
    assert codes(work) == ["event_failed"]


def test_gone_stops_everything_to_that_store_and_nothing_is_lost(work, deliver, event, now):
    with receiver(status(410)) as shop, receiver() as other:
        delivery_id = event(shop.url)
        with work() as session:
            store = session.get_one(Store, session.get_one(OutboxDelivery, delivery_id).store_id)
            order = stored.an_order(session, now, store, stored.a_buyer(session, now))
            later = stored.an_event(session, now, order, not_before=now + timedelta(hours=1))
        event(other.url)
        assert deliver() == 2
        assert len(other.verified) == 1
    assert row(work, delivery_id).state is DeliveryState.disabled
    assert row(work, later).state is DeliveryState.disabled
    with work() as session:
        assert session.get_one(Store, store.id).event_disabled_at == now
    assert sorted(codes(work)) == ["event_delivered", "event_disabled", "event_disabled"]


def test_one_that_hangs_holds_nobody_else_up(engine, clock, event, work):
    took: list[str] = []
    with receiver(hang()) as stuck, receiver() as shop:
        waiting = [event(stuck.url) for _ in range(3)]
        for _ in range(40):
            event(shop.url)

        def post(url: str, **rest: Any) -> Posted:
            if url == stuck.url:
                shop.wait_for(40)
                took.append(url)
                return Posted(None, None, "timeout", 15.0)
            return send_event(url, **rest)

        tried = deliver_due(
            engine,
            keys=stored.KEYS,
            post=post,
            allow_private=True,
            clock=clock,
            real_time=lambda: datetime.now(UTC),
        )
        assert tried == 43
    assert len(took) == 3
    assert {row(work, each).state for each in waiting} == {DeliveryState.pending}


def test_a_store_that_does_not_answer_keeps_few_senders_busy(deliver, work, now):
    with work() as session:
        store = stored.a_store(session, now, url="http://127.0.0.1:9/")
        for _ in range(20):
            order = stored.an_order(session, now, store, stored.a_buyer(session, now))
            stored.an_event(session, now, order)
    # Refused at once; the rest of its events are left for the next call.
    assert deliver() < 5


def test_two_senders_at_once_send_each_event_once(deliver, event):
    with receiver() as shop:
        ids = {str(event(shop.url)) for _ in range(40)}
        with ThreadPoolExecutor(2) as senders:
            counts = list(senders.map(lambda _: deliver(), range(2)))
        assert sum(counts) == 40
        got = [request.headers["webhook-id"] for request in shop.verified]
    assert sorted(got) == sorted(ids)


class Killed(BaseException):
    """The process is gone."""


def test_a_sender_killed_before_it_recorded_sends_the_same_id_again(engine, deliver, event, clock, work):
    def die_after(url: str, **rest: Any) -> Posted:
        send_event(url, **rest)
        raise Killed

    with receiver() as shop:
        delivery_id = event(shop.url)
        with pytest.raises(Killed):
            deliver(post=die_after)
        assert deliver() == 0
        clock.move(LEASE)
        assert deliver() == 1
        assert [request.headers["webhook-id"] for request in shop.verified] == [str(delivery_id)] * 2
    assert row(work, delivery_id).state is DeliveryState.delivered


def test_a_sender_that_lost_its_lease_does_not_plan_over_the_other(deliver, event, clock, work):
    with receiver(status(500)) as shop:
        delivery_id = event(shop.url)

        def slow(url: str, **rest: Any) -> Posted:
            clock.move(LEASE)
            deliver()
            return send_event(url, **rest)

        deliver(post=slow)
        assert len(shop.requests) == 2
    assert row(work, delivery_id).next_try_at == clock() + DELAYS[1]


def test_versions_of_an_order_arrive_in_their_order(deliver, work, now, clock):
    with receiver(status(500), status(200)) as shop:
        with work() as session:
            store = stored.a_store(session, now, url=shop.url)
            order = stored.an_order(session, now, store, stored.a_buyer(session, now))
            third = stored.an_event(session, now, order, version=3)
            second = stored.an_event(session, now, order, version=2)
        assert deliver() == 1
        clock.move(DELAYS[1])
        assert deliver() == 2
        got = [request.headers["webhook-id"] for request in shop.verified]
    assert got == [str(second), str(second), str(third)]


def test_an_event_that_was_undone_does_not_hold_the_next_one_back(deliver, work, now):
    with receiver() as shop:
        with work() as session:
            store = stored.a_store(session, now, url=shop.url)
            order = stored.an_order(session, now, store, stored.a_buyer(session, now))
            stored.an_event(session, now, order, version=2, state=DeliveryState.discarded)
            third = stored.an_event(session, now, order, version=3)
        deliver()
        assert [request.headers["webhook-id"] for request in shop.verified] == [str(third)]


def test_nothing_leaves_before_the_undo_window_is_over(deliver, event, clock, now):
    with receiver() as shop:
        event(shop.url, not_before=now + timedelta(seconds=10))
        clock.move(timedelta(seconds=9))
        assert deliver() == 0
        clock.move(timedelta(seconds=1))
        assert deliver() == 1


def test_a_private_address_is_refused_when_sent(deliver, event, work):
    with receiver() as shop:
        delivery_id = event(shop.url)
        deliver(allow_private=False)
        assert shop.requests == []
    with work() as session:
        assert session.scalars(select(DeliveryTry.error)).all() == ["bad_url"]
    assert row(work, delivery_id).state is DeliveryState.pending


def test_secrets_of_another_installation_are_a_failed_try(deliver, event, work):
    with receiver() as shop:
        delivery_id = event(shop.url)
        with work() as session:
            delivery = session.get_one(OutboxDelivery, delivery_id)
            session.get_one(Store, delivery.store_id).event_secrets = b"sealed by others"
        deliver()
        assert shop.requests == []
    with work() as session:
        assert session.scalars(select(DeliveryTry.error)).all() == ["bad_secret"]


def test_the_limit_bounds_one_call(deliver, event):
    with receiver() as shop:
        for _ in range(5):
            event(shop.url)
        assert deliver(limit=3) == 3
        assert deliver(limit=3) == 2
