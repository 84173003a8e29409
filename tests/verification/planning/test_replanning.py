"""The kill switch, and open cases that follow it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.calendars import AuditLine
from models.orders import Order
from models.slots import PlannerStop
from models.vocabulary import Arm
from tests.building import PHONE, Clock, a_store, an_order, order_row, set_policy, steps_of
from verification.planning.replanning import SETTLED, count_waiting, has_followed, plan_anew
from verification.trial.stopping import standing_stop
from verification.trial.switching import release_switch, throw_switch


@pytest.fixture
def orders(engine, now, learned_chooser):
    """Three open orders of three buyers, all chosen for by what was learned."""
    set_policy(engine, now, {"control_percent": 0}, country="SA")
    store_id = a_store(engine, now)
    return [an_order(engine, store_id, now, phone=f"{PHONE[:-1]}{last}") for last in (1, 2, 3)]


def turn(work, now, *, stop):
    with work() as session:
        if stop:
            return throw_switch(session, actor="agent:x", why="  looks\n wrong ", now=now)
        return release_switch(session, actor="agent:y", now=now)


def test_open_cases_follow_the_switch_there_and_back(engine, work, orders, now):
    clock = Clock(now)
    assert [order_row(engine, each).arm for each in orders] == [Arm.learned] * 3
    for stop in (True, False):
        assert turn(work, clock.move(minutes=5), stop=stop)
        with work() as session:
            assert count_waiting(session) == 3
            assert not has_followed(session)
        heard = []
        assert plan_anew(engine, clock, heard.append) == 3
        assert heard == [3]
        for each in orders:
            row = order_row(engine, each)
            assert (row.arm, row.plan["stopped"]) == (Arm.learned, stop)
            assert len(steps_of(engine, each, live=True)) == 1
        assert plan_anew(engine, clock) == 0


def test_orders_that_come_while_it_is_stopped_stay_on_the_schedule(engine, work, now):
    turn(work, now, stop=True)
    order_id = an_order(engine, a_store(engine, now), now)
    turn(work, now, stop=False)
    assert order_row(engine, order_id).arm is Arm.fixed
    with work() as session:
        assert count_waiting(session) == 0


def test_a_batch_that_fails_holds_up_no_other(engine, work, orders, now, monkeypatch):
    from verification.planning import replanning

    planned = []

    def plan(session, cases, *, now):
        planned.append(cases)
        if len(planned) == 1:
            raise RuntimeError

    monkeypatch.setattr(replanning, "_BATCH", 1)
    monkeypatch.setattr(replanning, "plan_cases", plan)
    turn(work, now, stop=True)
    assert plan_anew(engine, Clock(now)) == 2
    assert len(planned) == 3


def test_turning_it_is_on_record_and_done_once(work, now):
    assert turn(work, now, stop=True)
    assert not turn(work, now, stop=True)
    with work() as session:
        stop = standing_stop(session)
        assert (stop.began_by, stop.why, stop.began_at) == ("agent:x", "looks wrong", now)
    assert turn(work, now + timedelta(hours=1), stop=False)
    assert not turn(work, now, stop=False)
    with work() as session:
        [kept] = session.scalars(select(PlannerStop)).all()
        assert (kept.ended_by, kept.ended_at) == ("agent:y", now + timedelta(hours=1))
        lines = session.scalars(select(AuditLine).order_by(AuditLine.at)).all()
        assert [(line.code, line.actor, line.params) for line in lines] == [
            ("choosing_stopped", "agent:x", {"why": "looks wrong"}),
            ("choosing_resumed", "agent:y", {}),
        ]
        assert session.scalars(select(Order)).all() == []


def test_nothing_to_follow_where_it_was_never_turned(work):
    with work() as session:
        assert has_followed(session)
    assert timedelta(0) < SETTLED
