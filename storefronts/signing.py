"""Standard Webhooks 1.0.0 signatures (HMAC-SHA256, `v1`), in bytes from end to end.

What is signed is `id.timestamp.body`, with the raw body: parsing and writing the JSON again would change it.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets as randomness
from collections.abc import Mapping, Sequence

PREFIX = "whsec_"
KEY_BYTES = 32
SHORTEST_KEY, LONGEST_KEY = 24, 64

_ID = re.compile(r"[!-\-/-~]{1,200}")  # printable ASCII; a dot would blur where the id ends
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


class SignatureRefused(Exception):
    """A message that may not be believed, or a secret or id that cannot sign.

    `code`: `bad_secret`, `missing_header`, `bad_id`, `bad_timestamp`, `too_old`, `too_new`, `bad_signature`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_secret() -> str:
    """A fresh signing secret for one endpoint: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(randomness.token_bytes(KEY_BYTES)).decode()


def sign(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` value, one signature per secret: during a rotation both old and new verify.

    `timestamp` is in unix seconds, of this attempt. Raises `SignatureRefused` for what cannot sign.
    """
    if not secrets:
        raise SignatureRefused("bad_secret")
    return " ".join(_signature(_key(secret), message_id, str(timestamp), body).decode() for secret in secrets)


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: int, tolerance_seconds: int = 300
) -> None:
    """Return when `body` was signed with `secret` about `now` (unix seconds), else raise `SignatureRefused`.

    Header names are read in any case. Nothing that a sender can write raises anything else.
    """
    key = _key(secret)
    by_name = {name.lower(): value for name, value in headers.items()}
    try:
        message_id = by_name["webhook-id"]
        timestamp = by_name["webhook-timestamp"]
        given = by_name["webhook-signature"]
    except KeyError:
        raise SignatureRefused("missing_header") from None
    expected = _signature(key, message_id, timestamp, body)
    if int(timestamp) < now - tolerance_seconds:
        raise SignatureRefused("too_old")
    if int(timestamp) > now + tolerance_seconds:
        raise SignatureRefused("too_new")
    # The texts are compared, not the decoded bytes: base64 has several spellings for the same bytes.
    matches = [hmac.compare_digest(expected, one.encode(errors="replace")) for one in given.split(" ")]
    if not any(matches):
        raise SignatureRefused("bad_signature")


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    if not _ID.fullmatch(message_id):
        raise SignatureRefused("bad_id")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise SignatureRefused("bad_timestamp")
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256))


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise SignatureRefused("bad_secret")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureRefused("bad_secret") from None
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise SignatureRefused("bad_secret")
    return key
