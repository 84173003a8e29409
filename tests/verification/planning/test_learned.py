from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reasons import Reason
from models.vocabulary import Channel, Choice, MessageClass, Regime
from tests.verification.hours.around import IN_RIYADH
from tests.verification.planning import literal
from tests.verification.planning.test_plan import (
    AGENT,
    NOON,
    ONE,
    POLICIES,
    SA,
    SMS,
    TWO,
    WHATSAPP,
    cases,
    past,
    point,
    touched,
)
from verification.hours.calendar import COMPUTED
from verification.hours.deciding import closes_at
from verification.planning.case import CaseFacts, Insight, Past, Point, Wish
from verification.planning.choosing import asked_of
from verification.planning.permission import Touch, counted, kind_of
from verification.planning.plan import ASKED, Plan, plan, plan_all
from verification.policy.values import Policy, default_policy, with_overrides
from verification.slots.cells import WIDTH, contact_cell
from verification.slots.counts import Past as Counts
from verification.slots.model import cold_model
from verification.slots.staffing import FORBIDDEN

COLD = cold_model()
STEADY = with_overrides(SA, {"random_per_thousand": 0})
RIYADH = ZoneInfo("Asia/Riyadh")


def insight(now: datetime, counts: Counts | None = None, order: int = 4, **known: object) -> Insight:
    return Insight(COLD, 7, counts or Counts(), UUID(int=order), now, now, **known)  # type: ignore[arg-type]


def case(now: datetime = NOON, *points: Point, hours: float = 48, **known: object) -> CaseFacts:
    told = insight(now, **known)  # type: ignore[arg-type]
    return CaseFacts(IN_RIYADH, COMPUTED, now + timedelta(hours=hours), points or (point(),), insight=told)


def answering_at(hour: int, times: int = 8) -> Counts:
    """Of a buyer who takes calls at this hour, and at no other."""
    counts = Counts()
    for other in range(9, 22):
        at = datetime(2026, 11, 16, other, tzinfo=RIYADH)
        counts.add(contact_cell(AGENT, at, "SA", Regime.normal, reached=other == hour), times)
    return counts


def of(facts: CaseFacts, policy: Policy = STEADY, now: datetime = NOON) -> Plan:
    return plan(facts, policy, now)


def hour(at: datetime) -> int:
    return at.astimezone(RIYADH).hour


def test_a_call_is_made_when_this_buyer_answers_and_says_why() -> None:
    known = case(counts=answering_at(18))
    calls = [one for one in of(replace(known, past=past((WHATSAPP, 3)))).ladder if one.channel is AGENT]
    first = next((one for one in (of(known).next, *of(known).ladder) if one and one.channel is AGENT), None)
    assert first
    assert hour(first.not_before) == 18
    assert {"kind": "answers_at", "hour": 18, "times": 8} in first.reason.params["seen"]
    assert all(one.chance is not None for one in calls)


def test_the_first_contact_is_made_at_once() -> None:
    for hours in range(9):
        now = NOON + timedelta(hours=hours, minutes=25)
        facts = case(now)
        first = of(facts, now=now).next
        assert first
        allowed = closes_at(kind_of(first.channel), MessageClass.service, IN_RIYADH, SA, COMPUTED, now) > now
        if allowed:
            assert first.not_before <= now + timedelta(minutes=SA.first_contact_minutes)
            assert of(facts, now=now).waits is None or first.not_before > now


def test_an_order_of_the_night_is_begun_when_the_hours_open() -> None:
    night = datetime(2026, 11, 22, 22, tzinfo=UTC)
    planned = of(case(night), now=night)
    assert planned.next
    assert planned.next.not_before == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert planned.waits
    assert (planned.waits.code, planned.waits.params) == ("outside_hours", {"held_by": ["outside_hours"]})


def test_waiting_that_is_clearly_better_says_so() -> None:
    calls_alone = case(NOON, point(unreachable=frozenset({WHATSAPP, SMS})), counts=answering_at(18, 20))
    planned = of(calls_alone)
    assert planned.next
    assert planned.next.reason.code == "answers_better_later"
    assert planned.waits
    told = planned.waits.params
    assert (planned.waits.code, told["hour"]) == ("answers_better_later", 18)
    assert told["percent"] > told["percent_now"]


def test_nobody_is_given_up_unasked_however_dear_a_contact_is() -> None:
    dear = with_overrides(
        STEADY, {"complaint_price": "999999", "whatsapp_cost": "90.00", "sms_cost": "90.00"}
    )
    planned = of(case(), dear)
    assert planned.next
    assert planned.next.channel is not Channel.page
    nobody_there = {NOON.replace(minute=0) + timedelta(hours=ahead): FORBIDDEN for ahead in range(49)}
    calls_alone = case(NOON, point(carries=frozenset({AGENT})), agent_prices=nobody_there)
    first = of(calls_alone).next
    assert first
    assert first.channel is AGENT


def test_contacts_that_never_left_asked_nobody() -> None:
    """Whatever the model makes of it, the channels that were not tried are."""
    dear = with_overrides(
        STEADY, {"complaint_price": "999999", "agent_cost": "90", "ivr_cost": "90", "sms_cost": "90"}
    )
    made: tuple[Past, ...] = ()
    known = case(NOON, point())
    for at in (NOON - timedelta(hours=ago) for ago in (5, 4, 3, 2)):
        planned = of(replace(known, past=made), dear).next
        assert planned
        assert planned.channel not in {past.channel for past in made}
        made = (*made, Past(planned.channel, at, ONE, open=False, left=False))
        shut = frozenset(past.channel for past in made)
        known = case(NOON, point(unreachable=shut))
    assert {past.channel for past in made} == {WHATSAPP, SMS, Channel.ivr, AGENT}
    made = (Past(WHATSAPP, NOON - timedelta(hours=5), ONE, open=False),)
    assert of(replace(case(), past=made), dear).stop == "no_response"


def test_after_a_call_that_no_agent_took_machines_go_first() -> None:
    made = past((WHATSAPP, 3), waiting=False)
    facts = replace(case(NOON, point(touches=touched(made))), past=made)
    assert AGENT in {rung.channel for rung in (of(facts).next, *of(facts).ladder) if rung}
    untaken = replace(facts, untaken_at=NOON - timedelta(hours=1))
    planned = of(untaken)
    assert planned.next
    assert AGENT not in {rung.channel for rung in (planned.next, *planned.ladder)}
    a_day_later = of(replace(facts, untaken_at=NOON - timedelta(hours=24)))
    assert a_day_later == of(facts)
    agents_alone = replace(untaken, points=(point(carries=frozenset({AGENT})),))
    again = of(agents_alone).next
    assert again
    assert again.channel is AGENT


def test_no_contacts_but_those_of_a_ladder_that_policy_forbids() -> None:
    none = with_overrides(STEADY, {"calls_per_order": 0, "whatsapp_per_order": 0, "sms_per_order": 0})
    first = of(case(), none).next
    assert first
    assert first.chosen is Choice.schedule


def test_where_more_is_not_worth_it_the_answer_is_waited_for() -> None:
    made = past((WHATSAPP, 2), (AGENT, 1))
    facts = replace(case(NOON, point(touches=touched(made))), past=made)
    nothing = with_overrides(STEADY, {"decision_value": "0.01"})
    planned = of(facts, nothing)
    assert planned.next
    assert (planned.next.channel, planned.next.reason.code) == (Channel.page, "waiting_for_answer")
    assert planned.end == "not_worth"
    silent = replace(facts, past=tuple(replace(one, open=False) for one in made))
    assert of(silent, nothing).stop == "no_response"


def test_a_promise_comes_before_what_was_learned() -> None:
    promised = NOON + timedelta(hours=5)
    facts = replace(case(), wish=Wish(Reason("asked_to_call_later"), promised))
    planned = of(facts)
    assert planned.next
    assert (planned.next.channel, planned.next.not_before) == (AGENT, promised)
    assert (planned.next.chosen, planned.waits and planned.waits.code) == (Choice.owed, "promised")


def test_a_phone_that_was_off_is_tried_once_more_first() -> None:
    off = (Past(AGENT, NOON - timedelta(hours=1), ONE, open=False, switched_off=True),)
    facts = replace(case(NOON, point(touches=touched(off))), past=off)
    planned = of(facts)
    assert planned.next
    assert (planned.next.channel, planned.next.reason.code) == (AGENT, "phone_was_off")
    assert planned.next.not_before >= NOON + timedelta(hours=2)
    assert planned.next.chosen is Choice.owed
    assert planned.ladder


def test_a_message_has_an_hour_to_itself() -> None:
    made = past((WHATSAPP, 0.1))
    planned = of(replace(case(NOON, point(touches=touched(made))), past=made))
    assert planned.next
    assert planned.next.not_before >= made[0].at + timedelta(hours=1)
    assert planned.waits


def test_each_phone_has_its_turn() -> None:
    points = (point(), point(TWO))
    facts = case(NOON, *points)
    for _ in range(9):
        planned = of(facts, now=facts.past[-1].at if facts.past else NOON)
        if planned.next is None or planned.next.point_id is None:
            break
        made = Past(planned.next.channel, planned.next.not_before, planned.next.point_id, open=False)
        points = tuple(
            replace(each, touches=(*each.touches, Touch(made.channel, made.at)))
            if each.id == made.point_id
            else each
            for each in points
        )
        facts = replace(facts, points=points, past=(*facts.past, made))
    tried = [one.point_id for one in facts.past]
    assert tried[0] == ONE
    assert TWO in tried
    assert len(facts.past) <= SA.max_attempts_per_order


def test_after_a_wrong_number_the_right_one_is_asked_from_the_start() -> None:
    made = past((WHATSAPP, 3), (WHATSAPP, 2), (AGENT, 1), of=UUID(int=9), waiting=False)
    planned = of(replace(case(NOON, point(TWO)), past=made))
    assert planned.next
    assert (planned.next.channel, planned.next.not_before) == (WHATSAPP, NOON)
    assert planned.next.reason.code == "next_number"


def test_a_silence_is_weighed_once() -> None:
    cell = contact_cell(WHATSAPP, NOON.astimezone(RIYADH), "SA", Regime.normal, reached=False)
    one = replace(past((WHATSAPP, 3))[0], counted_as=cell)
    facts = replace(case(counts=Counts({cell: 3, cell + 1: 1})), past=(one,))
    asked = asked_of(facts, facts.points[0], STEADY, NOON)
    assert asked.past.cells == {cell: 2, cell + 1: 1}
    assert [tried.channel for tried in asked.tried] == [WHATSAPP]


def test_opted_out_channels_and_those_outside_the_ladder_are_left_out() -> None:
    quiet = case(NOON, point(opted_out=frozenset({WHATSAPP, AGENT})))
    made = {one.channel for one in (of(quiet).next, *of(quiet).ladder) if one}
    assert made <= {SMS, Channel.ivr}
    emirates = default_policy("AE")
    assert SMS not in {rung.channel for rung in emirates.ladder}
    made = {one.channel for one in (of(case(), emirates).next, *of(case(), emirates).ladder) if one}
    assert SMS not in made


def test_ramadan_moves_calls_into_the_evening() -> None:
    at_noon = datetime(2026, 2, 24, 9, tzinfo=UTC)
    told = [(SA, at_noon), (SA, NOON)]
    hours = []
    for policy, now in told:
        facts = case(now, point(unreachable=frozenset({WHATSAPP, SMS})))
        planned = plan(facts, with_overrides(policy, {"random_per_thousand": 0}), now)
        hours.append([hour(one.not_before) for one in (planned.next, *planned.ladder) if one])
    fasting, normal = hours
    assert min(fasting[1:]) >= 20
    assert min(normal) < 20


def test_a_lot_draws_evenly_among_what_may_be_done_and_says_how_likely_that_was() -> None:
    always = with_overrides(SA, {"random_per_thousand": 100})
    drawn: dict[int, tuple[Channel, datetime]] = {}
    plans = plan_all([(case(order=order), always) for order in range(400)], NOON)
    for order, planned in enumerate(plans):
        assert planned.next
        if planned.next.chosen is Choice.random:
            drawn[order] = (planned.next.channel, planned.next.not_before)
            assert planned.next.reason.code == "drawn_by_lot"
            assert planned.next.propensity < 0.05 or planned.next.propensity > 0.9
            assert planned.next.chance is not None
        else:
            assert planned.next.chosen is Choice.best
            assert 0.9 <= planned.next.propensity < 0.95
    assert 20 <= len(drawn) <= 65
    again = [*list(drawn)[:5], *range(5)]
    assert [of(case(order=order), always) for order in again] == [plans[order] for order in again]
    assert len(set(drawn.values())) > 12
    assert len({channel for channel, _ in drawn.values()}) == 4
    assert max(at for _, at in drawn.values()) < NOON + timedelta(hours=24)
    assert of(case(), STEADY).next.propensity == 1  # type: ignore[union-attr]


@st.composite
def learned_cases(draw: st.DrawFn) -> CaseFacts:
    facts = draw(cases())
    counts = draw(st.dictionaries(st.integers(0, WIDTH - 1), st.integers(1, 9), max_size=6))
    placed = NOON - timedelta(hours=draw(st.integers(0, 80)))
    prices = draw(st.sampled_from([{}, {NOON + timedelta(hours=2): FORBIDDEN}]))
    known = Insight(COLD, 1, Counts(counts), draw(st.uuids(version=4)), placed, placed, prices)
    return replace(facts, insight=known)


@settings(max_examples=120, deadline=None)
@given(facts=learned_cases(), policy=POLICIES, drift=st.integers(0, 7 * 24 * 60))
def test_whatever_is_known_a_learned_plan_keeps_the_rules(
    facts: CaseFacts, policy: Policy, drift: int
) -> None:
    latest = max((touch.at for point in facts.points for touch in point.touches), default=NOON)
    now = max(latest, NOON + timedelta(minutes=drift))
    planned = plan(facts, policy, now)

    assert planned == plan(facts, policy, now)
    assert (planned.next is None) == (planned.stop is not None)
    by_schedule = plan(replace(facts, insight=None), policy, now)
    if not facts.past and by_schedule.next and by_schedule.next.channel is not Channel.page:
        assert planned.next
        assert planned.next.channel is not Channel.page
    if planned.next is None or planned.next.channel is Channel.page:
        return
    made = [planned.next, *planned.ladder]
    wished = planned.next.priority <= ASKED
    assert len(facts.past) + len(made) <= policy.max_attempts_per_order
    assert [one.not_before for one in made] == sorted(one.not_before for one in made)
    by_id = {point.id: point for point in facts.points}
    touches = {point.id: list(point.touches) for point in facts.points}
    for one in made:
        assert one.not_before >= now
        assert 0 < one.propensity <= 1
        if one.point_id is None:
            continue
        assert one.channel in by_id[one.point_id].usable
        asked = (kind_of(one.channel), MessageClass.service, facts.where, policy, COMPUTED, one.not_before)
        assert closes_at(*asked) > one.not_before
        known = counted(touches[one.point_id], owed=wished)
        assert literal.broken_rules(one.channel, known, policy, IN_RIYADH.zone, one.not_before) == set()
        touches[one.point_id].append(Touch(one.channel, one.not_before))
        assert wished or one.not_before < facts.decide_by


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(learned_cases(), POLICIES), min_size=2, max_size=6))
def test_a_plan_does_not_depend_on_its_neighbours(together: list[tuple[CaseFacts, Policy]]) -> None:
    now = NOON + timedelta(days=8)
    alone = [plan(facts, policy, now) for facts, policy in together]
    for one, other in zip(plan_all(together, now), alone, strict=True):
        assert [_what(each) for each in (one.next, *one.ladder)] == [
            _what(each) for each in (other.next, *other.ladder)
        ]
        assert one.chance == pytest.approx(other.chance, abs=1e-3)


def _what(one: object) -> tuple[object, ...]:
    return tuple(getattr(one, name, None) for name in ("channel", "not_before", "point_id", "chosen"))


def test_a_deadline_in_another_century_costs_nothing() -> None:
    assert of(case(hours=24 * 365 * 500)).next
