"""How Twilio signs what it sends, as its security guide describes it."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(secret: str, url: str, form: Iterable[tuple[str, str]], algorithm: str = "sha1") -> str:
    """The signature of a request: HMAC over the address and, sorted by name, each field with its value."""
    parts: dict[str, set[str]] = {}
    for name, value in form:
        parts.setdefault(name, set()).add(value)
    text = url + "".join(name + value for name in sorted(parts) for value in sorted(parts[name]))
    digest = hmac.new(secret.encode(), text.encode(), getattr(hashlib, algorithm))
    return base64.b64encode(digest.digest()).decode()
