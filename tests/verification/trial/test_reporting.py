"""The numbers of the trial, from rows whose results are known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.vocabulary import Arm, Channel, Choice, Outcome, ShipmentStatus, Verdict, Via
from tests import stored
from tests.verification.trial.known import Case, a_decision, put, share_contact
from verification.trial.comparing import Measure, compare
from verification.trial.layers import Counted, Spent, Sums
from verification.trial.looking import DayPart, look_at
from verification.trial.lots import count_choices, count_drawn
from verification.trial.reporting import Window, count_cases, count_decided

WHATSAPP = (Channel.whatsapp, "0.0125", Outcome.replied)
SILENT = (Channel.whatsapp, "0.0125", Outcome.delivered_unread)
CALL = (Channel.agent_call, "0.03", Outcome.no_answer)
TALK = (Channel.agent_call, "0.05", Outcome.answered)
DEAR = (Channel.agent_call, "2.5", Outcome.answered)

BY_WHATSAPP = Case(Arm.learned, [WHATSAPP], Verdict.confirmed, Via.whatsapp)
KEPT = replace(BY_WHATSAPP, parcel=ShipmentStatus.delivered)


@pytest.fixture
def store(session, now):
    return stored.a_store(session, now)


@pytest.fixture
def window(now):
    return Window(now - timedelta(days=28), now)


@pytest.fixture
def late(now):
    """When orders came whose deadline has passed."""
    return now - timedelta(days=10)


def fresh(case, **changes):
    return replace(case, attempts=[], **changes)


def test_orders_of_both_arms_give_exactly_the_report(session, window, store, late):
    cases = [
        KEPT,
        fresh(KEPT, parcel=ShipmentStatus.refused),
        fresh(KEPT, parcel=ShipmentStatus.shipped),
        Case(Arm.learned, [SILENT, TALK], Verdict.rejected, Via.agent_call),
        Case(Arm.learned, [SILENT, CALL, CALL], Verdict.unreachable),
        Case(Arm.learned, [(Channel.sms, "0.04", Outcome.opted_out)], Verdict.withdrawn, Via.seller),
        Case(Arm.control, [SILENT, DEAR], Verdict.confirmed, Via.agent_call, parcel=ShipmentStatus.returned),
        # Confirmed, but after the deadline.
        Case(Arm.control, [SILENT, TALK], Verdict.confirmed, Via.agent_call, after=timedelta(hours=49)),
    ]
    for case in cases:
        put(session, late, store, case)
    found = {each.arm: each for each in count_cases(session, window)}
    # An agent's call counts 0.08, answered 0.45, where the provider asked less.
    assert found[Arm.learned] == Counted(
        country="SA",
        layer=str(store.id),
        arm=Arm.learned,
        cases=6,
        all=Spent(4, Sums(9, 3 + 4 + 9 + 1), approximate(3 * 0.0125, 0.4625, 0.1725, 0.04, alone=3)),
        channels={
            Channel.whatsapp: Spent(3, Sums(5, 5), approximate(*[0.0125] * 5)),
            Channel.sms: Spent(0, Sums(1, 1), approximate(0.04)),
            Channel.agent_call: Spent(1, Sums(3, 1 + 4), approximate(0.45, 0.16)),
        },
        cost_of_decided=pytest.approx(3 * 0.0125 + 0.4625),
        complaints=1,
        parcels=2,
        returned=1,
    )
    control = found[Arm.control]
    assert (control.cases, control.all.decided, control.parcels, control.returned) == (2, 1, 1, 1)
    assert control.all.cost.total == pytest.approx(0.0125 + 2.5 + 0.0125 + 0.45)
    overall, saudi = compare(list(found.values()))
    assert (overall.country, saudi.country) == (None, "SA")
    assert (overall.learned, overall.control) == (6, 2)
    decided = overall.of(Measure.decided)
    assert (decided.learned, decided.control, decided.effect) == (pytest.approx(4 / 6), 0.5, None)
    assert overall.of(Measure.cost).learned == pytest.approx((0.0375 + 0.4625 + 0.1725 + 0.04) / 4)
    assert overall.of(Measure.calls).control == 1
    assert overall.measures == saudi.measures


def approximate(*costs, alone=0):
    """Sums of these costs, the first of them being the sum of `alone` equal ones."""
    if alone:
        costs = (*[costs[0] / alone] * alone, *costs[1:])
    return Sums(pytest.approx(sum(costs)), pytest.approx(sum(each * each for each in costs)))


def test_only_orders_of_an_arm_whose_deadline_has_passed_count(session, window, store, late, now):
    for case in (
        BY_WHATSAPP,
        fresh(BY_WHATSAPP, arm=Arm.fixed),
        fresh(BY_WHATSAPP, arm=None),
        # Decided, but its deadline is to come: those that are not decided yet do not count either.
        fresh(BY_WHATSAPP, deadline=timedelta(days=11)),
        fresh(BY_WHATSAPP, country="AE"),
    ):
        put(session, late, store, case)
    put(session, now - timedelta(days=29), store, fresh(BY_WHATSAPP))
    for count in (count_cases, count_decided):
        found = sorted(count(session, window), key=lambda each: each.country)
        assert [(each.country, each.cases, each.all.decided) for each in found] == [
            ("AE", 1, 1),
            ("SA", 1, 1),
        ]
        [emirates] = count(session, replace(window, country="AE"))
        assert emirates.country == "AE"


def test_orders_of_one_case_count_once_with_all_its_contacts(session, window, store, late):
    buyer = stored.a_buyer(session, late)
    first = Case(Arm.learned, [SILENT, TALK], Verdict.confirmed, Via.agent_call)
    put(session, late, store, first, buyer=buyer)
    second = Case(Arm.control, (), Verdict.confirmed, Via.agent_call, after=timedelta(hours=4))
    share_contact(session, first, put(session, late + timedelta(hours=1), store, second, buyer=buyer))
    # The first was decided before this one came: a case of its own.
    third = fresh(BY_WHATSAPP)
    put(session, late + timedelta(hours=6), store, third, buyer=buyer)
    [learned] = count_cases(session, window)
    assert (learned.arm, learned.cases, learned.all.contacts) == (Arm.learned, 2, Sums(3, 5))


def test_what_the_provider_never_took_and_calls_of_the_buyer_are_no_contacts(session, window, store, late):
    case = fresh(BY_WHATSAPP, contacts=[SILENT, WHATSAPP, CALL])
    put(session, late, store, case)
    case.attempts[0].state, case.attempts[0].provider_id = "failed", None
    case.attempts[2].called_in = True
    session.flush()
    [learned] = count_cases(session, window)
    assert learned.all.contacts == Sums(1, 1)


def test_the_first_answer_in_time_counts_also_when_the_buyer_changes_their_mind(session, window, store, late):
    case = fresh(BY_WHATSAPP)
    order = put(session, late, store, case)
    later = a_decision(session, order, fresh(case, verdict=Verdict.rejected), late + timedelta(hours=60))
    order.decision_id = later
    session.flush()
    [learned] = count_cases(session, window)
    assert learned.all.decided == 1


def test_contacts_drawn_by_lot_are_weighed_by_their_chance(session, store, late, now):
    decided = fresh(BY_WHATSAPP)
    silent = Case(Arm.learned, [SILENT])
    chosen = Case(Arm.learned, [SILENT])
    for case, choice, propensity, chance in (
        (decided, Choice.random, 0.001, 0.4),
        (silent, Choice.random, 0.002, 0.3),
        (chosen, Choice.best, 0.99, 0.5),
    ):
        put(session, late, store, case)
        [attempt] = case.attempts
        attempt.chosen, attempt.propensity, attempt.chance = choice, propensity, chance
        attempt.local_hour_of_week = 24 + 13
    session.flush()
    span = {"since": now - timedelta(days=28), "until": now}
    assert count_choices(session, **span) == {Choice.random: 2, Choice.best: 1}
    [drawn] = count_drawn(session, **span)
    assert (drawn.channel, drawn.part, drawn.contacts) == (Channel.whatsapp, DayPart.afternoon, 2)
    looked = look_at(drawn)
    assert looked.decided == pytest.approx(2 / 3)
    assert looked.expected == pytest.approx((0.4 * 2 + 0.3) / 3)
    assert looked.difference is None
    assert count_drawn(session, **span, country="AE") == []
    many = look_at(replace(drawn, contacts=30))
    found = 2 / 3 - 1.1 / 3
    spread = (1000**2 * (0.6 - found) ** 2 + 500**2 * (-0.3 - found) ** 2) ** 0.5 / 1500
    assert many.difference.low == pytest.approx(found - 1.959964 * spread)
    assert many.difference.high == pytest.approx(found + 1.959964 * spread)
