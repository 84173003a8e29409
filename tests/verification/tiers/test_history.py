"""What an order's end says about its buyer."""

import pytest

from models.vocabulary import DecisionReason, ShipmentStatus, Tier, Verdict
from verification.tiers.history import BuyerHistory, Result, result_of


@pytest.mark.parametrize(
    ("verdict", "reason", "shipment", "result"),
    [
        (None, None, None, None),
        (Verdict.confirmed, DecisionReason.buyer_confirmed, None, Result.confirmed),
        (Verdict.confirmed, None, ShipmentStatus.shipped, Result.confirmed),
        (Verdict.confirmed, None, ShipmentStatus.unknown, Result.confirmed),
        (Verdict.confirmed, None, ShipmentStatus.delivered, Result.delivered),
        (Verdict.confirmed, None, ShipmentStatus.refused, Result.refused),
        (Verdict.confirmed, None, ShipmentStatus.returned, Result.undeliverable),
        (Verdict.confirmed, None, ShipmentStatus.lost, None),
        (Verdict.confirmed, None, ShipmentStatus.partly_returned, Result.kept_part),
        (Verdict.unreachable, DecisionReason.no_response, ShipmentStatus.delivered, Result.delivered),
        (Verdict.unreachable, DecisionReason.no_response, None, Result.unreachable),
        (Verdict.unreachable, DecisionReason.opted_out, None, None),
        (Verdict.rejected, DecisionReason.price, None, Result.cancelled),
        (Verdict.rejected, DecisionReason.did_not_order, None, Result.did_not_order),
        (Verdict.rejected, DecisionReason.fake_details, None, Result.fake_details),
        (Verdict.rejected, DecisionReason.duplicate, None, None),
        (Verdict.waived, DecisionReason.not_cod, None, None),
        (Verdict.waived, DecisionReason.not_cod, ShipmentStatus.refused, Result.refused),
        (Verdict.withdrawn, DecisionReason.seller_request, None, None),
    ],
)
def test_the_door_outweighs_the_call(
    verdict: Verdict | None,
    reason: DecisionReason | None,
    shipment: ShipmentStatus | None,
    result: Result | None,
) -> None:
    assert result_of(verdict, reason, shipment) is result


@pytest.mark.parametrize("verdict", [None, *Verdict])
@pytest.mark.parametrize("shipment", [None, *ShipmentStatus])
def test_every_combination_has_an_answer(verdict: Verdict | None, shipment: ShipmentStatus | None) -> None:
    for reason in (None, *DecisionReason):
        assert result_of(verdict, reason, shipment) in (None, *Result)


@pytest.mark.parametrize("tier", [Tier.good, Tier.fair, Tier.new, Tier.poor])
def test_only_blocked_and_vip_are_set_by_hand(tier: Tier) -> None:
    with pytest.raises(ValueError):
        BuyerHistory(override=tier)
