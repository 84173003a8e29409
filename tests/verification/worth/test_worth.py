from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.vocabulary import Flag, Tier
from verification.policy.values import default_policy
from verification.worth.priors import WORTH_PRIORS
from verification.worth.worth import (
    LAST_RANK,
    NO_PARCELS,
    Parcels,
    Sent,
    Worth,
    country_rate,
    rank_of,
    refusal_chance,
    worth_of,
)

BEST_FIRST = (Tier.vip, Tier.good, Tier.fair, Tier.new, Tier.poor, Tier.blocked)
TROUBLES = [flag for flag in Flag if flag is not Flag.not_cod]
tiers = some.sampled_from(Tier)
counts = some.integers(0, 200)
parcels = some.builds(Parcels, counts, counts)
flags = some.sets(some.sampled_from(Flag))
bases = some.floats(0.01, 0.9)


@given(tiers, parcels, flags, bases)
def test_a_chance_stays_one(tier, parcels, flags, base):
    assert 0 < refusal_chance(tier, parcels, flags, base=base) < 1


@given(some.sampled_from(range(5)), parcels, flags, bases)
def test_a_better_tier_is_less_risk(place, parcels, flags, base):
    better, worse = BEST_FIRST[place : place + 2]
    assert refusal_chance(better, parcels, flags, base=base) < refusal_chance(
        worse, parcels, flags, base=base
    )


@given(tiers, parcels, flags)
def test_each_parcel_received_lowers_the_risk_and_each_refused_raises_it(tier, parcels, flags):
    now = refusal_chance(tier, parcels, flags)
    received = Parcels(parcels.received + 1, parcels.refused)
    refused = Parcels(parcels.received, parcels.refused + 1)
    assert refusal_chance(tier, received, flags) < now < refusal_chance(tier, refused, flags)


@given(tiers, parcels, flags, some.sampled_from(TROUBLES))
def test_a_flag_never_lowers_the_risk(tier, parcels, flags, flag):
    assert refusal_chance(tier, parcels, flags | {flag}) >= refusal_chance(tier, parcels, flags - {flag})


def test_what_is_paid_already_comes_back_less():
    assert refusal_chance(Tier.new, flags=[Flag.not_cod]) < refusal_chance(Tier.new) / 2


@given(tiers, parcels, flags, bases, bases)
def test_a_country_with_more_refusals_is_more_risk(tier, parcels, flags, one, other):
    low, high = sorted((one, other))
    assert refusal_chance(tier, parcels, flags, base=low) <= refusal_chance(tier, parcels, flags, base=high)


def test_a_new_buyer_stands_where_the_region_does_and_a_proven_one_at_a_third_of_that():
    new = refusal_chance(Tier.new)
    assert 0.2 < new < 0.4
    assert refusal_chance(Tier.good, Parcels(received=4)) < new / 3


@given(some.integers(0, 500), some.integers(0, 500), tiers, some.booleans())
def test_more_refusals_raise_a_countrys_rate(parcels, refused, tier, confirmed):
    few = country_rate([Sent(tier, confirmed, parcels + refused + 1, refused)])
    more = country_rate([Sent(tier, confirmed, parcels + refused + 1, refused + 1)])
    assert 0 < few < more < 1


def test_few_parcels_move_a_country_little_and_many_move_it_there():
    assert country_rate([]) == pytest.approx(WORTH_PRIORS.refused)
    assert country_rate([Sent(Tier.new, False, 3, 3)]) == pytest.approx(WORTH_PRIORS.refused, abs=0.03)
    told = country_rate([Sent(Tier.new, False, 20_000, 10_000)])
    assert refusal_chance(Tier.new, base=told) > 0.42


def test_confirmed_parcels_that_come_back_as_confirmed_ones_do_say_nothing_new():
    expected = round(1000 * refusal_chance(Tier.new) * 0.75)
    assert country_rate([Sent(Tier.new, True, 1000, expected)]) == pytest.approx(
        WORTH_PRIORS.refused, abs=0.02
    )


amounts = some.floats(0, 100)


@given(amounts, amounts, amounts)
def test_more_to_lose_comes_first_and_dearer_contacts_later(loss, more, cost):
    low, high = sorted((loss, more))
    assert 0 <= rank_of(Worth(0.2, high, cost)) <= rank_of(Worth(0.2, low, cost)) <= LAST_RANK
    assert rank_of(Worth(0.2, cost, low)) <= rank_of(Worth(0.2, cost, high))


@given(amounts, amounts)
def test_what_is_not_worth_its_cost_is_last(loss, cost):
    worth = Worth(0.2, loss, cost)
    assert (worth.gain < 0) <= (rank_of(worth) == LAST_RANK)


def test_the_loss_is_the_freight_there_and_back_times_the_chance():
    policy = default_policy("SA").model_copy(update={"freight_out_cost": "6.00", "freight_back_cost": "4.00"})
    found = worth_of(0.25, 0.5, policy)
    assert (found.loss, found.cost, found.gain) == (2.5, 0.5, 2.0)
    assert rank_of(found) == 5


@pytest.mark.parametrize(
    ("refusal", "cost"), [(-0.1, 1), (1.1, 1), (nan, 1), (0.2, -1), (0.2, inf), (0.2, nan)]
)
def test_what_cannot_be_is_refused(refusal, cost):
    with pytest.raises(ValueError, match="chance"):
        worth_of(refusal, cost, default_policy("SA"))


def test_parcels_are_counted_from_zero():
    assert Parcels(0, 0) == NO_PARCELS
    with pytest.raises(ValueError, match="zero"):
        Parcels(-1, 0)
