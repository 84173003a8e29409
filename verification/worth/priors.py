"""What is assumed of parcels that nobody asked about; each with its source or marked as a guess of ours.

Chances are moved on the logit scale: +0.7 doubles the odds, -0.7 halves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from models.vocabulary import Flag, Tier

_TIERS = MappingProxyType(
    {
        # Orders of proven takers carry about a third of the risk (a published model of calls in Egypt): half
        # of that is the tier, the other half comes with the buyer's own parcels.
        Tier.vip: -1.0,
        Tier.good: -0.7,
        Tier.fair: -0.2,
        # First-time buyers refuse 18 to 26 points more than those who come back (a vendor's figure, halved).
        Tier.new: 0.4,
        # Guesses: the tier says that most came to nothing.
        Tier.poor: 1.0,
        Tier.blocked: 1.6,
    }
)
# Guesses of size; the direction is what sellers report: 70 % of failures at the door are addresses, absence
# and wrong numbers, the rest is fraud (a vendor's figure for Pakistan and Bangladesh).
_FLAGS = MappingProxyType(
    {
        Flag.phone_invalid: 1.0,
        Flag.phone_ambiguous: 0.3,
        Flag.phone_not_mobile: 0.3,
        Flag.phone_needs_review: 0.4,
        Flag.phone_fake_pattern: 1.2,
        Flag.address_incomplete: 0.5,
        Flag.duplicate: 0.7,
        Flag.suspicious_quantity: 0.6,
        Flag.suspicious_value: 0.5,
        Flag.out_of_area: 0.5,
        Flag.total_mismatch: 0.2,
        # Aramex: 8 % of parcels paid by card came back when 24 % of those paid at the door did.
        Flag.not_cod: -1.3,
    }
)


@dataclass(frozen=True)
class WorthPriors:
    """Stated assumptions; replace any of them where you measured better."""

    # Returns of parcels paid at the door: Aramex in the Middle East 24 % (2012) and 19 % (2014), Shiprocket
    # in India 26 %, Morocco 20 to 35 %, sellers of the region 25 to 40 %. No country of the Gulf by itself
    # has a figure with a sample, so all begin alike.
    refused: float = 0.26
    # A buyer who said yes: calls cut failed deliveries by 20 to 30 % (a vendor's figure).
    confirmed: float = -0.4
    # So many parcels of one's own weigh as much as what is known of buyers like this one. A guess.
    own_parcels: float = 4.0
    # So many refusals of a country weigh as much as what is assumed of all. A guess.
    country_refusals: float = 20.0
    tiers: Mapping[Tier, float] = field(default_factory=lambda: _TIERS)
    flags: Mapping[Flag, float] = field(default_factory=lambda: _FLAGS)


WORTH_PRIORS = WorthPriors()
