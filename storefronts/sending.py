"""Sending one event to a seller: signed as Standard Webhooks, posted once."""

from collections.abc import Sequence
from datetime import datetime

from storefronts.posting import Posted, post
from storefronts.signing import sign


def send_event(
    url: str, *, event_id: str, body: bytes, secrets: Sequence[str], now: datetime, allow_private: bool
) -> Posted:
    """POST a JSON body under the event's id, signed with every secret; during a rotation both verify.

    `now` is the real time: receivers hold the signature's against their own clocks. Network trouble is the
    answer's `error`; raises `SignatureRefused` for secrets that cannot sign.
    """
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secrets, event_id, timestamp, body),
    }
    return post(url, headers, body, now=now, allow_private=allow_private)
