"""What is known of a buyer, over all sellers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from models.vocabulary import DecisionReason, ShipmentStatus, Tier, Verdict


class Result(StrEnum):
    """What became of one order, as far as it says something about its buyer."""

    delivered = "delivered"
    kept_part = "kept_part"
    confirmed = "confirmed"
    refused = "refused"
    undeliverable = "undeliverable"
    unreachable = "unreachable"
    cancelled = "cancelled"
    did_not_order = "did_not_order"
    fake_details = "fake_details"


@dataclass(frozen=True, slots=True)
class PastOrder:
    """One order's latest result; `at` aware UTC, the amount in minor units, None when not known."""

    result: Result
    at: datetime
    total_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class BuyerHistory:
    """Every order with a result, each once, in any sequence; and what a member of staff set by hand.

    Raises ValueError for an override other than `blocked` or `vip`.
    """

    orders: tuple[PastOrder, ...] = ()
    override: Tier | None = None

    def __post_init__(self) -> None:
        if self.override not in (None, Tier.blocked, Tier.vip):
            raise ValueError("only blocked and vip are set by hand")

    def count(self, result: Result) -> int:
        """How many orders ended so."""
        return sum(order.result is result for order in self.orders)


_SHIPPED: Mapping[ShipmentStatus, Result | None] = MappingProxyType(
    {
        ShipmentStatus.shipped: None,
        ShipmentStatus.delivered: Result.delivered,
        ShipmentStatus.partly_returned: Result.kept_part,
        ShipmentStatus.exchanged: Result.kept_part,
        ShipmentStatus.refused: Result.refused,
        ShipmentStatus.undeliverable: Result.undeliverable,
        # Couriers write "returned" for refusals and for doors not found alike: the milder reading holds.
        ShipmentStatus.returned: Result.undeliverable,
        ShipmentStatus.lost: None,
        ShipmentStatus.unknown: None,
    }
)
_REASONS: Mapping[DecisionReason, Result | None] = MappingProxyType(
    {
        DecisionReason.did_not_order: Result.did_not_order,
        DecisionReason.fake_details: Result.fake_details,
        # A second tap on the button and a town no courier goes to are nobody's fault.
        DecisionReason.duplicate: None,
        DecisionReason.out_of_area: None,
        # Asking not to be contacted is a right.
        DecisionReason.opted_out: None,
    }
)
_VERDICTS: Mapping[Verdict, Result | None] = MappingProxyType(
    {
        Verdict.confirmed: Result.confirmed,
        Verdict.rejected: Result.cancelled,
        Verdict.unreachable: Result.unreachable,
        Verdict.waived: None,
        Verdict.withdrawn: None,
    }
)


def result_of(
    verdict: Verdict | None, reason: DecisionReason | None, shipment: ShipmentStatus | None
) -> Result | None:
    """What an order's decision and latest shipment say about its buyer; None when they say nothing.

    The door outweighs the call: what the courier reported holds, and only without it the decision.
    """
    shipped = _SHIPPED[shipment] if shipment else None
    if shipped is not None or shipment is ShipmentStatus.lost:
        return shipped
    usual = _VERDICTS[verdict] if verdict else None
    return _REASONS.get(reason, usual) if usual and reason else usual
