"""Prices of agents' time against a real queue, and the cases that move for them."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from models.orders import Order
from models.slots import AgentPrice
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, Choice
from tests.building import Clock, a_store, an_order, set_policy
from verification.planning.agent_prices import agent_prices
from verification.slots.staffing import FORBIDDEN
from verification.staffing import reckoning
from verification.staffing.ahead import hours_ahead
from verification.staffing.reckoning import later_prices, reckon
from verification.staffing.roster import set_week
from verification.staffing.week import Staff, block

RIYADH = ZoneInfo("Asia/Riyadh")
ALL = tuple(range(7))
AGENTS_ONLY = {
    "ladder": [{"channel": "agent_call", "after_minutes": 0}],
    "control_percent": 0,
    "random_per_thousand": 0,
}


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def store_id(engine, now, learned_chooser):
    set_policy(engine, now, AGENTS_ONLY, country="SA")
    return a_store(engine, now)


def at_work(engine, now, agents, hours=(9, 23), calls=10, days=ALL):
    with unit_of_work(engine) as session:
        set_week(session, dict.fromkeys(block(days, *hours), Staff(agents, calls)), actor="test", now=now)


def orders(engine, store_id, now, count):
    return [
        an_order(engine, store_id, now, phone=f"05512{number:05}", placed_at=now.isoformat())
        for number in range(count)
    ]


def prices(session):
    session.rollback()
    return {row.begins_at: row for row in session.scalars(select(AgentPrice))}


def standing(session):
    """The hours in Riyadh at which calls stand."""
    session.rollback()
    rows = session.scalars(select(Step.not_before).where(Step.live, Step.channel == Channel.agent_call))
    return Counter(at.astimezone(RIYADH).strftime("%a %H") for at in rows)


def test_while_nobody_says_who_is_at_work_nothing_is_bounded(engine, session, clock, store_id):
    orders(engine, store_id, clock.at, 3)
    before = standing(session)
    assert reckon(engine, clock, RIYADH) == 0
    assert (prices(session), standing(session)) == ({}, before)


def test_the_coming_two_days_are_reckoned_and_forgotten_with_the_week(engine, session, clock, store_id):
    orders(engine, store_id, clock.at, 3)
    at_work(engine, clock.at, 50)
    assert reckon(engine, clock, RIYADH) == 0
    found = prices(session)
    first = clock.at.replace(minute=0, second=0, microsecond=0)
    assert sorted(found) == [first + timedelta(hours=number) for number in range(170)]
    assert [each.begins_at for each in hours_ahead(session, clock.at)] == sorted(found)[:48]
    for hour, row in found.items():
        is_staffed = 9 <= hour.astimezone(RIYADH).hour < 23
        assert (row.price, row.room) == ((1, 500) if is_staffed else (FORBIDDEN, 0))
    assert sum(row.planned for row in found.values()) >= 3
    assert agent_prices(session, clock.at) == {hour: row.price for hour, row in found.items()}
    clock.move(hours=1, minutes=30)
    reckon(engine, clock, RIYADH)
    found = prices(session)
    assert (min(found), len(found)) == (first + timedelta(hours=1), 170)
    assert len(hours_ahead(session, clock.at)) == 48
    assert len(hours_ahead(session, clock.at + timedelta(minutes=40))) == 47
    assert found[first + timedelta(hours=1)].room == 250, "of the hour that has begun, what is left"
    with unit_of_work(engine) as rows:
        set_week(rows, {}, actor="test", now=clock.at)
    reckon(engine, clock, RIYADH)
    assert prices(session) == {}


def test_calls_that_do_not_fit_move_to_where_there_is_room(engine, session, clock, store_id):
    ids = orders(engine, store_id, clock.at, 30)
    before = standing(session)
    [(crowded, count)] = before.most_common(1)
    assert count > 20, "alike orders want the same hour"
    at_work(engine, clock.at, 1, calls=6)
    moved = reckon(engine, clock, RIYADH)
    assert moved >= count - 6
    after = standing(session)
    assert after[crowded] <= 6
    assert sum(after.values()) >= 0.8 * len(ids), "most are still called, at another hour"
    row = next(
        row for hour, row in prices(session).items() if hour.astimezone(RIYADH).strftime("%a %H") == crowded
    )
    assert row.price > 1
    assert row.wanted > row.room >= row.planned - 1.5
    # Every order has its one live step or a decision.
    live = session.scalar(select(func.count()).select_from(Step).where(Step.live))
    undecided = session.scalar(select(func.count()).select_from(Order).where(Order.decision_id.is_(None)))
    assert live == undecided
    clock.move(minutes=10)
    calls = standing(session)
    reckon(engine, clock, RIYADH)
    assert (standing(session) & calls).total() >= 0.7 * calls.total(), "what fits stays"


def test_nobody_is_called_when_nobody_is_at_work(engine, session, clock, store_id):
    orders(engine, store_id, clock.at, 4)
    at_work(engine, clock.at, 3, hours=(18, 20))
    reckon(engine, clock, RIYADH)
    assert {hour[-2:] for hour in standing(session)} <= {"18", "19"}


def test_hours_after_the_two_days_are_those_of_the_week(engine, session, clock, store_id):
    """Where nobody is at work for four days, orders that have a week plan no call there."""
    due = (clock.at + timedelta(days=7)).isoformat()
    for number in range(4):
        an_order(engine, store_id, clock.at, phone=f"05512{number:05}", ship_by=due)
    days = sorted({(clock.at.astimezone(RIYADH) + timedelta(days=ahead)).weekday() for ahead in (5, 6)})
    at_work(engine, clock.at, 3, days=tuple(days))
    reckon(engine, clock, RIYADH)
    found = prices(session)
    for hour, row in found.items():
        local = hour.astimezone(RIYADH)
        assert (row.price < FORBIDDEN) == (local.weekday() in days and 9 <= local.hour < 23)
    calls = session.scalars(select(Step.not_before).where(Step.live, Step.channel == Channel.agent_call))
    assert {at.astimezone(RIYADH).weekday() for at in calls} <= set(days)


def test_what_comes_after_the_reckoning_counts_what_is_usual_at_that_time_of_day(now):
    hours = [now + timedelta(hours=number) for number in range(72)]
    prices = dict.fromkeys(hours[:48], 1.0) | {hours[5]: 3.0, hours[29]: 5.0, hours[6]: FORBIDDEN}
    later = later_prices(dict.fromkeys(hours, 2.0) | {hours[60]: 0.0}, prices)
    assert sorted(later) == hours[48:]
    assert (later[hours[53]], later[hours[54]], later[hours[60]]) == (4.0, 1.0, FORBIDDEN)


def test_promised_calls_stay_and_take_their_room_first(engine, session, clock, store_id):
    ids = orders(engine, store_id, clock.at, 12)
    at_work(engine, clock.at, 1, calls=4)
    promised = clock.at + timedelta(hours=5)
    with unit_of_work(engine) as rows:
        steps = rows.scalars(select(Step).where(Step.live).order_by(Step.id).limit(6)).all()
        for step in steps:
            step.not_before, step.priority, step.chosen = promised, 10, Choice.owed
        kept = {step.id for step in steps}
    reckon(engine, clock, RIYADH)
    found = prices(session)
    hour = promised.replace(minute=0)
    assert found[hour].wanted >= 6
    assert found[hour].planned == found[hour].room == 4
    assert found[hour].price == FORBIDDEN, "promises fill it"
    still = session.scalars(select(Step).where(Step.id.in_(kept), Step.live)).all()
    assert {step.not_before for step in still} == {promised}
    assert len(still) == 6
    assert len(ids) == 12


def test_of_many_cases_a_sample_is_reckoned_with(engine, session, clock, store_id, monkeypatch):
    orders(engine, store_id, clock.at, 20)
    at_work(engine, clock.at, 50)
    reckon(engine, clock, RIYADH)
    of_all = sum(row.wanted for row in prices(session).values())
    monkeypatch.setattr(reckoning, "_MOST_BUYERS", 10)
    reckon(engine, clock, RIYADH)
    assert sum(row.wanted for row in prices(session).values()) == pytest.approx(of_all, rel=0.3)
