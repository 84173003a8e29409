"""Events without the person: what a seller is still told after an erasure."""

import json
from collections.abc import Collection
from typing import Any


def without_person(body: str) -> str:
    """The event with its type, ids, decision and items, but no phone, address line or words."""
    event: dict[str, Any] = json.loads(body)
    data = event["data"]
    data["phone"] = None
    data["alternate_phones"] = []
    data["address"] = dict.fromkeys(data["address"]) | {"country": data["address"]["country"]}
    if data["decision"] is not None:
        data["decision"]["changes"] = {}
    if data["shipment"] is not None:
        data["shipment"] |= {"reason": None, "status_raw": data["shipment"]["status"]}
    return json.dumps(event, ensure_ascii=False)


def without_phones(body: str, phones: Collection[str]) -> str:
    """The event of another buyer's order, without these phones (E.164)."""
    event: dict[str, Any] = json.loads(body)
    data = event["data"]
    left = [each for each in (data["phone"], *data["alternate_phones"]) if each and each not in phones]
    data["phone"] = left[0] if left else None
    data["alternate_phones"] = left[1:]
    return json.dumps(event, ensure_ascii=False)
