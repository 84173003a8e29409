from datetime import timedelta

from models.promises import Promise
from models.users import UserSession
from models.vocabulary import AgentState, Channel, Outcome, PromiseResult, Role, StepState, Via
from tests import stored
from tests.verification.board.standing import a_step, a_user, an_attempt, an_interval, an_order
from verification.board.agents import agents_today
from verification.decision.ruling import confirmed
from verification.decision.taking import decide

CALL = {"channel": Channel.agent_call}


def minutes(agent):
    return {state: seconds // 60 for state, seconds in agent.seconds.items()}


def test_nobody_is_at_the_desk(session, now):
    a_user(session, now)
    assert agents_today(session, since=now, now=now) == ()


def test_time_in_each_state_counts_from_the_beginning_of_the_day(session, now):
    since = now - timedelta(hours=2)
    huda = a_user(session, now)
    turns = [
        (AgentState.waiting, -150, -90),  # half an hour of it was yesterday
        (AgentState.call, -90, -60),
        (AgentState.on_break, -60, -50),
        (AgentState.waiting, -50, None),
    ]
    for state, began, ended in turns:
        ends_at = None if ended is None else now + timedelta(minutes=ended)
        an_interval(session, huda.id, state, now + timedelta(minutes=began), ends_at)
    [agent] = agents_today(session, since=since, now=now)
    assert (agent.name, agent.state) == ("Huda", AgentState.waiting)
    assert agent.since == now - timedelta(minutes=50)
    assert minutes(agent) == {AgentState.waiting: 80, AgentState.call: 30, AgentState.on_break: 10}


def test_an_agent_whose_page_is_gone_is_away_since_then(session, now):
    huda, yesterday = a_user(session, now), a_user(session, now, "Yesterday")
    since = now - timedelta(hours=3)
    gone_at = now - timedelta(hours=1)
    began = now - timedelta(hours=2)
    an_interval(session, huda.id, AgentState.waiting, began, expires_at=gone_at)
    an_interval(session, yesterday.id, AgentState.waiting, since - timedelta(hours=2), expires_at=since)
    [agent] = agents_today(session, since=since, now=now)
    assert (agent.state, agent.since, minutes(agent)) == (None, gone_at, {AgentState.waiting: 60})


def test_an_agent_who_signed_in_is_shown_and_those_at_work_come_first(session, now):
    for name, role in (("Zain", Role.agent), ("Sara", Role.supervisor), ("Amal", Role.agent)):
        user = a_user(session, now, name, role)
        times = {"created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=12)}
        session.add(UserSession(token_hash=user.id.bytes, user_id=user.id, **times))
        if name == "Zain":
            an_interval(session, user.id, AgentState.call, now)
    session.flush()
    found = agents_today(session, since=now, now=now)
    assert [(agent.name, agent.state) for agent in found] == [("Zain", AgentState.call), ("Amal", None)]


def test_held_cases_tell_whether_the_buyer_was_called(session, now):
    store, huda = stored.a_store(session, now), a_user(session, now)
    holder = f"agent:{huda.id}"
    orders = [an_order(session, now, store, number=f"#{n}") for n in (1, 2, 3)]
    seen, called = (
        a_step(session, now, order, state=StepState.claimed, holder=holder, **CALL) for order in orders[:2]
    )
    an_attempt(session, now, called, holder=holder)
    a_step(session, now, orders[2], state=StepState.claimed, holder="agent:simulated-1", **CALL)
    [agent] = agents_today(session, since=now, now=now)
    assert {(case.step_id, case.number, case.called_at) for case in agent.cases} == {
        (seen.id, "#1", None),
        (called.id, "#2", now),
    }
    assert all(case.held_since == now and case.orders == 1 for case in agent.cases)


def test_what_came_of_the_day(session, now):
    since = now - timedelta(hours=1)
    store, huda = stored.a_store(session, now), a_user(session, now)
    holder = f"agent:{huda.id}"
    an_interval(session, huda.id, AgentState.waiting, since)
    calls = [
        (since - timedelta(minutes=1), Outcome.answered),  # yesterday
        (now, Outcome.answered),
        (now, Outcome.no_answer),
        (now, None),
    ]
    for at, outcome in calls:
        order = an_order(session, now, store)
        step = a_step(session, now, order, state=StepState.done, **CALL)
        an_attempt(session, at, step, outcome=outcome, holder=holder)
        if outcome is Outcome.answered:
            ruling = confirmed(Via.agent_call, soft=False)
            decide(session, order, ruling, now=at, actor=holder, proof={"kind": "call"})
    for result, made_by in (
        (PromiseResult.kept, holder),
        (PromiseResult.kept, holder),
        (PromiseResult.broken, holder),
        (PromiseResult.dropped, holder),
        (PromiseResult.broken, None),
    ):
        order = an_order(session, now, store)
        whom = {"order_id": order.id, "buyer_id": order.buyer_id, "made_by": made_by, "via": Via.agent_call}
        session.add(Promise(**whom, promised_at=now, made_at=since, result=result, ended_at=now))
    session.flush()
    [agent] = agents_today(session, since=since, now=now)
    assert (agent.attempted, agent.reached, agent.confirmed) == (3, 1, 1)
    assert (agent.kept, agent.broken) == (2, 1)
