"""An order that was somebody else's takes its hour along."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from models.orders import Order
from models.unit_of_work import unit_of_work
from tests.building import a_store, an_order, order_row
from tests.orders import KEYS
from verification.habits.folding import fold
from verification.habits.reading import pasts_of
from verification.intake.correcting import correct_order
from verification.slots.cells import order_cell


def correct(engine: Engine, order_id: UUID, phone: str, now: datetime) -> UUID:
    """The buyer after the order's phone was corrected."""
    with unit_of_work(engine) as session:
        order = session.get_one(Order, order_id)
        correct_order(session, order, {"buyer": {"phone": phone}}, now=now, keys=KEYS, actor="seller")
    return order_row(engine, order_id).buyer_id


def counts(engine: Engine, now: datetime, buyer_id: UUID) -> dict[int, int]:
    with unit_of_work(engine) as session:
        fold(session, [buyer_id], now=now)
        return dict(pasts_of(session, [buyer_id])[buyer_id].cells)


def test_the_hour_of_an_order_goes_with_it(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    order_id = an_order(engine, store, now)
    another = an_order(engine, store, now, placed_at="2026-11-22T05:30:00Z")
    left = order_row(engine, order_id).buyer_id
    ordered, ordered_early = order_cell(now.replace(hour=11)), order_cell(now.replace(hour=8))
    assert counts(engine, now, left) == {ordered: 1, ordered_early: 1}
    came_to = correct(engine, order_id, "0509876543", now)
    assert came_to != left == order_row(engine, another).buyer_id
    assert counts(engine, now, left) == {ordered_early: 1}
    assert counts(engine, now, came_to) == {ordered: 1}
    assert correct(engine, order_id, "0551234567", now) == left
    assert counts(engine, now, came_to) == {}
    assert counts(engine, now, left) == {ordered: 1, ordered_early: 1}


def test_an_hour_not_counted_yet_is_counted_where_the_order_went(engine: Engine, now: datetime) -> None:
    order_id = an_order(engine, a_store(engine, now), now)
    left = order_row(engine, order_id).buyer_id
    came_to = correct(engine, order_id, "0509876543", now)
    assert counts(engine, now, left) == {}
    assert counts(engine, now, came_to) == {order_cell(now.replace(hour=11)): 1}
