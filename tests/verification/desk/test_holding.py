from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from models.steps import Step
from models.vocabulary import AgentState, Disposition, Outcome, StepState
from tests.building import Clock, an_order, attempts_of, live_step, steps_of
from tests.verification.desk.at_work import AtWork
from verification.contact.watching import close_calls, return_leases
from verification.desk import holding
from verification.desk.refusals import DeskRefusal, Why


def phone(number: int) -> str:
    return f"05512345{number:02}"


def fill(engine: Engine, store: UUID, now: datetime, many: int) -> list[UUID]:
    return [an_order(engine, store, now, phone=phone(number)) for number in range(10, 10 + many)]


def test_nothing_due_is_no_case_and_a_waiting_agent(sara: AtWork) -> None:
    assert sara.next() is None
    assert sara.state is AgentState.waiting


def test_asking_again_gives_the_case_in_hand(
    engine: Engine, store: UUID, sara: AtWork, now: datetime
) -> None:
    fill(engine, store, now, 3)
    first = sara.next()
    assert first is not None
    assert (sara.next(), sara.state) == (first, AgentState.preview)


def test_two_clicks_at_once_are_one_case(engine: Engine, store: UUID, sara: AtWork, now: datetime) -> None:
    fill(engine, store, now, 6)
    with ThreadPoolExecutor(4) as hands:
        given = list(hands.map(lambda _: sara.next(), range(8)))
    assert len(set(given)) == 1


def test_no_case_is_in_two_hands(engine: Engine, store: UUID, clock: Clock, now: datetime) -> None:
    fill(engine, store, now, 12)
    agents = [AtWork.called(engine, clock, f"Agent {number}") for number in range(4)]

    def work(agent: AtWork) -> list[UUID]:
        taken = []
        while (step_id := agent.next()) is not None:
            agent.call(step_id)
            agent.record(step_id, Disposition.confirm)
            taken.append(step_id)
        return taken

    with ThreadPoolExecutor(4) as hands:
        taken = [step_id for cases in hands.map(work, agents) for step_id in cases]
    assert len(taken) == len(set(taken)) == 12


def test_a_closed_browser_returns_a_case_only_looked_at(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, clock: Clock
) -> None:
    [order] = fill(engine, store, clock(), 1)
    case = sara.next()
    return_leases(engine, clock.move(seconds=140))
    assert omar.next() is None
    return_leases(engine, clock.move(seconds=20))
    assert omar.next() == case
    assert live_step(engine, order).lease_holder == omar.agent.holder
    # The laptop wakes up again.
    with pytest.raises(DeskRefusal) as refused:
        sara.call(case or order)
    assert refused.value.why is Why.stale


def test_a_page_that_is_there_keeps_the_case(engine: Engine, store: UUID, sara: AtWork, clock: Clock) -> None:
    fill(engine, store, clock(), 1)
    case = sara.next()
    for _ in range(9):
        clock.move(seconds=60)
        sara.pulse()
        return_leases(engine, clock())
    assert case is not None
    assert sara.step(case).state is StepState.claimed


def test_a_case_that_is_not_called_goes_back_however_open_the_page(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, clock: Clock
) -> None:
    fill(engine, store, clock(), 1)
    case = sara.next()
    for _ in range(11):
        clock.move(seconds=60)
        sara.pulse()
    assert sara.state is AgentState.on_break
    assert omar.next() == case


def test_a_called_case_asks_for_its_outcome_before_another_is_given(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    [order, *_] = fill(engine, store, clock(), 2)
    case = sara.next_called()
    return_leases(engine, clock.move(minutes=30))
    assert sara.next() == case
    assert sara.state is AgentState.call
    sara.record(case, Disposition.no_answer)
    assert attempts_of(engine, order)[0].outcome is Outcome.no_answer
    assert sara.next() != case


def test_a_called_case_whose_agent_never_returns_is_closed_after_an_hour(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    [order] = fill(engine, store, clock(), 1)
    sara.next_called()
    # Even with the page left open.
    for _ in range(65):
        clock.move(minutes=1)
        sara.pulse()
    assert close_calls(engine, clock()) == 1
    assert attempts_of(engine, order)[0].outcome is Outcome.no_answer
    assert len(steps_of(engine, order, live=True)) == 1


def test_a_called_case_cannot_be_given_back(engine: Engine, store: UUID, sara: AtWork, now: datetime) -> None:
    fill(engine, store, now, 1)
    case = sara.next_called()
    token = sara.token(case)
    with pytest.raises(DeskRefusal) as refused:
        sara.act(lambda session: holding.give_back(session, sara.agent, case, token, now=now))
    assert refused.value.why is Why.already_called


def test_a_case_given_back_is_the_next_agents(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, now: datetime
) -> None:
    fill(engine, store, now, 1)
    case = sara.next()
    assert case is not None
    token = sara.token(case)
    sara.act(lambda session: holding.give_back(session, sara.agent, case, token, now=now))
    assert sara.state is AgentState.waiting
    assert omar.next() == case


def test_a_supervisor_takes_a_call_over_and_the_agent_can_write_nothing_more(
    engine: Engine, store: UUID, sara: AtWork, salma: AtWork, now: datetime
) -> None:
    [order] = fill(engine, store, now, 1)
    case = sara.next_called()
    token = sara.token(case)
    salma.take_over(case)
    assert salma.state is AgentState.call
    with pytest.raises(DeskRefusal) as refused:
        sara.record(case, Disposition.confirm, token=token)
    assert refused.value.why is Why.stale
    assert salma.next() == case
    salma.record(case, Disposition.confirm)
    assert live_steps(engine, order) == []


def live_steps(engine: Engine, order: UUID) -> list[Step]:
    return steps_of(engine, order, live=True)


def test_what_is_no_longer_in_hand_cannot_be_taken_over(
    engine: Engine, store: UUID, sara: AtWork, salma: AtWork, now: datetime
) -> None:
    fill(engine, store, now, 1)
    case = sara.next_called()
    sara.record(case, Disposition.no_answer)
    with pytest.raises(DeskRefusal) as refused:
        salma.take_over(case)
    assert refused.value.why is Why.nothing_to_take


def test_a_case_handed_on_is_for_supervisors_alone(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, salma: AtWork, clock: Clock
) -> None:
    [order] = fill(engine, store, clock(), 1)
    case = sara.next_called()
    sara.record(case, Disposition.escalated)
    clock.move(minutes=25)
    assert omar.next() is None
    handed = salma.next()
    assert handed is not None
    assert live_step(engine, order).reason["code"] == "handed_to_supervisor"


def test_a_case_may_be_handed_on_without_a_call(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, salma: AtWork, now: datetime
) -> None:
    [order] = fill(engine, store, now, 1)
    case = sara.next()
    assert case is not None
    sara.record(case, Disposition.escalated)
    assert attempts_of(engine, order) == []
    assert omar.next() is None
    assert salma.next() == live_step(engine, order).id


def test_what_was_handed_on_comes_before_what_others_can_do(
    engine: Engine, store: UUID, sara: AtWork, salma: AtWork, clock: Clock
) -> None:
    an_order(engine, store, clock(), phone="12")  # an agent is to find its number, as soon as may be
    clock.move(minutes=1)
    order = an_order(engine, store, clock(), phone=phone(20))
    case = sara.take(order)
    sara.record(case, Disposition.escalated)
    assert salma.next() == live_step(engine, order).id


def test_a_case_given_back_comes_again_only_when_there_is_no_other(
    engine: Engine, store: UUID, sara: AtWork, now: datetime
) -> None:
    fill(engine, store, now, 2)
    first = sara.next()
    assert first is not None
    token = sara.token(first)
    sara.act(lambda session: holding.give_back(session, sara.agent, first, token, now=now))
    second = sara.next()
    assert second not in (None, first)
    sara.call(second or first)
    sara.record(second or first, Disposition.confirm)
    assert sara.next() == first


def test_going_home_gives_back_what_was_only_looked_at(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, now: datetime
) -> None:
    fill(engine, store, now, 1)
    case = sara.next()
    sara.act(lambda session: holding.leave(session, sara.agent, now=now))
    assert sara.state is None
    assert omar.next() == case


def test_on_a_break_the_pulse_keeps_the_break(sara: AtWork, clock: Clock) -> None:
    sara.pulse()
    sara.act(lambda session: holding.take_break(session, sara.agent, now=clock()))
    for _ in range(10):
        clock.move(minutes=2)
        sara.pulse()
    assert sara.state is AgentState.on_break
    sara.act(lambda session: holding.end_break(session, sara.agent, now=clock()))
    assert sara.state is AgentState.waiting


def test_outside_the_hours_a_case_is_put_off_and_none_is_given(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    [order] = fill(engine, store, clock(), 1)
    clock.move(hours=9.75)  # 21:45 in Riyadh
    assert sara.next() is None
    assert live_step(engine, order).not_before > clock() + timedelta(hours=6)
