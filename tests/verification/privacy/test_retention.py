from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.buyers import ContactPoint
from models.decisions import Decision
from models.orders import Order, OrderDetails
from models.outbox import OutboxBody
from models.vocabulary import DataClass, DecisionReason, DeliveryState, Verdict, Via
from tests import stored
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.privacy.retention import drop_expired

PHONE = "+966551234567"
A_DAY = timedelta(days=1)


@pytest.fixture
def order(session, now) -> Order:
    store = stored.a_store(session, now)
    buyer = stored.a_buyer(session, now, PHONE, keep=A_DAY)
    [point] = session.scalars(select(ContactPoint))
    return stored.an_order(session, now, store, buyer, points=(point,), keep=A_DAY, street="درب")


def rows(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def close(session, order: Order, now: datetime) -> None:
    ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.agent_call)
    decide(session, order, ruling, now=now, actor="system", changes={"address": {"street": "درب"}})


def test_nothing_goes_before_its_time(session, order, now):
    close(session, order, now)
    assert not any(drop_expired(session, now + A_DAY - timedelta(seconds=1)).values())


def test_expired_details_and_phones_of_decided_orders_go(session, order, now):
    close(session, order, now)
    dropped = drop_expired(session, now + A_DAY)
    assert (dropped[DataClass.address], dropped[DataClass.contact_point]) == (1, 1)
    session.expire_all()
    assert order.details is None
    assert session.scalars(select(Decision.changes)).one() == {}
    point = session.scalars(select(ContactPoint)).one()
    assert (point.phone, point.phone_hash) == (None, stored.KEYS.phone_hash(PHONE))
    assert not any(drop_expired(session, now + A_DAY).values())


def test_an_open_order_keeps_what_it_needs(session, order, now):
    assert not any(drop_expired(session, now + 9 * A_DAY).values())
    assert rows(session, OrderDetails) == 1


def test_a_pending_event_keeps_its_body(session, order, now):
    stored.an_event(session, now, order, keep=A_DAY)
    stored.an_event(session, now, order, version=3, state=DeliveryState.delivered, keep=A_DAY)
    assert drop_expired(session, now + A_DAY)[DataClass.outbox_body] == 1
    assert rows(session, OutboxBody) == 1


def test_it_works_in_batches(session, order, now):
    for version in range(2, 7):
        stored.an_event(session, now, order, version=version, state=DeliveryState.failed, keep=A_DAY)
    counts = [drop_expired(session, now + A_DAY, limit=2)[DataClass.outbox_body] for _ in range(4)]
    assert counts == [2, 2, 1, 0]
