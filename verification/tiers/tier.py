"""The rule that turns a buyer's history into a tier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor, fsum
from types import MappingProxyType

from models.reasons import Reason
from models.vocabulary import Tier
from verification.tiers.history import BuyerHistory, PastOrder, Result

_WEIGHTS = MappingProxyType(
    {
        Result.delivered: 1.0,
        Result.kept_part: 0.5,
        # A promise, not yet a parcel taken.
        Result.confirmed: 0.1,
        Result.refused: -1.0,
        # May be the courier's doing.
        Result.undeliverable: -0.5,
        # May be our own doing; an honest "no" before shipping costs no freight.
        Result.unreachable: -0.25,
        Result.cancelled: -0.25,
        # Whoever owns the phone may be the one who was fooled.
        Result.did_not_order: -1.0,
        Result.fake_details: -1.5,
    }
)
_VIP_VALUES = MappingProxyType(
    {
        "SAR": 100_000,
        "AED": 100_000,
        "QAR": 100_000,
        "KWD": 80_000,
        "BHD": 100_000,
        "OMR": 100_000,
        "JOD": 190_000,
        "IQD": 350_000_000,
        "EGP": 1_000_000,
    }
)

_RULES = {
    Tier.vip: "tier_loyal",
    Tier.good: "tier_reliable",
    Tier.fair: "tier_mixed",
    Tier.new: "tier_little_known",
    Tier.poor: "tier_unreliable",
}


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """The numbers of the rule.

    An order counts with its result's weight, above 0 for the buyer and below 0 against, halved every
    `half_life`. The sums are the evidence for (g) and against (b). The careful share g / (g + b + caution) is
    the part of orders that come good if `caution` more were still to come and all went badly (the lower bound
    of Walley's imprecise beta model, 1996), so that few orders do not make a name.

    - `good` from a careful share of `good_from`: about three orders received and none refused;
    - `vip` from `vip_from`, about six, when what was received is worth one yardstick in `vip_values`
      (currency → minor units) as well, faded like the orders;
    - `poor` when the evidence against reaches `poor_from`, more than one order can weigh, and is not
      outweighed: from two refusals until more was received than refused;
    - else `fair` from evidence `fair_from` for the buyer, one order received within two half-lives.

    Raises ValueError for numbers by which one order could make a buyer poor or a tier have no place.
    """

    half_life: timedelta = timedelta(days=180)
    weights: Mapping[Result, float] = field(default_factory=lambda: _WEIGHTS)
    caution: float = 2.0
    vip_from: float = 0.75
    good_from: float = 0.55
    poor_from: float = 1.6
    fair_from: float = 0.25
    vip_values: Mapping[str, int] = field(default_factory=lambda: _VIP_VALUES)

    def __post_init__(self) -> None:
        if self.half_life <= timedelta(0) or self.caution <= 0 or self.fair_from <= 0:
            raise ValueError("half_life, caution and fair_from must be above zero")
        if not 0.5 <= self.good_from <= self.vip_from < 1:
            raise ValueError("good_from and vip_from must rise from one half to below one")
        if self.weights.keys() != set(Result):
            raise ValueError("every result needs a weight")
        if self.weights[Result.delivered] <= 0 or self.weights[Result.refused] >= 0:
            raise ValueError("a parcel received counts for the buyer, a refused one against")
        if -min(self.weights.values()) >= self.poor_from:
            raise ValueError("one order could make a buyer poor")


@dataclass(frozen=True, slots=True)
class TierResult:
    """A tier and why: first the rule that gave it, then the counts it rests on."""

    tier: Tier
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    good: float
    bad: float
    vip_share: float


def tier_of(history: BuyerHistory, now: datetime, policy: TierPolicy | None = None) -> TierResult:
    """The buyer's tier at `now` (aware UTC); what was set by hand wins, orders of the future count as of now.

    At one instant another parcel received never lowers the tier and another refused never raises it, in the
    order poor, new, fair, good, vip; enough parcels received lead from anywhere back to good.
    """
    policy = policy or TierPolicy()
    evidence = _weigh(history, now, policy)
    tier = history.override or _judge(evidence, policy)
    reasons = [_rule(tier, history)]
    reasons += [
        Reason(f"tier_{result.value}", {"count": history.count(result)})
        for result in Result
        if history.count(result)
    ]
    if tier is Tier.poor:
        reasons.append(Reason("tier_way_back", {"deliveries": _way_back(evidence, policy)}))
    return TierResult(tier, tuple(reasons))


def _weigh(history: BuyerHistory, now: datetime, policy: TierPolicy) -> _Evidence:
    freshness = [0.5 ** (max(now - order.at, timedelta(0)) / policy.half_life) for order in history.orders]
    faded = list(zip(history.orders, freshness, strict=True))
    weights = [policy.weights[order.result] * fresh for order, fresh in faded]
    # Summed exactly, so that the sequence of the orders cannot tip a threshold.
    return _Evidence(
        good=fsum(weight for weight in weights if weight > 0),
        bad=-fsum(weight for weight in weights if weight < 0),
        vip_share=fsum(_vip_share(order, policy) * fresh for order, fresh in faded),
    )


def _vip_share(order: PastOrder, policy: TierPolicy) -> float:
    yardstick = policy.vip_values.get(order.currency or "")
    if order.result is not Result.delivered or not yardstick:
        return 0.0
    return (order.total_minor or 0) / yardstick


def _judge(evidence: _Evidence, policy: TierPolicy) -> Tier:
    careful = evidence.good / (evidence.good + evidence.bad + policy.caution)
    if careful >= policy.vip_from and evidence.vip_share >= 1:
        return Tier.vip
    if careful >= policy.good_from:
        return Tier.good
    if evidence.bad >= max(policy.poor_from, evidence.good):
        return Tier.poor
    return Tier.fair if evidence.good >= policy.fair_from else Tier.new


def _rule(tier: Tier, history: BuyerHistory) -> Reason:
    if history.override:
        return Reason(f"tier_set_{history.override.value}")
    if not history.orders:
        return Reason("tier_unknown")
    return Reason(_RULES[tier])


def _way_back(evidence: _Evidence, policy: TierPolicy) -> int:
    """How many parcels received now would outweigh the evidence against."""
    return floor((evidence.bad - evidence.good) / policy.weights[Result.delivered]) + 1
