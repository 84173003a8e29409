from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.buyers import ContactPoint
from models.decisions import Decision
from models.orders import Order, OrderDetails
from models.outbox import OutboxBody
from models.slots import Habits
from models.vocabulary import DataClass, DecisionReason, DeliveryState, Verdict, Via
from tests import stored
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.planning.scheduling import lock_buyer
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


def test_habits_go_with_the_last_phone(session, order, now):
    close(session, order, now)
    order.plan = {"signs": {"answers_after": 20}}
    session.add(Habits(buyer_id=order.buyer_id, cells={"3": 1}, changed_at=now))
    later = "+966559876543"
    point = ContactPoint(
        buyer_id=order.buyer_id,
        phone=later,
        phone_hash=stored.KEYS.phone_hash(later),
        country="SA",
        line_type="mobile",
        expires_at=now + 2 * A_DAY,
        created_at=now,
    )
    session.add(point)
    session.flush()
    drop_expired(session, now + A_DAY)
    assert rows(session, Habits) == 1
    drop_expired(session, now + 2 * A_DAY)
    assert rows(session, Habits) == 0
    session.expire_all()
    assert order.plan is None


def test_a_buyer_whose_case_is_worked_at_is_left_for_the_next_time(session, order, now, work):
    close(session, order, now)
    session.commit()
    with work() as other:
        lock_buyer(other, order.buyer_id)
        assert drop_expired(session, now + A_DAY)[DataClass.contact_point] == 0
    assert drop_expired(session, now + A_DAY)[DataClass.contact_point] == 1


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
