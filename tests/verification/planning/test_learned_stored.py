"""Planning by what was learned, with what is stored of it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from channels.sandbox import scripted
from models.orders import Order
from models.steps import Step
from models.vocabulary import Arm, Channel, Choice, Regime, StepState, Verdict
from tests.building import (
    E164,
    OTHER,
    Town,
    a_store,
    an_order,
    attempts_of,
    live_step,
    order_row,
    set_policy,
    steps_of,
    verdict_of,
)
from tests.conftest import Work
from tests.verification.planning import literal
from verification.contact.promoting import promote
from verification.habits.folding import add
from verification.planning.open_cases import open_cases
from verification.planning.scheduling import plan_case
from verification.policy.values import default_policy
from verification.slots.cells import contact_cell
from verification.trial.arms import arm_of
from verification.trial.stopping import release, stop

pytestmark = pytest.mark.usefixtures("learned_chooser")

RIYADH = ZoneInfo("Asia/Riyadh")
CERTAIN = {"control_percent": 0, "random_per_thousand": 0}
CALLS_ALONE = CERTAIN | {"whatsapp_per_order": 0, "sms_per_order": 0}


@pytest.fixture
def store_id(engine: Engine, now: datetime) -> UUID:
    set_policy(engine, now, CERTAIN, country="SA")
    return a_store(engine, now)


def plan_again(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        plan_case(session, order.buyer_id, order.store_id, now=now)


def learn(work: Work, buyer_id: UUID, hour: int, now: datetime, times: int = 10) -> None:
    """Count so many calls at each hour, answered at this one alone."""
    cells: Counter[int] = Counter()
    for other in range(9, 22):
        at = datetime(2026, 11, 16, other, tzinfo=RIYADH)
        cells[contact_cell(Channel.agent_call, at, "SA", Regime.normal, reached=other == hour)] += times
    with work() as session:
        add(session, {buyer_id: cells}, now)


def told(step: Step) -> tuple[Choice | None, bool, int | None]:
    return step.chosen, step.chance is not None, step.model_version


def test_orders_are_dealt_to_arms_and_every_contact_says_how_it_was_chosen(
    engine: Engine, now: datetime
) -> None:
    set_policy(engine, now, {"control_percent": 50, "random_per_thousand": 100}, country="SA")
    store_id = a_store(engine, now)
    policy = default_policy("SA").model_copy(update={"control_percent": 50})
    arms = set()
    for number in range(12):
        order_id = an_order(engine, store_id, now, phone=f"05512300{number:02}")
        order, step = order_row(engine, order_id), live_step(engine, order_id)
        assert order.arm is arm_of(order_id, policy, stopped=False)
        assert order.plan
        arms.add(order.arm)
        assert (order.plan["arm"], order.plan["stopped"]) == (order.arm.value, False)
        if order.arm is Arm.control:
            assert told(step) == (Choice.schedule, False, None)
            assert (step.propensity, order.plan["chooser"]) == (1, "fixed")
            continue
        assert step.chosen in (Choice.best, Choice.random)
        assert 0 < step.propensity < 1
        assert step.chance
        assert (step.model_version, order.plan["model"], order.plan["chooser"]) == (0, 0, "learned")
        assert 0 < order.plan["chance"] <= 1
        assert order.plan["stop"] in {"deadline", "caps_spent", "not_worth", "no_time"}
        assert set(order.plan["worth"]) == {"refusal", "loss", "cost", "rank"}
        assert all(rung["chance"] and rung["point"] == 0 for rung in order.ladder)
    assert arms == {Arm.control, Arm.learned}


def test_a_case_follows_its_oldest_order_and_is_one_contact(
    engine: Engine, work: Work, now: datetime, store_id: UUID
) -> None:
    first = an_order(engine, store_id, now)
    set_policy(engine, now, {"chooser": "learned"}, country="SA")
    with work() as session:
        session.get_one(Order, first).arm = Arm.control
    second = an_order(engine, store_id, now + timedelta(minutes=5))
    assert live_step(engine, first).id == live_step(engine, second).id
    assert live_step(engine, first).chosen is Choice.schedule
    assert order_row(engine, second).arm is Arm.learned


def test_while_the_planner_is_stopped_everybody_is_on_the_schedule(
    engine: Engine, work: Work, now: datetime, store_id: UUID
) -> None:
    learned = an_order(engine, store_id, now)
    learn(work, order_row(engine, learned).buyer_id, 18, now)
    with work() as session:
        stop(session, by="test", why=None, now=now)
    plan_again(work, order_row(engine, learned), now)
    order = order_row(engine, learned)
    assert order.plan
    assert (order.plan["chooser"], order.plan["stopped"]) == ("fixed", True)
    assert order.arm is Arm.learned
    new = an_order(engine, store_id, now, phone=OTHER)
    assert (order_row(engine, new).arm, live_step(engine, new).chosen) == (Arm.fixed, Choice.schedule)
    with work() as session:
        release(session, by="test", now=now)
    for order_id, arm, chooser in ((learned, Arm.learned, "learned"), (new, Arm.fixed, "fixed")):
        plan_again(work, order_row(engine, order_id), now + timedelta(minutes=1))
        again = order_row(engine, order_id)
        assert again.plan
        assert (again.arm, again.plan["chooser"]) == (arm, chooser)


def test_a_policy_that_wants_the_schedule_has_it(engine: Engine, work: Work, now: datetime) -> None:
    store_id = a_store(engine, now)
    before = an_order(engine, store_id, now)
    set_policy(engine, now, {"chooser": "fixed"}, country="SA")
    plan_again(work, order_row(engine, before), now)
    after = an_order(engine, store_id, now, phone=OTHER)
    assert order_row(engine, after).arm is Arm.fixed
    for order_id in (before, after):
        order = order_row(engine, order_id)
        assert order.plan
        assert order.plan["chooser"] == "fixed"


@pytest.mark.parametrize("minutes", [0, 61, 170, 305, 430])
def test_a_new_order_is_contacted_within_a_quarter_of_an_hour(
    engine: Engine, now: datetime, store_id: UUID, minutes: int
) -> None:
    at = now + timedelta(minutes=minutes)
    step = live_step(engine, an_order(engine, store_id, at))
    assert step.not_before <= at + timedelta(minutes=15) or step.reason["params"]["held_by"]
    assert 50 <= step.priority < 60


def test_a_promised_call_comes_before_what_was_learned(
    engine: Engine, work: Work, now: datetime, store_id: UUID
) -> None:
    order_id = an_order(engine, store_id, now)
    at = now + timedelta(hours=3)
    with work() as session:
        order = session.get_one(Order, order_id)
        order.wish = {"reason": {"code": "asked_to_call_later", "params": {}}, "at": at.isoformat()}
        session.flush()
        plan_case(session, order.buyer_id, order.store_id, now=now)
    step, order = live_step(engine, order_id), order_row(engine, order_id)
    assert (step.not_before, step.chosen, step.propensity) == (at, Choice.owed, 1)
    assert order.plan
    assert order.plan["waits"]["code"] == "promised"


def test_what_was_planned_stays_while_nothing_happens(engine: Engine, work: Work, now: datetime) -> None:
    set_policy(engine, now, CALLS_ALONE, country="SA")
    order_id = an_order(engine, a_store(engine, now), now)
    order = order_row(engine, order_id)
    learn(work, order.buyer_id, 18, now)
    plan_again(work, order, now)
    planned = live_step(engine, order_id)
    assert planned.not_before.astimezone(RIYADH).hour == 18
    assert planned.reason["code"] == "answers_better_later"
    written = order_row(engine, order_id).plan
    assert written
    assert written["signs"] == {"answers_at": [{"hour": 18, "times": 10}]}
    assert written["waits"]["params"]["percent"] > written["waits"]["params"]["percent_now"]
    for minutes in (1, 7, 61, 150, 290):
        plan_again(work, order, now + timedelta(minutes=minutes))
        again = live_step(engine, order_id)
        assert (again.id, again.not_before) == (planned.id, planned.not_before)
    with work() as session:
        promote(session, now=planned.not_before)
    plan_again(work, order, planned.not_before + timedelta(minutes=25))
    assert live_step(engine, order_id).id == planned.id
    assert len(steps_of(engine, order_id)) == 2


def test_what_is_learned_of_a_better_hour_moves_the_contact(
    engine: Engine, work: Work, now: datetime
) -> None:
    set_policy(engine, now, CALLS_ALONE, country="SA")
    order_id = an_order(engine, a_store(engine, now), now)
    planned, order = live_step(engine, order_id), order_row(engine, order_id)
    learn(work, order.buyer_id, 18, now)
    plan_again(work, order, now + timedelta(minutes=1))
    moved = live_step(engine, order_id)
    assert moved.id != planned.id
    assert moved.not_before.astimezone(RIYADH).hour == 18


def test_a_channel_that_the_buyer_left_is_not_planned_any_more(
    engine: Engine, work: Work, now: datetime
) -> None:
    town = Town(engine, now, {E164: [scripted.says("stop")]})
    set_policy(engine, now, CERTAIN, country="SA")
    order_id = town.order()
    town.run(timedelta(hours=1))
    left = attempts_of(engine, order_id)[0].channel
    assert left is Channel.whatsapp
    rest = [rung["channel"] for rung in order_row(engine, order_id).ladder]
    assert left.value not in rest


def test_the_whole_story_of_buyers_who_answer_and_of_one_who_does_not(
    engine: Engine, work: Work, now: datetime
) -> None:
    town = Town(engine, now, {E164: [scripted.silent(), scripted.confirms()]})
    set_policy(engine, now, CERTAIN, country="SA")
    answers, silent = town.order(), town.order(phone=OTHER)
    town.run(timedelta(days=3))
    assert verdict_of(engine, answers) is Verdict.confirmed
    assert verdict_of(engine, silent) is Verdict.unreachable
    policy = default_policy("SA")
    for order_id in (answers, silent):
        made = attempts_of(engine, order_id)
        assert made
        assert made[0].started_at <= now + timedelta(minutes=15)
        assert len({attempt.step_id for attempt in made}) == len(made)
        for attempt in made:
            assert (
                literal.broken_rules(attempt.channel, (), policy, "Asia/Riyadh", attempt.started_at) == set()
            )
            assert (attempt.chosen, attempt.propensity, attempt.model_version) == (Choice.best, 1, 0)
            assert attempt.chance
    apart = [attempt.started_at for attempt in attempts_of(engine, silent)]
    assert all(later - sooner >= timedelta(hours=1) for sooner, later in pairwise(apart))
    assert not [step for step in steps_of(engine, silent) if step.live]


def test_the_next_phone_has_its_turn_before_the_deadline(engine: Engine, work: Work, now: datetime) -> None:
    town = Town(engine, now)
    set_policy(engine, now, CERTAIN | {"calls_per_order": 0}, country="SA")
    order_id = town.order(buyer={"alternate_phone": OTHER})
    town.run(timedelta(days=3))
    phones = [attempt.contact_point_id for attempt in attempts_of(engine, order_id)]
    assert len(set(phones)) == 2
    assert phones[0] != phones[-1]
    assert verdict_of(engine, order_id) is Verdict.unreachable


def test_in_ramadan_calls_go_to_the_evening(engine: Engine, work: Work) -> None:
    at = datetime(2026, 2, 24, 9, tzinfo=UTC)
    set_policy(engine, at, CALLS_ALONE, country="SA")
    order_id = an_order(engine, a_store(engine, at), at)
    order, step = order_row(engine, order_id), live_step(engine, order_id)
    rungs = [datetime.fromisoformat(rung["not_before"]) for rung in order.ladder]
    hours = [each.astimezone(RIYADH).hour for each in (step.not_before, *rungs)]
    assert max(hours) >= 20
    assert step.state is StepState.scheduled


def test_open_cases_are_told_with_what_was_learned_of_them(
    engine: Engine, work: Work, now: datetime, store_id: UUID
) -> None:
    first = an_order(engine, store_id, now)
    together = an_order(engine, store_id, now + timedelta(minutes=1))
    other = an_order(engine, store_id, now, phone=OTHER)
    with work() as session:
        session.get_one(Order, other).arm = Arm.control
    with work() as session:
        found = {tuple(order.id for order in case.orders): case for case in open_cases(session, now)}
    assert set(found) == {(first, together), (other,)}
    assert found[first, together].facts.insight
    assert found[(other,)].facts.insight is None
