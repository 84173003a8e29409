from datetime import timedelta

import pytest

from models.vocabulary import Channel, DecisionReason, OrderState, StepState, Verdict, Via
from tests import stored
from tests.verification.board.standing import a_step, a_user, an_attempt, an_order
from verification.board.causes import Cause
from verification.board.orders import ON_A_PAGE, CursorRefused, Today, Wanted, list_orders
from verification.decision.ruling import Ruling
from verification.decision.taking import decide


@pytest.fixture
def store(session, now):
    return stored.a_store(session, now)


def listed(session, now, since, **wanted):
    page = list_orders(session, Wanted(**wanted), since=since, now=now)
    assert page.count == len(page.orders)
    return {order.id for order in page.orders}


def test_a_row_says_where_the_order_is_and_what_comes_next(session, now, store):
    order = an_order(session, now, store, number="#1047")
    a_step(session, now, order, held_by=("outside_hours",))
    [row] = list_orders(session, Wanted(), since=now, now=now).orders
    assert (row.id, row.number, row.store, row.country, row.city) == (
        order.id,
        "#1047",
        "Noor",
        "SA",
        "الرياض",
    )
    assert (row.state, row.cause) == (OrderState.queued, Cause.outside_hours)
    assert row.next.channel is Channel.whatsapp
    assert row.next.not_before == now + timedelta(hours=1)
    assert row.next.reason.params == {"held_by": ["outside_hours"]}
    assert row.decided_at is None


def test_an_order_without_number_or_details_is_still_listed(session, now, store):
    order = an_order(session, now, store)
    session.delete(order.details)
    session.flush()
    [row] = list_orders(session, Wanted(), since=now, now=now).orders
    assert (row.number, row.city, row.cause, row.next) == (order.external_id, None, Cause.stranded, None)


def test_pages_follow_one_another_without_a_gap(session, now, store):
    ids = [an_order(session, now, store, decide_by=now + timedelta(hours=n // 3)).id for n in range(120)]
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = list_orders(session, Wanted(), since=now, now=now, cursor=cursor)
        assert page.count == 120
        assert len(page.orders) <= ON_A_PAGE
        seen += [order.id for order in page.orders]
        cursor, pages = page.following, pages + 1
    assert (pages, len(seen), set(seen)) == (3, 120, set(ids))


@pytest.mark.parametrize("cursor", ["x", "ÿ", "MjAyNi0xMS0yMlQwOTowMDowMCB4", "MjAyNi0xMS0yMiA="])
def test_a_cursor_of_nobody_is_refused(session, now, cursor):
    with pytest.raises(CursorRefused):
        list_orders(session, Wanted(), since=now, now=now, cursor=cursor)


def test_what_happened_today_leads_to_its_orders(session, now, store):
    since = now - timedelta(hours=9)
    old = an_order(session, now, store, created_at=since - timedelta(hours=1))
    new = an_order(session, now, store)
    for order, at in ((old, now), (new, since - timedelta(minutes=1))):
        an_attempt(session, at, a_step(session, now, order, state=StepState.done))
    decide(session, old, Ruling(Verdict.rejected, DecisionReason.price, Via.sms), now=now, actor="system")
    assert listed(session, now, since, today=Today.received) == {new.id}
    assert listed(session, now, since, today=Today.contacted) == {old.id}
    assert listed(session, now, since, today=Today.rejected) == {old.id}
    assert listed(session, now, since, today=Today.confirmed) == set()
    assert listed(session, now, since, state=OrderState.rejected) == {old.id}
    assert listed(session, now, since, state=OrderState.rejected, country="AE") == set()
    assert listed(session, now, since) == {new.id}


def test_an_agents_orders(session, now, store):
    agent = a_user(session, now)
    called, held, other, decided = (an_order(session, now, store) for _ in range(4))
    call = {"channel": Channel.agent_call}
    for order, holder in ((called, f"agent:{agent.id}"), (other, "agent:1")):
        an_attempt(session, now, a_step(session, now, order, state=StepState.done, **call), holder=holder)
    a_step(session, now, held, state=StepState.claimed, holder=f"agent:{agent.id}", **call)
    ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.agent_call)
    decide(session, decided, ruling, now=now, actor=f"agent:{agent.id}")
    assert listed(session, now, now, agent=agent.id) == {called.id, held.id}
    assert listed(session, now, now, agent=agent.id, today=Today.contacted) == {called.id}
    assert listed(session, now, now, agent=agent.id, today=Today.received) == {called.id}
    assert listed(session, now, now, agent=agent.id, today=Today.rejected) == {decided.id}
    assert listed(session, now, now, agent=agent.id, cause=Cause.with_agent) == {held.id}


def test_a_channels_orders(session, now, store):
    since = now - timedelta(hours=1)
    agent = a_user(session, now)
    called, written, decided = (an_order(session, now, store) for _ in range(3))
    for order, channel, at in (
        (called, Channel.agent_call, now),
        (called, Channel.agent_call, now),
        (written, Channel.sms, now),
        (decided, Channel.agent_call, since - timedelta(minutes=1)),
    ):
        an_attempt(session, at, a_step(session, now, order, state=StepState.done, channel=channel))
    ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.page)
    decide(session, decided, ruling, now=now, actor="system")
    assert listed(session, now, since, channel=Channel.agent_call) == {called.id}
    assert listed(session, now, since, channel=Channel.sms, today=Today.contacted) == {written.id}
    assert listed(session, now, since, channel=Channel.sms, today=Today.received) == {written.id}
    assert listed(session, now, since, channel=Channel.page, today=Today.rejected) == {decided.id}
    assert listed(session, now, since, channel=Channel.sms, today=Today.rejected) == set()
    assert listed(session, now, since, channel=Channel.sms, agent=agent.id) == set()
