"""Our account at Twilio, and the addresses of ours that Twilio calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

PROVIDER = "twilio"

# Twilio's connection overrides travel in the fragment: three more tries, whatever went wrong.
_RETRIES = "#rc=3&rp=all"


class _Settings(Protocol):
    """Where an account is read from."""

    @property
    def twilio_account_sid(self) -> str | None: ...
    @property
    def twilio_auth_token(self) -> str | None: ...
    @property
    def twilio_api_base(self) -> str | None: ...
    @property
    def twilio_webhook_keys(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def public_url(self) -> str: ...


@dataclass(frozen=True)
class Account:
    """One account. `public_url` is how Twilio reaches us; `api_base` another server in Twilio's place.

    `webhook_keys` are the shared keys that sign callbacks, by key id, beside `token`. A request that is not
    answered for `timeout` seconds is given up.
    """

    sid: str
    token: str = field(repr=False)
    public_url: str
    api_base: str | None = None
    webhook_keys: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    timeout: float = 10.0

    def door(self, path: str, **query: str) -> str:
        """An address below `/channels/twilio` for Twilio to call, which it tries again when a call fails."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.public_url}/channels/twilio{path}{asked}{_RETRIES}"


def account_of(settings: _Settings) -> Account | None:
    """The account of an installation; None without credentials, so that its channels are the sandbox's."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    return Account(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token,
        public_url=settings.public_url,
        api_base=settings.twilio_api_base,
        webhook_keys=dict(settings.twilio_webhook_keys),
    )
