"""Whether a request comes from Twilio: its signature over our own address and what was posted."""

from collections.abc import Iterable, Mapping

from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator

from channels.twilio.account import Account

_SIGNATURE, _SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"


class _Fields(dict[str, list[str]]):
    """A form whose names may come several times, as the library asks for it."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def is_signed(
    account: Account, url: str, posted: Iterable[tuple[str, str]] | str, headers: Mapping[str, str]
) -> bool:
    """Whether the request to `url` (as Twilio was given it, with its query) was signed by this account.

    `posted` are the fields of a form, or a body of another kind as it came. It is signed with the account's
    token, or with the shared key that the headers name. Never raises; what another account sent is refused.
    """
    signature = headers.get(_SIGNATURE, "")
    secret, algorithm = _secret(account, headers.get(_SETTINGS, ""))
    if not signature or secret is None:
        return False
    if isinstance(posted, str):
        # Without the hash in the address a signature says nothing about such a body.
        return "bodySHA256=" in url and _validate(secret, url, posted, signature, algorithm)
    fields = _Fields()
    for name, value in posted:
        fields.setdefault(name, []).append(value)
    if fields.get("AccountSid", [account.sid]) != [account.sid]:
        return False
    return _validate(secret, url, fields, signature, algorithm)


def _validate(secret: str, url: str, posted: _Fields | str, signature: str, algorithm: str) -> bool:
    try:
        return bool(RequestValidator(secret).validate(url, posted, signature, algorithm))
    except ValueError:
        # A query can make an address unreadable.
        return False


def _secret(account: Account, settings: str) -> tuple[str | None, str]:
    """What a request says it was signed with, and how; no secret where we know none."""
    parts = (part.partition("=") for part in settings.split(","))
    said = {name.strip(): value.strip() for name, _, value in parts}
    algorithm = said.get("algorithm", HMAC_SHA1).upper()
    if algorithm not in (HMAC_SHA1, HMAC_SHA256):
        return None, algorithm
    if "key" in said:
        return account.webhook_keys.get(said["key"]), algorithm
    return (account.token if algorithm == HMAC_SHA1 else None), algorithm
