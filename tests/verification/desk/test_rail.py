from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, update

from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import DecisionReason, Disposition, Role
from tests.building import OTHER, a_store, an_order
from tests.verification.desk.staff import somebody, statements
from verification.accounts.sessions import SignedIn
from verification.contact.promoting import promote
from verification.desk import rail as rails
from verification.desk.calling import call
from verification.desk.holding import next_case
from verification.desk.outcomes import record
from verification.desk.rail import rail, today
from verification.desk.shown import Rail, Today
from verification.desk.undoing import undo
from verification.outcome.disposing import Disposed

THIRD = "0561112233"


def beside(engine: Engine, agent: SignedIn, now: datetime) -> Rail:
    with unit_of_work(engine) as session:
        promote(session, now=now)
    with unit_of_work(engine) as session:
        return rail(session, agent, now)


def called(engine: Engine, agent: SignedIn, now: datetime) -> UUID:
    with unit_of_work(engine) as session:
        promote(session, now=now)
    with unit_of_work(engine) as session:
        step_id = next_case(session, agent, now=now)
        assert step_id is not None
        call(session, agent, step_id, session.get_one(Step, step_id).lease_token, now=now)
    return step_id


def ended(
    engine: Engine, agent: SignedIn, step_id: UUID, now: datetime, *orders: UUID, **chosen: object
) -> None:
    with unit_of_work(engine) as session:
        token = session.get_one(Step, step_id).lease_token
        choice = Disposed(**chosen)  # type: ignore[arg-type]
        record(session, agent, step_id, token, dict.fromkeys(orders, choice), now=now)


def promised(engine: Engine, agent: SignedIn, now: datetime, at: datetime, *orders: UUID) -> None:
    step_id = called(engine, agent, now)
    ended(engine, agent, step_id, now, *orders, disposition=Disposition.call_back, call_back_at=at)


def test_nothing_waits_on_a_quiet_day(engine: Engine, agent: SignedIn, now: datetime) -> None:
    assert beside(engine, agent, now) == Rail((), (), 0)


def test_promised_calls_stand_there_two_hours_ahead_ones_own_first(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    other = somebody(engine, now, "Omar")
    first = an_order(engine, store, now)
    promised(engine, other, now, now + timedelta(hours=3), first)
    second = an_order(engine, store, now, phone=OTHER, number="#2", buyer={"name": "علي"})
    promised(engine, agent, now, now + timedelta(hours=3, minutes=30), second)
    assert beside(engine, agent, now + timedelta(minutes=50)).promises == ()
    soon = beside(engine, agent, now + timedelta(hours=2, minutes=30)).promises
    assert [(each.order_id, each.number, each.buyer_name, each.mine, each.is_due) for each in soon] == [
        (second, "#2", "علي", True, False),
        (first, "#1047", "نوره العتيبي", False, False),
    ]
    assert all(each.step_id is not None for each in soon)
    late = beside(engine, agent, now + timedelta(hours=4)).promises
    assert [each.is_due for each in late] == [True, True]
    assert [each.mine for each in beside(engine, other, now + timedelta(hours=4)).promises] == [True, False]


def test_a_promise_about_several_orders_is_one_call(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    orders = [an_order(engine, store, now) for _ in range(3)]
    promised(engine, agent, now, now + timedelta(hours=3), *orders)
    [due] = beside(engine, agent, now + timedelta(hours=3)).promises
    assert due.order_id == orders[0]


def test_a_call_without_an_outcome_is_asked_for_at_its_own_desk(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    an_order(engine, store, now, number="#later")
    step_id = called(engine, agent, now)
    [held] = beside(engine, agent, now).needs_outcome
    assert (held.step_id, held.number, held.buyer_name, held.called_at) == (
        step_id,
        "#1047",
        "نوره العتيبي",
        now,
    )
    assert beside(engine, somebody(engine, now, "Omar"), now).needs_outcome == ()


def test_a_case_that_is_only_looked_at_asks_for_nothing(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    an_order(engine, store, now)
    assert beside(engine, agent, now).waiting == 1
    with unit_of_work(engine) as session:
        next_case(session, agent, now=now)
    assert beside(engine, agent, now) == Rail((), (), 0)


def test_what_waits_is_what_this_agent_could_claim(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    for phone in ("0551234567", OTHER, THIRD):
        an_order(engine, store, now, phone=phone)
    other, boss = somebody(engine, now, "Omar"), somebody(engine, now, "Huda", Role.supervisor)
    beside(engine, agent, now)
    until = now + timedelta(minutes=30)
    _reserve(engine, {0: (other.holder, until), 1: ("role:supervisor", None)})
    assert [beside(engine, each, now).waiting for each in (agent, other, boss)] == [1, 2, 2]
    assert [beside(engine, each, until).waiting for each in (agent, other, boss)] == [2, 2, 3]


def test_a_buyer_who_is_being_called_does_not_wait(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    for each in (store, a_store(engine, now)):
        an_order(engine, each, now)
    assert beside(engine, agent, now).waiting == 2
    called(engine, agent, now)
    assert beside(engine, somebody(engine, now, "Omar"), now).waiting == 0


def _reserve(engine: Engine, kept: dict[int, tuple[str, datetime | None]]) -> None:
    with unit_of_work(engine) as session:
        steps = session.query(Step).order_by(Step.id).all()
        for place, (name, until) in kept.items():
            session.execute(
                update(Step).where(Step.id == steps[place].id).values(reserved_for=name, reserved_until=until)
            )


def test_a_long_queue_is_not_counted_to_its_end(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rails, "MOST_COUNTED", 2)
    for phone in ("0551234567", OTHER, THIRD):
        an_order(engine, store, now, phone=phone)
    assert beside(engine, agent, now).waiting == 2


def test_the_day_counts_orders_asked_about_yeses_and_promises(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    yes = [an_order(engine, store, now) for _ in range(2)]
    ended(engine, agent, called(engine, agent, now), now, *yes, disposition=Disposition.confirm)
    no = an_order(engine, store, now, phone=OTHER)
    step = called(engine, agent, now)
    ended(engine, agent, step, now, no, disposition=Disposition.reject, reason=DecisionReason.price)
    gone = an_order(engine, store, now, phone=THIRD)
    ended(engine, agent, called(engine, agent, now), now, gone, disposition=Disposition.no_answer)
    assert _today(engine, agent, now) == Today(4, 3, 2, 0, 0)
    assert _today(engine, somebody(engine, now, "Omar"), now) == Today(0, 0, 0, 0, 0)
    assert _today(engine, agent, now, since=now + timedelta(seconds=1)) == Today(0, 0, 0, 0, 0)


def test_an_outcome_taken_back_counts_for_nothing(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    step_id = called(engine, agent, now)
    ended(engine, agent, step_id, now, order, disposition=Disposition.confirm)
    at = now + timedelta(seconds=5)
    with unit_of_work(engine) as session:
        undo(session, agent, step_id, now=at)
    assert _today(engine, agent, at) == Today(0, 0, 0, 0, 0)
    assert [each.step_id for each in beside(engine, agent, at).needs_outcome] == [step_id]


def test_a_promise_counts_for_who_gave_it_whoever_calls(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime
) -> None:
    order = an_order(engine, store, now)
    at = now + timedelta(hours=3)
    promised(engine, agent, now, at, order)
    caller = somebody(engine, now, "Omar")
    later = at + timedelta(minutes=45)
    with unit_of_work(engine) as session:
        session.execute(update(Step).values(reserved_for=None))
    step_id = called(engine, caller, later)
    ended(engine, caller, step_id, later, order, disposition=Disposition.confirm)
    assert _today(engine, caller, later) == Today(1, 1, 1, 0, 0)
    mine = _today(engine, agent, later)
    assert (mine.attempted, mine.confirmed, mine.promises_kept + mine.promises_broken) == (1, 0, 1)


def _today(engine: Engine, agent: SignedIn, now: datetime, *, since: datetime | None = None) -> Today:
    with unit_of_work(engine) as session:
        return today(session, agent, since or now.replace(hour=0), max(now, since or now))


@pytest.mark.parametrize("ask", [rail, lambda session, agent, now: today(session, agent, now, now)])
def test_a_pulse_asks_little_and_changes_nothing(
    engine: Engine, store: UUID, agent: SignedIn, now: datetime, ask: Callable[..., object]
) -> None:
    an_order(engine, store, now)
    called(engine, agent, now)
    with statements(engine) as asked, unit_of_work(engine) as session:
        ask(session, agent, now)
    assert len(asked) <= 3
    assert all(each.lstrip().startswith("SELECT") for each in asked)
