"""Which of two models is used, and whether chances come true."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import numpy as np
import pytest

from models.vocabulary import Channel, Regime
from tests.verification.slots.small_world import TERMS, asked
from verification.learning.calibrating import reliability
from verification.learning.comparing import FEWEST_CONTACTS, Why, compare, judged
from verification.learning.contacts import HeldOut, Row, answer_chances, held_out_of
from verification.learning.leaning import evidence_of, leaning_on, remembered
from verification.slots.cells import contact_cell, order_cell
from verification.slots.counts import Past
from verification.slots.ladder import plan_one
from verification.slots.model import cold_model

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
STORE = UUID(int=1)


def contacts(truth, buyers=100, each=4, channel=Channel.agent_call, seed=1):
    """Contacts that are answered with this chance, and their buyers."""
    rng = Random(seed)
    return [
        HeldOut(UUID(int=buyer), channel, Regime.normal, asked(), rng.random() < truth)
        for buyer in range(buyers)
        for _ in range(each)
    ]


def told(some, chance):
    return np.full(len(some), chance)


def test_the_better_one_has_the_lower_loss_and_is_used():
    some = contacts(0.3)
    comparison = compare(some, told(some, 0.3), told(some, 0.6))
    assert comparison.overall.new < comparison.overall.in_use
    assert comparison.overall.contacts == 400
    assert judged(comparison, 1) is Why.better
    assert judged(compare(some, told(some, 0.6), told(some, 0.3)), 100) is Why.worse
    assert judged(compare(some, told(some, 0.3), told(some, 0.3)), 1) is Why.better


def test_what_is_worse_within_the_noise_waits_until_the_one_in_use_is_old():
    some = contacts(0.3)
    share = np.mean([each.reached for each in some])
    comparison = compare(some, told(some, share + 0.02), told(some, share))
    assert 0 < comparison.overall.difference < comparison.overall.error
    assert judged(comparison, 13.9) is Why.worse
    assert judged(comparison, 14) is Why.as_good


def test_too_few_contacts_tell_nothing():
    some = contacts(0.3, buyers=FEWEST_CONTACTS - 1, each=1)
    assert judged(compare(some, told(some, 0.3), told(some, 0.9)), 100) is Why.too_few
    nothing = compare([], np.zeros(0), np.zeros(0))
    assert (nothing.overall.contacts, nothing.parts) == (0, {})
    assert judged(nothing, 100) is Why.too_few


def test_losses_are_told_by_channel_and_regime():
    some = contacts(0.3) + [
        replace(each, channel=Channel.sms, regime=Regime.ramadan) for each in contacts(0.1, seed=2)
    ]
    chances = np.array([0.1 if each.channel is Channel.sms else 0.3 for each in some])
    parts = compare(some, chances, told(some, 0.5)).parts
    assert list(parts) == [(Channel.sms, Regime.ramadan), (Channel.agent_call, Regime.normal)]
    assert all(each.difference < 0 and each.contacts == 400 for each in parts.values())


def test_contacts_of_one_buyer_are_one_witness():
    alone = contacts(0.3, buyers=400, each=1)
    chances = np.linspace(0.1, 0.6, 400)
    apart = compare(alone, chances, told(alone, 0.3)).overall.error
    copied = [one for one in alone for _ in range(4)]
    assert compare(copied, np.repeat(chances, 4), told(copied, 0.3)).overall.error == pytest.approx(apart)


def test_a_sure_chance_that_was_wrong_costs_much_but_not_everything():
    some = contacts(0.5)
    assert 5 < compare(some, told(some, 1.0), told(some, 0.5)).overall.new < 14


def row(hours, channel, reached, *, age_hours=1.0, buyer=7):
    at = MONDAY + timedelta(hours=hours)
    cell = contact_cell(channel, at, "SA", Regime.normal, reached=reached)
    return Row(UUID(int=buyer), STORE, channel, cell, hours, int(age_hours * 3600), at, "SA", "SA/riyadh")


def test_a_held_out_contact_is_asked_without_itself_and_what_was_tried_before():
    first = row(10, Channel.whatsapp, False, age_hours=1)
    second = row(14, Channel.agent_call, True, age_hours=5)
    other = row(60, Channel.agent_call, False, age_hours=1)
    past = Past({order_cell(MONDAY): 1})
    for each in (first, second, other):
        past.add(each.cell)
    found = held_out_of([other, second, first], {UUID(int=7): past})
    assert [each.reached for each in found] == [False, True, False]
    [_, one, last] = [each.asked for each in found]
    assert [(each.channel, one.now - each.at, each.reached) for each in one.tried] == [
        (Channel.whatsapp, timedelta(hours=4), False)
    ]
    assert one.past == Past({order_cell(MONDAY): 1, other.cell: 1})
    assert last.tried == []
    assert last.past == Past({order_cell(MONDAY): 1, first.cell: 1, second.cell: 1})
    assert (one.city, one.now.weekday(), one.now.hour) == ("riyadh", 0, 14)
    assert past.cells[second.cell] == 1
    # Of an erased buyer nothing is counted, and nothing told.
    assert held_out_of([first], {UUID(int=7): Past()}) == []


def test_a_contact_is_given_the_chance_that_the_plan_states():
    model = cold_model()
    [one] = held_out_of(
        [row(20, Channel.agent_call, True)],
        {UUID(int=7): Past({row(20, Channel.agent_call, True).cell: 1})},
    )
    spans = ((one.asked.now, one.asked.deadline),)
    only_calls = replace(TERMS, caps={Channel.agent_call: 1})
    plan = plan_one(model, replace(one.asked, calls=spans, messages=spans), only_calls)
    chance = answer_chances(model, [one])[0]
    assert plan.rungs[0].chance == pytest.approx(chance * model.decides[3], abs=1e-3)


def test_curves_of_honest_chances_lie_on_the_diagonal_and_of_boasts_below():
    rng = np.random.default_rng(1)
    true = rng.uniform(0.05, 0.7, 20_000)
    came = rng.random(20_000) < true
    honest, boasting = reliability(true, came), reliability(np.minimum(true + 0.2, 1), came)
    assert honest.error < 0.012
    assert boasting.error == pytest.approx(0.2, abs=0.01)
    assert honest.brier < boasting.brier
    assert honest.loss < boasting.loss
    assert len(honest.points) == 10
    assert sum(point.contacts for point in honest.points) == honest.contacts == 20_000
    assert all(point.told > point.came for point in boasting.points)


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("came", [False, True])
def test_chances_that_are_all_alike_are_one_point(chance, came):
    [point] = reliability(np.full(60, chance), np.full(60, came)).points
    assert (point.told, point.came, point.contacts) == (pytest.approx(chance), float(came), 60)


def test_few_contacts_make_no_curve():
    assert reliability(np.full(49, 0.5), np.ones(49, np.bool_)) is None


def test_offsets_are_remembered_by_the_share_that_is_no_longer_counted():
    cold = cold_model()
    last = replace(cold, regimes=cold.regimes + np.array([[0], [1], [2]], np.float32))
    taught = {Regime.normal: 900, Regime.ramadan: 400, Regime.eid: 50}
    leant = leaning_on(cold, last, taught, {Regime.normal: 1000, Regime.ramadan: 100, Regime.eid: 0})
    np.testing.assert_allclose((leant.regimes - cold.regimes)[:, 0], [0, 0.75, 2], atol=1e-6)
    np.testing.assert_array_equal(leaning_on(cold, last, {}, {}).regimes, cold.regimes)
    assert remembered(taught, {Regime.normal: 1000, Regime.ramadan: 100}) == {
        Regime.normal: 1000,
        Regime.ramadan: 400,
        Regime.eid: 50,
    }


def test_evidence_counts_contacts_and_no_signs_of_life():
    call = contact_cell(Channel.ivr, MONDAY, "SA", Regime.eid, reached=True)
    past = Past({call: 3, order_cell(MONDAY): 9})
    assert evidence_of([past, past]) == {Regime.normal: 0, Regime.ramadan: 0, Regime.eid: 6}
