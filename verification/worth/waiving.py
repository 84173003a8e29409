"""Which orders need no contact, pure: those of buyers who receive what they order, and those that cost more
to ask about than a refusal would be expected to cost."""

from models.reasons import Reason
from models.vocabulary import Tier
from verification.policy.choosing import Choosing
from verification.worth.worth import Worth, freight

KNOWN_BUYER, ASKING_COSTS_MORE = "waived_known_buyer", "waived_asking_costs_more"
CURRENCY = "USD"
_TRUSTED = frozenset({Tier.vip, Tier.good})


def ground_to_waive(tier: Tier, worth: Worth, policy: Choosing) -> Reason | None:
    """Why an order without any flag needs no contact, with the numbers; None when it needs one."""
    if tier is Tier.blocked:
        return None
    if tier in _TRUSTED:
        return Reason(KNOWN_BUYER, {"tier": tier.value, **_numbers(worth, policy)})
    if worth.gain < 0:
        return Reason(ASKING_COSTS_MORE, _numbers(worth, policy))
    return None


def _numbers(worth: Worth, policy: Choosing) -> dict[str, object]:
    return {
        "percent": round(100 * worth.refusal, 1),
        "loss": _amount(worth.loss),
        "cost": _amount(worth.cost),
        "freight": _amount(freight(policy)),
        "currency": CURRENCY,
    }


def _amount(dollars: float) -> str:
    return f"{dollars:.4f}"
