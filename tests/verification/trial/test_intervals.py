"""Intervals that hold what they say."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.trial.intervals import Mean, newcombe, quotient, ratio, wilson

SHARES = st.floats(0, 1)
CASES = st.floats(1, 1e6)


def test_as_published():
    """Wilson and Newcombe's method 10 on the examples of Newcombe's own tables (1998)."""
    assert wilson(81 / 263, 263).low == pytest.approx(0.2553, abs=1e-4)
    assert wilson(81 / 263, 263).high == pytest.approx(0.3662, abs=1e-4)
    found = newcombe(wilson(56 / 70, 70), wilson(48 / 80, 80))
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4))
    found = newcombe(wilson(9 / 10, 10), wilson(3 / 10, 10))
    assert (found.low, found.high) == (pytest.approx(0.1705, abs=1e-4), pytest.approx(0.8090, abs=1e-4))


@given(SHARES, CASES, SHARES, CASES)
def test_an_interval_holds_its_number_and_stays_possible(one, cases, other, others):
    mine, theirs = wilson(one, cases), wilson(other, others)
    assert 0 <= mine.low <= one + 1e-9
    assert one - 1e-9 <= mine.high <= 1
    found = newcombe(mine, theirs)
    assert -1 - 1e-9 <= found.low <= one - other <= found.high <= 1 + 1e-9


@given(SHARES, st.floats(10, 1e5))
def test_more_cases_never_tell_less(share, cases):
    few, many = wilson(share, cases), wilson(share, 2 * cases)
    assert many.high - many.low <= few.high - few.low + 1e-12


@pytest.mark.parametrize(("one", "cases", "other", "others"), [(0.8, 300, 0.75, 60), (0.98, 2000, 0.99, 60)])
def test_the_true_difference_lies_inside_as_often_as_it_should(one, cases, other, others):
    lots = random.Random(7)
    inside = 0
    for _ in range(400):
        mine = sum(lots.random() < one for _ in range(cases)) / cases
        theirs = sum(lots.random() < other for _ in range(others)) / others
        found = newcombe(wilson(mine, cases), wilson(theirs, others))
        inside += found.low <= one - other <= found.high
    assert inside >= 0.92 * 400


def test_the_true_ratio_of_dollars_for_each_decided_lies_inside():
    lots = random.Random(11)

    def arm(cases, share, mean):
        decided = [lots.random() < share for _ in range(cases)]
        # Those not decided cost more, because they were tried more often.
        cost = [lots.expovariate(1 / (mean * (1 if each else 3))) for each in decided]
        d, c = sum(decided) / cases, sum(cost) / cases
        var_c = (sum(each * each for each in cost) / cases - c * c) / cases
        both = sum(each for each, is_decided in zip(cost, decided, strict=True) if is_decided) / cases
        return quotient(Mean(c, var_c), Mean(d, d * (1 - d) / cases), (both - c * d) / cases)

    true = (0.2 * (0.8 + 3 * 0.2) / 0.8) / (0.3 * (0.75 + 3 * 0.25) / 0.75)
    found = [ratio(arm(400, 0.8, 0.2), arm(80, 0.75, 0.3)) for _ in range(300)]
    assert sum(each.low <= true <= each.high for each in found) >= 0.9 * 300
