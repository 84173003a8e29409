from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.decisions import Decision
from models.orders import Order
from models.senders import ProviderState, Sender
from models.vocabulary import Channel, DecisionReason, Outcome, SenderKind, StepState, Verdict, Via
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from verification.board.causes import Cause, TimeLeft
from verification.board.orders import Wanted, list_orders
from verification.board.queue import read_queue
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.planning.plan import PROMISED

MINUTE = timedelta(minutes=1)
SCHEDULED, READY, CLAIMED = StepState.scheduled, StepState.ready, StepState.claimed


def causes(session, now):
    return dict(read_queue(session, now=now).by_cause)


@pytest.mark.parametrize(
    ("step", "cause"),
    [
        ({"state": READY, "channel": Channel.agent_call}, Cause.waiting_for_agent),
        ({"state": CLAIMED, "channel": Channel.agent_call}, Cause.with_agent),
        ({"state": READY}, Cause.being_contacted),
        ({"state": CLAIMED, "channel": Channel.ivr}, Cause.being_contacted),
        ({"channel": Channel.page}, Cause.waiting_for_answer),
        ({"held_by": ("outside_hours",)}, Cause.outside_hours),
        ({"held_by": ("friday_prayer",)}, Cause.outside_hours),
        ({"held_by": ("storm",)}, Cause.outside_hours),
        ({"held_by": ("min_gap",)}, Cause.capped),
        ({"held_by": ("day_cap", "outside_hours")}, Cause.capped),
        ({"held_by": ("day_call_cap",), "channel": Channel.agent_call}, Cause.capped),
        ({"held_by": ("week_call_cap",)}, Cause.capped),
        ({"held_by": ("other_hours",)}, Cause.next_try_later),
        ({}, Cause.next_try_later),
        ({"channel": Channel.agent_call, "priority": PROMISED}, Cause.promised_time),
        ({"channel": Channel.agent_call, "without_number": True}, Cause.no_number),
        ({"state": READY, "channel": Channel.agent_call, "without_number": True}, Cause.no_number),
        (
            {"state": READY, "channel": Channel.agent_call, "reserved_for": "role:supervisor"},
            Cause.for_supervisor,
        ),
        (
            {"state": READY, "channel": Channel.agent_call, "reserved_for": "agent:1"},
            Cause.waiting_for_agent,
        ),
    ],
)
def test_an_order_waits_for_what_its_step_waits_for(session, now, step, cause):
    a_step(session, now, an_order(session, now, stored.a_store(session, now)), **step)
    assert causes(session, now) == {cause: 1}


def test_a_step_that_has_come_due_is_no_longer_held_back(session, now):
    order = an_order(session, now, stored.a_store(session, now))
    a_step(session, now, order, held_by=("outside_hours",), not_before=now)
    assert causes(session, now) == {Cause.being_contacted: 1}


def test_a_reservation_that_is_over_holds_nobody_back(session, now):
    order = an_order(session, now, stored.a_store(session, now))
    reserved = {"reserved_for": "role:supervisor", "reserved_until": now}
    a_step(session, now, order, state=READY, channel=Channel.agent_call, **reserved)
    assert causes(session, now) == {Cause.waiting_for_agent: 1}


def test_an_order_without_a_step_is_stranded_and_a_late_one_overdue(session, now):
    store = stored.a_store(session, now)
    an_order(session, now, store)
    a_step(session, now, an_order(session, now, store, decide_by=now))
    assert causes(session, now) == {Cause.stranded: 1, Cause.overdue: 1}


def test_a_late_order_that_an_agent_holds_is_with_the_agent(session, now):
    order = an_order(session, now, stored.a_store(session, now), decide_by=now)
    a_step(session, now, order, state=CLAIMED, channel=Channel.agent_call)
    assert causes(session, now) == {Cause.with_agent: 1}


@pytest.mark.parametrize(
    ("outcome", "answer_minutes", "asked_minutes_ago", "cause"),
    [
        (None, 60, 30, Cause.waiting_for_answer),
        (None, 0, 30, Cause.next_try_later),
        (Outcome.read_silent, 60, 30, Cause.next_try_later),
        (None, 60, 5, Cause.next_try_later),  # asked about what the order was before a correction
    ],
)
def test_a_pause_after_an_open_message_waits_for_its_answer(
    session, now, outcome, answer_minutes, asked_minutes_ago, cause
):
    asked_since = now - timedelta(minutes=asked_minutes_ago)
    order = an_order(session, now, stored.a_store(session, now), asked_since=asked_since)
    made = a_step(session, now, order, state=StepState.done)
    until = now + timedelta(minutes=answer_minutes)
    an_attempt(session, now - timedelta(minutes=10), made, outcome=outcome, answer_until=until)
    a_step(session, now, order)
    assert causes(session, now) == {cause: 1}


def test_decided_orders_wait_for_nothing(session, now):
    order = an_order(session, now, stored.a_store(session, now))
    a_step(session, now, order, state=READY, channel=Channel.agent_call)
    ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.agent_call)
    decide(session, order, ruling, now=now, actor="system")
    assert session.scalar(select(func.count()).select_from(Decision)) == 1
    assert read_queue(session, now=now).total == 0


VOICE = {"state": READY, "channel": Channel.ivr}


@pytest.mark.parametrize(
    ("senders", "step", "cause"),
    [
        ([], VOICE, Cause.no_sender),
        ([], {"state": READY, "channel": Channel.agent_call}, Cause.waiting_for_agent),
        ([], {"held_by": ("outside_hours",)}, Cause.outside_hours),
        ([{}], VOICE, Cause.being_contacted),
        ([{"kind": SenderKind.sms}], VOICE, Cause.no_sender),
        ([{"country": "AE"}], VOICE, Cause.no_sender),
        ([{"weight": 0}], VOICE, Cause.no_sender),
        ([{"next_slot_at": MINUTE}], VOICE, Cause.sender_busy),
        ([{"resting_until": MINUTE}], VOICE, Cause.sender_busy),
        ([{"resting_until": -MINUTE, "next_slot_at": -MINUTE}], VOICE, Cause.being_contacted),
        ([{"next_slot_at": MINUTE, "per_second": 100}], VOICE, Cause.sender_busy),
        ([{"next_slot_at": MINUTE / 80, "per_second": 100}], VOICE, Cause.being_contacted),
        ([{"next_slot_at": MINUTE}, {"address": "+966500000001"}], VOICE, Cause.being_contacted),
    ],
)
def test_a_contact_that_is_due_waits_for_its_sender(session, now, senders, step, cause):
    for sender in senders:
        a_sender(session, now, **sender)
    a_step(session, now, an_order(session, now, stored.a_store(session, now)), **step)
    assert dict(read_queue(session, now=now, provider="twilio").by_cause) == {cause: 1}
    assert Cause.no_sender not in causes(session, now)


def test_while_the_provider_is_out_due_contacts_wait_for_it(session, now):
    session.add(ProviderState(provider="twilio", failures=5, out_since=now, changed_at=now))
    store = stored.a_store(session, now)
    for step in (VOICE, {"state": CLAIMED}, {}, {"state": READY, "channel": Channel.agent_call}):
        a_step(session, now, an_order(session, now, store), **step)
    assert dict(read_queue(session, now=now, provider="twilio").by_cause) == {
        Cause.provider_out: 1,
        Cause.being_contacted: 1,
        Cause.next_try_later: 1,
        Cause.waiting_for_agent: 1,
    }
    listed = list_orders(session, Wanted(cause=Cause.provider_out), since=now, now=now, provider="twilio")
    assert [order.cause for order in listed.orders] == [Cause.provider_out]


def a_sender(session, now, **columns):
    instants = {"next_slot_at", "resting_until"}
    given = {name: now + value if name in instants else value for name, value in columns.items()}
    base = {"kind": SenderKind.voice, "address": "+966500000000", "created_by": "t", "created_at": now}
    session.add(Sender(**(base | given)))
    session.flush()


SOME = st.fixed_dictionaries(
    {
        "state": st.sampled_from([None, StepState.done, SCHEDULED, READY, CLAIMED]),
        "channel": st.sampled_from(list(Channel)),
        "priority": st.sampled_from([10, 20, 50, 100, 200]),
        "held_by": st.sets(
            st.sampled_from(["outside_hours", "day_cap", "min_gap", "other_hours", "new_rule"])
        ),
        "reserved_for": st.sampled_from([None, "role:supervisor", "agent:1"]),
        "without_number": st.booleans(),
        "due_in": st.integers(-2, 2),
        "decide_in": st.sampled_from([-1, 0, 1, 3, 4, 11, 20, 24, 30]),
        "country": st.sampled_from(["SA", "AE", "IQ"]),
        "open_message": st.booleans(),
    }
)


SENDERS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(list(SenderKind)),
            "country": st.sampled_from([None, "SA", "AE"]),
            "next_slot_at": st.sampled_from([MINUTE, -MINUTE]),
        }
    ),
    max_size=3,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(SOME, min_size=1, max_size=12), SENDERS, st.sampled_from([None, "twilio", "out"]))
def test_every_open_order_is_counted_once_and_every_number_is_the_length_of_its_list(
    session, now, cases, senders, provider
):
    with session.begin_nested() as savepoint:
        for number, sender in enumerate(senders):
            a_sender(session, now, address=f"+96650000000{number}", **sender)
        session.add(ProviderState(provider="out", failures=5, out_since=now, changed_at=now))
        store = stored.a_store(session, now)
        for case in cases:
            place(session, now, store, dict(case))
        queue = read_queue(session, now=now, provider=provider)
        assert queue.total == len(cases) == sum(queue.by_cause.values()) == sum(queue.by_time_left.values())
        listed = []
        for cause, count in queue.by_cause.items():
            page = list_orders(session, Wanted(cause=cause), since=now, now=now, provider=provider)
            assert page.count == len(page.orders) == count
            assert {order.cause for order in page.orders} == {cause}
            listed += [order.id for order in page.orders]
        assert sorted(listed) == sorted(session.scalars(select(Order.id)))
        for country in queue.countries:
            for left, count in queue.in_country(country).by_time_left.items():
                wanted = Wanted(country=country, time_left=TimeLeft(left))
                assert list_orders(session, wanted, since=now, now=now).count == count
        savepoint.rollback()


def place(session, now, store, case):
    decide_by = now + timedelta(hours=case.pop("decide_in"))
    order = an_order(session, now, store, country=case.pop("country"), decide_by=decide_by)
    if case.pop("open_message"):
        an_attempt(session, now, a_step(session, now, order, state=StepState.done))
    not_before = now + timedelta(hours=case.pop("due_in"))
    if case["state"] is not None:
        case["held_by"] = tuple(sorted(case["held_by"]))
        a_step(session, now, order, not_before=not_before, **case)
