"""The rule that says when learned is below control."""

import random
from datetime import timedelta
from itertools import accumulate
from math import log

import pytest

from models.vocabulary import Arm
from verification.trial.layers import Counted, Spent
from verification.trial.watching import (
    ALPHA,
    LEAST_CONTROL,
    WINDOWS,
    Look,
    Standing,
    judge,
    look,
    standing_of,
)


def both(learned, decided, control, of_control, country="SA", layer="noor"):
    return [
        Counted(country, layer, Arm.learned, learned, Spent(decided)),
        Counted(country, layer, Arm.control, control, Spent(of_control)),
    ]


def stands(counted):
    return {each.country: each.standing for each in judge(dict.fromkeys(WINDOWS, counted))}


def test_a_loss_beyond_noise_is_named_with_its_country():
    saudi, emirates = both(60_000, 51_000, 1800, 1620), both(60_000, 51_000, 1800, 1530, "AE")
    assert stands(saudi) == {"SA": Standing.below}
    assert stands([*saudi, *emirates]) == {None: Standing.below, "SA": Standing.below, "AE": Standing.fine}


def test_gains_and_few_orders_raise_nothing():
    assert stands(both(60_000, 57_000, 1800, 1530)) == {"SA": Standing.fine}
    assert stands(both(60_000, 1000, LEAST_CONTROL - 1, 99)) == {"SA": Standing.too_few}
    assert stands(both(60_000, 60_000, 1800, 1800)) == {"SA": Standing.too_few}
    assert stands(both(60_000, 0, 1800, 0)) == {"SA": Standing.too_few}
    assert stands([]) == {None: Standing.too_few}


def test_an_overwhelming_gain_is_no_evidence_and_no_error():
    assert look(both(10**7, 10**7 - 1, 10**6, 1)).evidence < 0


def test_a_loss_smaller_than_the_noise_is_doubtful():
    assert stands(both(60_000, 51_000, 600, 526)) == {"SA": Standing.doubtful}


def test_more_tests_ask_for_more_evidence():
    found = look(both(60_000, 51_000, 900, 804))
    assert log(2 / ALPHA) < found.evidence < log(20 / ALPHA)
    assert standing_of([found], 2) is Standing.below
    assert standing_of([found], 20) is Standing.doubtful


DAYS, AN_HOUR, CONTROL = 90, 60, 0.03


def first_alarm(seed, learned, control, days):
    """After how many orders somebody who looks every hour is alarmed; None: never."""
    lots = random.Random(seed)

    def binomial(cases, share):
        # Near enough for counts of an hour, and a hundred times as fast as drawing each.
        if cases < 30:
            return sum(lots.random() < share for _ in range(cases))
        drawn = lots.gauss(cases * share, (cases * share * (1 - share)) ** 0.5)
        return min(cases, max(0, round(drawn)))

    hours = [binomial(AN_HOUR, CONTROL) for _ in range(24 * days)]
    sums = [
        [0, *accumulate(each)]
        for each in zip(
            *(
                (AN_HOUR - few, binomial(AN_HOUR - few, learned), few, binomial(few, control))
                for few in hours
            ),
            strict=True,
        )
    ]
    for hour in range(1, 24 * days + 1):
        begins = (max(0, hour - window // timedelta(hours=1)) for window in WINDOWS)
        looks = [seen(*(each[hour] - each[begin] for each in sums)) for begin in begins]
        if standing_of(looks, len(WINDOWS)) is Standing.below:
            return hour * AN_HOUR
    return None


def seen(cases, decided, control, of_control):
    """What `look` finds, without the detour over layers, because it is asked a million times."""
    if control < LEAST_CONTROL:
        return None
    share = (decided + of_control) / (cases + control)
    return Look(decided / cases - of_control / control, share * (1 - share) * (1 / cases + 1 / control))


def test_what_is_simulated_is_what_is_looked_at():
    one, other = seen(5000, 4100, 150, 130), look(both(5000, 4100, 150, 130))
    assert (one.difference, one.variance) == (
        pytest.approx(other.difference),
        pytest.approx(other.variance),
    )


def test_looking_every_hour_for_90_days_does_not_cry_wolf():
    alarms = [first_alarm(seed, 0.8, 0.8, DAYS) for seed in range(200)]
    assert sum(each is not None for each in alarms) < 0.05 * len(alarms)


def test_a_loss_of_five_points_is_found_within_45000_orders():
    found = sorted(first_alarm(seed, 0.80, 0.85, 60) or 10**9 for seed in range(40))
    assert found[20] <= 22_000
    assert found[35] <= 45_000
