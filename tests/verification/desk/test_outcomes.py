from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from models.buyers import OptOut
from models.diary import DiaryEntry
from models.dispositions import DispositionRow
from models.orders import OrderContactPoint
from models.promises import Promise
from models.vocabulary import (
    Channel,
    DecisionReason,
    DeliveryState,
    Disposition,
    Outcome,
    PromiseResult,
    StepState,
    Verdict,
)
from tests.building import (
    OTHER,
    Clock,
    a_store,
    an_order,
    attempts_of,
    decisions_of,
    events_of,
    live_step,
    order_row,
    set_policy,
    steps_of,
    verdict_of,
)
from tests.verification.desk.at_work import AtWork
from tests.verification.desk.staff import AGENTS
from verification.contact.watching import meet_deadlines
from verification.desk.refusals import DeskRefusal, PromiseRefused, Why
from verification.desk.undoing import last_undoable
from verification.promises import break_overdue


def promises(engine: Engine, at_work: AtWork) -> list[Promise]:
    return at_work.act(lambda session: list(session.scalars(select(Promise).order_by(Promise.id))))


def test_an_outcome_sent_twice_is_taken_once(
    engine: Engine, store: UUID, sara: AtWork, now: datetime
) -> None:
    order = an_order(engine, store, now)
    case = sara.next_called()
    token = sara.token(case)
    for _ in range(3):
        sara.record(case, Disposition.confirm, token=token)
    assert len(decisions_of(engine, order)) == len(events_of(engine, order)) == 1
    assert sara.act(lambda session: session.scalar(select(func.count()).select_from(DispositionRow))) == 1


def test_without_a_call_there_is_no_outcome(engine: Engine, store: UUID, sara: AtWork, now: datetime) -> None:
    order = an_order(engine, store, now)
    case = sara.next()
    assert case is not None
    with pytest.raises(DeskRefusal) as refused:
        sara.record(case, Disposition.confirm)
    assert refused.value.why is Why.not_called
    assert verdict_of(engine, order) is None


def test_an_order_without_a_number_can_be_closed_as_unreachable(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    order = an_order(engine, store, clock(), phone="12")
    case = sara.next()
    assert case is not None
    with pytest.raises(DeskRefusal) as refused:
        sara.call(case)
    assert refused.value.why is Why.no_number
    sara.record(case, Disposition.unreachable)
    assert attempts_of(engine, order)[0].outcome is Outcome.unreachable


@pytest.mark.parametrize(
    ("disposition", "chosen"),
    [
        (Disposition.confirm, {"soft": True}),
        (Disposition.reject, {"reason": DecisionReason.price}),
        (Disposition.no_answer, {}),
        (Disposition.busy, {}),
        (Disposition.voicemail, {}),
        (Disposition.unreachable, {}),
        (Disposition.wrong_number, {}),
        (Disposition.call_back, {}),
        (Disposition.call_back, {"call_back_at": datetime.fromisoformat("2026-11-22T15:00:00Z")}),
        (Disposition.change, {}),
        (Disposition.stop, {}),
        (Disposition.escalated, {}),
    ],
)
def test_undo_leaves_no_trace_but_in_the_record(
    engine: Engine,
    store: UUID,
    sara: AtWork,
    clock: Clock,
    disposition: Disposition,
    chosen: dict[str, object],
) -> None:
    order = an_order(engine, store, clock(), buyer={"alternate_phone": OTHER})
    case = sara.next_called()
    clock.move(minutes=2)
    sara.record(case, disposition, **chosen)
    clock.move(seconds=9)
    offered = sara.act(lambda session: last_undoable(session, sara.agent, now=clock()))
    assert offered is not None
    assert (offered.step_id, offered.chosen) == (case, (disposition,))
    sara.undo(case)
    sara.undo(case)  # a double click
    [step] = steps_of(engine, order, live=True)
    row, attempt = order_row(engine, order), attempts_of(engine, order)[0]
    assert (step.id, step.state, step.lease_holder) == (case, StepState.claimed, sara.agent.holder)
    assert (row.decision_id, row.wish, row.last_outcome, attempt.outcome) == (None, None, None, None)
    assert {event.state for event in events_of(engine, order)} <= {DeliveryState.discarded}
    assert promises(engine, sara) == []
    assert not sara.act(lambda session: session.scalar(select(func.count()).select_from(OptOut)))
    refused = select(OrderContactPoint).where(OrderContactPoint.refused_at.is_not(None))
    assert sara.act(lambda session: session.scalars(refused).first()) is None
    # And the case can be ended otherwise.
    clock.move(seconds=20)
    sara.record(case, Disposition.confirm)
    assert verdict_of(engine, order) is Verdict.confirmed
    assert [event.state for event in events_of(engine, order)][-1] is DeliveryState.pending


def test_what_has_no_outcome_cannot_be_undone(
    engine: Engine, store: UUID, sara: AtWork, now: datetime
) -> None:
    an_order(engine, store, now)
    case = sara.next_called()
    with pytest.raises(DeskRefusal) as refused:
        sara.undo(case)
    assert refused.value.why is Why.undo_too_late


def test_undo_gives_back_the_case_that_came_next(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    for number in (21, 22):
        an_order(engine, store, clock(), phone=f"05512345{number}")
    case = sara.next_called()
    sara.record(case, Disposition.confirm)
    following = sara.next()
    assert following not in (None, case)
    sara.undo(case)
    assert following is not None
    assert sara.step(following).state is StepState.ready
    assert sara.next() == case


def test_after_ten_seconds_it_stands(engine: Engine, store: UUID, sara: AtWork, clock: Clock) -> None:
    order = an_order(engine, store, clock())
    case = sara.next_called()
    sara.record(case, Disposition.reject, reason=DecisionReason.price)
    clock.move(seconds=10)
    assert sara.act(lambda session: last_undoable(session, sara.agent, now=clock())) is None
    with pytest.raises(DeskRefusal) as refused:
        sara.undo(case)
    assert refused.value.why is Why.undo_too_late
    assert verdict_of(engine, order) is Verdict.rejected


def test_nobody_undoes_what_another_chose(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, now: datetime
) -> None:
    an_order(engine, store, now)
    case = sara.next_called()
    sara.record(case, Disposition.confirm)
    with pytest.raises(DeskRefusal):
        omar.undo(case)


def test_giving_up_after_the_last_call_can_be_undone_too(
    engine: Engine, now: datetime, sara: AtWork, clock: Clock
) -> None:
    set_policy(engine, now, {"ladder": AGENTS["ladder"][:1]}, country="SA")
    order = an_order(engine, a_store(engine, now), now)
    case = sara.next_called()
    sara.record(case, Disposition.no_answer)
    assert verdict_of(engine, order) is Verdict.unreachable
    [event] = events_of(engine, order)
    assert event.not_before == clock() + timedelta(seconds=10)
    sara.undo(case)
    assert verdict_of(engine, order) is None


def test_a_promise_waits_for_who_gave_it_and_then_for_anyone(
    engine: Engine, store: UUID, sara: AtWork, omar: AtWork, clock: Clock
) -> None:
    order = an_order(engine, store, clock())
    case = sara.next_called()
    at = clock() + timedelta(hours=3)
    sara.record(case, Disposition.call_back, call_back_at=at)
    clock.at = at
    assert omar.next() is None
    clock.move(minutes=9)
    assert omar.next() is None
    clock.move(minutes=1)
    assert omar.next() == live_step(engine, order).id


def test_a_promised_call_in_time_is_kept(engine: Engine, store: UUID, sara: AtWork, clock: Clock) -> None:
    order = an_order(engine, store, clock())
    at = clock() + timedelta(hours=3)
    sara.record(sara.next_called(), Disposition.call_back, call_back_at=at)
    clock.at = at + timedelta(minutes=4)
    case = sara.next_called()
    [made] = promises(engine, sara)
    assert (made.result, made.order_id, made.made_by) == (PromiseResult.kept, order, sara.agent.holder)
    assert break_overdue(engine, clock.move(hours=1)) == 0
    assert sara.step(case).channel is Channel.agent_call


def test_a_promised_call_that_nobody_makes_is_broken_and_still_owed(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    order = an_order(engine, store, clock())
    at = clock() + timedelta(hours=3)
    sara.record(sara.next_called(), Disposition.call_back, call_back_at=at)
    assert break_overdue(engine, at + timedelta(minutes=15)) == 0
    assert break_overdue(engine, at + timedelta(minutes=16)) == 1
    assert [made.result for made in promises(engine, sara)] == [PromiseResult.broken]
    clock.at = at + timedelta(minutes=20)
    assert sara.next() == live_step(engine, order).id


def test_a_decision_drops_the_promise(engine: Engine, store: UUID, sara: AtWork, clock: Clock) -> None:
    order = an_order(engine, store, clock())
    at = clock() + timedelta(hours=3)
    sara.record(sara.next_called(), Disposition.call_back, call_back_at=at)
    deadline = order_row(engine, order).decide_by
    meet_deadlines(engine, deadline)
    assert [made.result for made in promises(engine, sara)] == [PromiseResult.dropped]


@pytest.mark.parametrize(
    ("ahead", "rule"),
    [
        (timedelta(minutes=-1), "past"),
        (timedelta(hours=12), "outside_hours"),
        (timedelta(days=5), "after_deadline"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_times_that_can(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock, ahead: timedelta, rule: str
) -> None:
    order = an_order(engine, store, clock())
    case = sara.next_called()
    clock.move(minutes=1)
    with pytest.raises(PromiseRefused) as refused:
        sara.record(case, Disposition.call_back, call_back_at=clock() + ahead)
    assert rule in refused.value.rules
    assert refused.value.nearest
    for at in refused.value.nearest:
        assert clock() < at < order_row(engine, order).decide_by
    assert attempts_of(engine, order)[0].outcome is None
    sara.record(case, Disposition.call_back, call_back_at=refused.value.nearest[0])
    assert live_step(engine, order).not_before == refused.value.nearest[0]


def test_a_number_put_right_is_called_next_by_the_same_agent(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    order = an_order(engine, store, clock())
    case = sara.next_called()
    clock.move(minutes=25)
    again = sara.fix_phone(case, order, OTHER)
    assert again != case
    assert sara.next() == again
    sara.call(again)
    sara.record(again, Disposition.confirm)
    assert verdict_of(engine, order) is Verdict.confirmed
    written = select(DiaryEntry.code).where(DiaryEntry.order_id == order)
    codes = sara.act(lambda session: set(session.scalars(written)))
    assert {"phone_corrected", "number_revealed", "order_changed"} <= codes


def test_a_number_that_is_none_changes_nothing(
    engine: Engine, store: UUID, sara: AtWork, now: datetime
) -> None:
    order = an_order(engine, store, now)
    case = sara.next_called()
    with pytest.raises(DeskRefusal) as refused:
        sara.fix_phone(case, order, "call me maybe")
    assert refused.value.why is Why.phone_unreadable
    assert order_row(engine, order).version == 1
    assert sara.next() == case


def test_a_missing_number_is_put_right_without_a_call(
    engine: Engine, store: UUID, sara: AtWork, clock: Clock
) -> None:
    order = an_order(engine, store, clock(), phone="12")
    case = sara.next()
    assert case is not None
    again = sara.fix_phone(case, order, OTHER)
    sara.call(again)
    assert attempts_of(engine, order)[0].step_id == again


def test_an_order_found_is_taken_in_hand_whatever_was_planned(
    engine: Engine, sara: AtWork, omar: AtWork, clock: Clock
) -> None:
    order = an_order(engine, a_store(engine, clock()), clock())
    assert live_step(engine, order).channel is Channel.whatsapp
    case = sara.take(order)
    assert sara.take(order) == case
    with pytest.raises(DeskRefusal) as refused:
        omar.take(order)
    assert refused.value.why is Why.held_by_other
    sara.call(case)
    sara.record(case, Disposition.confirm)
    assert verdict_of(engine, order) is Verdict.confirmed


def test_a_decided_order_is_taken_for_review(engine: Engine, store: UUID, sara: AtWork, clock: Clock) -> None:
    order = an_order(engine, store, clock())
    sara.record(sara.next_called(), Disposition.confirm)
    clock.move(minutes=30)
    case = sara.take(order)
    sara.call(case)
    sara.record(case, Disposition.reject, reason=DecisionReason.changed_mind)
    assert verdict_of(engine, order) is Verdict.rejected
    sara.undo(case)
    assert verdict_of(engine, order) is Verdict.confirmed


def test_outside_the_hours_nothing_is_taken(engine: Engine, store: UUID, sara: AtWork, clock: Clock) -> None:
    order = an_order(engine, store, clock())
    clock.move(hours=10)
    with pytest.raises(DeskRefusal) as refused:
        sara.take(order)
    assert (refused.value.why, refused.value.rules) == (Why.not_permitted_now, ("outside_hours",))
    assert refused.value.at is not None
