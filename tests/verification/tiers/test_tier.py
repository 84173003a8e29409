"""The tier rule: careful with little evidence, fair to those who mend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Tier
from verification.tiers.history import BuyerHistory, PastOrder, Result
from verification.tiers.tier import TierPolicy, tier_of
from verification.wording import render
from verification.wording.rendering import CATALOGUES

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
RANK = [Tier.blocked, Tier.poor, Tier.new, Tier.fair, Tier.good, Tier.vip]
WORTH = 30_000

moments = st.integers(0, 1500).map(lambda days: NOW - timedelta(days=days))
orders = st.builds(
    PastOrder,
    st.sampled_from(Result),
    moments,
    st.one_of(st.none(), st.integers(0, 10**9)),
    st.sampled_from([None, "SAR", "IQD", "USD"]),
)
histories = st.builds(BuyerHistory, st.lists(orders, max_size=25).map(tuple))


def _history(*results: Result, days_ago: int = 0) -> BuyerHistory:
    at = NOW - timedelta(days=days_ago)
    return BuyerHistory(tuple(PastOrder(result, at, WORTH, "SAR") for result in results))


def _with(history: BuyerHistory, *more: PastOrder) -> BuyerHistory:
    return replace(history, orders=history.orders + more)


def _tier(history: BuyerHistory) -> Tier:
    return tier_of(history, NOW).tier


@pytest.mark.parametrize(
    ("received", "refused", "tier"),
    [
        (0, 0, Tier.new),
        (1, 0, Tier.fair),
        (2, 0, Tier.fair),
        (3, 0, Tier.good),
        (5, 0, Tier.good),
        (6, 0, Tier.vip),
        (0, 1, Tier.new),
        (0, 2, Tier.poor),
        (1, 1, Tier.fair),
        (1, 2, Tier.poor),
        (2, 2, Tier.poor),
        (3, 2, Tier.fair),
        (4, 1, Tier.good),
        (6, 1, Tier.good),
        (9, 1, Tier.vip),
        (5, 10, Tier.poor),
    ],
)
def test_recent_orders_make_the_tier(received: int, refused: int, tier: Tier) -> None:
    assert _tier(_history(*[Result.delivered] * received, *[Result.refused] * refused)) is tier


@pytest.mark.parametrize("result", list(Result))
def test_one_order_never_makes_a_buyer_poor_nor_good(result: Result) -> None:
    assert _tier(_history(result)) in (Tier.new, Tier.fair)


def test_old_sins_fade_and_old_merits_too() -> None:
    assert _tier(_history(*[Result.refused] * 3)) is Tier.poor
    assert _tier(_history(*[Result.refused] * 3, days_ago=400)) is Tier.new
    assert _tier(_history(*[Result.delivered] * 6)) is Tier.vip
    assert _tier(_history(*[Result.delivered] * 6, days_ago=400)) is Tier.fair


def test_who_never_answers_slowly_becomes_poor() -> None:
    assert _tier(_history(*[Result.unreachable] * 3)) is Tier.new
    assert _tier(_history(*[Result.unreachable] * 7)) is Tier.poor


def test_small_or_unknown_values_do_not_make_a_vip() -> None:
    for worth in (100, None):
        many = tuple(PastOrder(Result.delivered, NOW, worth, "SAR") for _ in range(50))
        assert _tier(BuyerHistory(many)) is Tier.good


def test_promises_alone_do_not_make_a_good_buyer() -> None:
    assert _tier(_history(*[Result.confirmed] * 20)) is Tier.fair


def test_a_poor_buyer_is_told_the_way_back_and_it_leads_out() -> None:
    history = _history(Result.refused, Result.refused, Result.fake_details)
    result = tier_of(history, NOW)
    (way,) = [reason for reason in result.reasons if reason.code == "tier_way_back"]
    received = [PastOrder(Result.delivered, NOW)] * way.params["deliveries"]
    assert _tier(_with(history, *received[1:])) is Tier.poor
    assert _tier(_with(history, *received)) is Tier.fair


def test_an_order_dated_ahead_counts_as_of_now() -> None:
    assert _tier(_history(Result.delivered, days_ago=-4000)) is Tier.fair


def test_a_policy_that_makes_no_sense_is_refused() -> None:
    for wrong in (
        {"poor_from": 1.5},
        {"good_from": 0.4},
        {"caution": 0},
        {"half_life": timedelta(0)},
        {"weights": {}},
    ):
        with pytest.raises(ValueError):
            TierPolicy(**wrong)


@given(histories, moments)
def test_one_more_parcel_received_never_lowers_the_tier(history: BuyerHistory, at: datetime) -> None:
    after = _with(history, PastOrder(Result.delivered, at))
    assert RANK.index(_tier(after)) >= RANK.index(_tier(history))


@given(histories, moments)
def test_one_more_refusal_never_raises_the_tier(history: BuyerHistory, at: datetime) -> None:
    after = _with(history, PastOrder(Result.refused, at))
    assert RANK.index(_tier(after)) <= RANK.index(_tier(history))


@given(histories)
def test_enough_parcels_lead_from_anywhere_to_good(history: BuyerHistory) -> None:
    received = [PastOrder(Result.delivered, NOW)] * (2 * len(history.orders) + 4)
    assert _tier(_with(history, *received)) in (Tier.good, Tier.vip)


@given(histories, st.randoms(use_true_random=False))
def test_the_sequence_in_which_orders_are_told_does_not_matter(history: BuyerHistory, random: object) -> None:
    shuffled = list(history.orders)
    random.shuffle(shuffled)
    assert sorted(_codes(history)) == sorted(_codes(BuyerHistory(tuple(shuffled))))


@given(histories, st.sampled_from([Tier.blocked, Tier.vip]))
def test_what_was_set_by_hand_wins(history: BuyerHistory, override: Tier) -> None:
    result = tier_of(replace(history, override=override), NOW)
    assert result.tier is override
    assert result.reasons[0].code == f"tier_set_{override}"


@given(histories)
def test_blocked_is_only_ever_set_by_hand(history: BuyerHistory) -> None:
    assert _tier(history) is not Tier.blocked


@given(histories)
def test_reasons_are_given_in_words_and_agree_with_the_numbers(history: BuyerHistory) -> None:
    reasons = tier_of(history, NOW).reasons
    counts = {reason.code: reason.params["count"] for reason in reasons if "count" in reason.params}
    assert sum(counts.values()) == len(history.orders)
    assert all(counts.get(f"tier_{result}", 0) == history.count(result) for result in Result)
    assert (reasons[0].code == "tier_unknown") is (not history.orders)
    for language in CATALOGUES:
        assert all(render(reason, language) not in ("", reason.code) for reason in reasons)


def _codes(history: BuyerHistory) -> list[str]:
    return [reason.code for reason in tier_of(history, NOW).reasons]
