"""Correcting an order: its draft back as JSON, and a merge patch over it."""

from dataclasses import asdict
from typing import Any

from models.drafts import DraftItem, OrderDraft
from models.money import decimal_text


def as_payload(draft: OrderDraft) -> dict[str, Any]:
    """The draft as the contract's JSON; reading it again gives an equal draft."""
    return {
        "external_id": draft.external_id,
        "number": draft.number,
        "placed_at": draft.placed_at.isoformat(),
        "currency": draft.currency,
        "total": decimal_text(draft.total_minor, draft.currency),
        "payment_method": draft.payment_method,
        "ship_by": draft.ship_by.isoformat() if draft.ship_by else None,
        "note": draft.note,
        "buyer": asdict(draft.buyer),
        "address": asdict(draft.address),
        "items": [_item_payload(item, draft.currency) for item in draft.items],
    }


def merge_patch(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Apply a JSON Merge Patch (RFC 7396): null removes, objects merge, everything else replaces.

    Neither argument is changed. Works level by level rather than by recursion, so that no depth of nesting in
    what a caller sends can exhaust the stack.
    """
    merged = dict(target)
    pending = [(merged, patch)]
    while pending:
        into, changes = pending.pop()
        for name, value in changes.items():
            if value is None:
                into.pop(name, None)
            elif isinstance(value, dict):
                before = into.get(name)
                into[name] = dict(before) if isinstance(before, dict) else {}
                pending.append((into[name], value))
            else:
                into[name] = value
    return merged


def _item_payload(item: DraftItem, currency: str) -> dict[str, Any]:
    payload = asdict(item)
    payload["unit_price"] = decimal_text(payload.pop("unit_price_minor"), currency)
    return payload
