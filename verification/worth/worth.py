"""What not asking may cost, and what asking costs, pure. Amounts are US dollars."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf, log

from models.vocabulary import Flag, Tier
from verification.policy.choosing import Choosing
from verification.worth.logit import moved
from verification.worth.priors import WORTH_PRIORS, WorthPriors

# From so many times its cost on, a contact moves one place up the queue: stable steps, so that a queue is not
# re-sorted by every small change.
_STEPS = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 50.0)
LAST_RANK = len(_STEPS)
"""Of orders that are not worth what asking costs."""


@dataclass(frozen=True, slots=True)
class Parcels:
    """What became of a buyer's parcels so far, over all sellers; raises ValueError below zero."""

    received: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        if self.received < 0 or self.refused < 0:
            raise ValueError("parcels are counted from zero")


NO_PARCELS = Parcels()


@dataclass(frozen=True, slots=True)
class Worth:
    """One order's case for being asked about: the chance that its unverified parcel is refused or cannot be
    delivered, the `loss` to expect from that, and the `cost` to expect of the contacts."""

    refusal: float
    loss: float
    cost: float

    @property
    def gain(self) -> float:
        """What asking saves at most, above what it costs; below zero the order needs no contact."""
        return self.loss - self.cost


def refusal_chance(
    tier: Tier,
    parcels: Parcels = NO_PARCELS,
    flags: Iterable[Flag] = (),
    *,
    base: float | None = None,
    priors: WorthPriors = WORTH_PRIORS,
) -> float:
    """The chance that a parcel nobody asked about is refused or undeliverable.

    `base` is that of the country (`country_rate`), without one what is assumed of all. The tier moves it; the
    buyer's own parcels take over as they grow in number, as the mean of a beta distribution; the flags of
    this very order move what comes out. Better tiers, more parcels received and fewer refused never raise it.
    """
    of_the_kind = moved(priors.refused if base is None else base, priors.tiers[tier])
    told = parcels.received + parcels.refused
    own = (of_the_kind * priors.own_parcels + parcels.refused) / (priors.own_parcels + told)
    return moved(own, fsum(priors.flags.get(flag, 0.0) for flag in set(flags)))


@dataclass(frozen=True, slots=True)
class Sent:
    """Parcels of one country to buyers of one tier of whom all, or none, had said yes; `refused` of them."""

    tier: Tier
    confirmed: bool
    parcels: int
    refused: int


def country_rate(sent: Iterable[Sent], priors: WorthPriors = WORTH_PRIORS) -> float:
    """The chance for a country's average unverified parcel, from what became of those that were sent.

    Refusals are compared with those to expect for the same tiers and confirmations, so that a house which
    ships only what was confirmed does not take everybody for as good; few parcels move it little.
    """
    counted = list(sent)
    expected = fsum(
        each.parcels
        * moved(priors.refused, priors.tiers[each.tier] + (priors.confirmed if each.confirmed else 0.0))
        for each in counted
    )
    refused = sum(each.refused for each in counted)
    return moved(
        priors.refused, log((refused + priors.country_refusals) / (expected + priors.country_refusals))
    )


def worth_of(refusal: float, cost: float, policy: Choosing) -> Worth:
    """What an order is worth under a policy; `cost` is what its contacts are expected to cost.

    Raises ValueError for a chance or a cost that cannot be.
    """
    if not (0.0 <= refusal <= 1.0 and 0.0 <= cost < inf):
        raise ValueError("a chance lies between 0 and 1, a cost is not below zero")
    return Worth(refusal, refusal * freight(policy), cost)


def freight(policy: Choosing) -> float:
    """What a refused parcel costs, there and back."""
    return float(policy.freight_out_cost) + float(policy.freight_back_cost)


def rank_of(worth: Worth) -> int:
    """The place in the queue from 0 (first) to 9 (last): by what may be lost for each dollar of asking.

    Agents' time is short, and going by that ratio saves the most with the time there is.
    """
    if worth.loss <= 0:
        return LAST_RANK
    return LAST_RANK - bisect_right(_STEPS, worth.loss / worth.cost if worth.cost > 0 else inf)
