"""Learned against control."""

from dataclasses import replace

import pytest

from models.vocabulary import Arm, Channel
from verification.trial.comparing import Measure, compare
from verification.trial.intervals import newcombe, wilson
from verification.trial.layers import Counted, Spent, Sums


def counted(arm, cases, decided, *, country="SA", layer="noor", calls=0, parcels=0, returned=0):
    """Cases of which each cost a tenth of a dollar for each call, and had one call at most."""
    on_calls = Spent(decided, Sums(calls, calls), Sums(calls / 10, calls / 100))
    return Counted(
        country,
        layer,
        arm,
        cases,
        on_calls,
        {Channel.agent_call: on_calls},
        cost_of_decided=calls / 10 * decided / cases,
        parcels=parcels,
        returned=returned,
    )


def near(one, other):
    return (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_shares_are_told_as_a_difference_and_means_as_a_ratio():
    [everywhere, _] = compare(
        [counted(Arm.learned, 1000, 850, calls=400), counted(Arm.control, 200, 160, calls=160)]
    )
    decided, calls, cost = (everywhere.of(each) for each in (Measure.decided, Measure.calls, Measure.cost))
    assert near(decided.effect, newcombe(wilson(0.85, 1000), wilson(0.8, 200)))
    assert decided.is_better is None
    assert (calls.learned, calls.control) == pytest.approx((0.4, 0.8))
    assert calls.effect.value == pytest.approx(0.5)
    assert calls.effect.low < 0.5 < calls.effect.high < 0.6
    assert calls.is_better is True
    assert cost.learned == pytest.approx(40 / 850)
    assert cost.effect.value == pytest.approx(40 / 850 * 160 / 16)
    [agents] = everywhere.channels
    assert (agents.channel, agents.measures[0].effect) == (Channel.agent_call, decided.effect)


def test_a_clear_loss_is_named():
    [everywhere, _] = compare([counted(Arm.learned, 9000, 7000), counted(Arm.control, 900, 800)])
    assert everywhere.of(Measure.decided).is_better is False


@pytest.mark.parametrize("arm", [Arm.learned, Arm.control])
def test_few_orders_are_too_few_to_tell(arm):
    both = [counted(each, 49 if each is arm else 5000, 40, calls=30) for each in (Arm.learned, Arm.control)]
    [everywhere, _] = compare(both)
    assert all(each.effect is None for each in everywhere.measures)
    assert everywhere.of(Measure.decided).learned == pytest.approx(40 / both[0].cases)


def test_rare_contacts_are_too_few_to_tell_their_ratio():
    [everywhere, _] = compare(
        [counted(Arm.learned, 5000, 4000, calls=2000), counted(Arm.control, 150, 120, calls=8)]
    )
    assert everywhere.of(Measure.calls).effect is None
    assert everywhere.of(Measure.decided).effect is not None


def test_an_arm_alone_is_compared_with_nothing():
    [everywhere, country] = compare([counted(Arm.learned, 5000, 4000)])
    assert (country.learned, country.control) == (5000, 0)
    assert everywhere.of(Measure.decided).learned is None
    [nothing] = compare([])
    assert (nothing.learned, nothing.control) == (0, 0)


def test_a_country_with_much_control_does_not_pass_its_level_for_an_effect():
    """In each country both arms are alike; pooled, the control would look worse by far."""
    easy = [counted(Arm.learned, 9700, 8730), counted(Arm.control, 300, 270)]
    hard = [counted(Arm.learned, 500, 250, country="IQ"), counted(Arm.control, 500, 250, country="IQ")]
    [everywhere, *_] = compare([*easy, *hard])
    assert everywhere.of(Measure.decided).effect.value == pytest.approx(0)
    assert everywhere.of(Measure.decided).is_better is None


def test_an_even_split_into_stores_changes_nothing():
    whole = [counted(Arm.learned, 8000, 6000, calls=4000), counted(Arm.control, 400, 280, calls=300)]
    parts = [
        replace(counted(each.arm, each.cases // 4, each.all.decided // 4, calls=calls), layer=f"store {at}")
        for each, calls in zip(whole, (1000, 75), strict=True)
        for at in range(4)
    ]
    for one, other in zip(compare(whole)[0].measures, compare(parts)[0].measures, strict=True):
        assert one.learned == pytest.approx(other.learned) if one.learned is not None else True
        if one.effect is not None:
            assert one.effect.low == pytest.approx(other.effect.low)
            assert one.effect.high == pytest.approx(other.effect.high)


def test_parcels_are_compared_among_those_that_came_to_an_end():
    [everywhere, _] = compare(
        [
            counted(Arm.learned, 1000, 850, parcels=400, returned=20),
            counted(Arm.control, 300, 250, parcels=100, returned=10),
        ]
    )
    assert near(everywhere.of(Measure.returned).effect, newcombe(wilson(0.05, 400), wilson(0.1, 100)))
