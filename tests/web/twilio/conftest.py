from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator
from werkzeug.test import TestResponse

from channels.twilio.account import Account

SHARED_KEY = "webhooks_sharedkey_1"
ACCOUNT = Account(
    sid="AC" + "0" * 32,
    token="t" * 32,
    public_url="https://takeed.example",
    webhook_keys={SHARED_KEY: "a shared secret"},
)


class Twilio:
    """Twilio as our doors meet it: it posts forms, signed with the real algorithm."""

    def __init__(self, app: Flask, account: Account = ACCOUNT) -> None:
        self.app, self.account = app, account

    def post(
        self,
        path: str,
        form: dict[str, str] | list[tuple[str, str]] | None = None,
        *,
        query: dict[str, str] | None = None,
        token: str | None = None,
        signature: str | None = None,
        shared_key: str | None = None,
        **headers: str,
    ) -> TestResponse:
        """Post a form to a path below `/channels/twilio`; `token` is the idempotency token of this event."""
        fields = [("AccountSid", self.account.sid), *(form.items() if isinstance(form, dict) else form or [])]
        path = f"/channels/twilio{path}" + (f"?{urlencode(query)}" if query else "")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        secret, algorithm = self.account.token, HMAC_SHA1
        if shared_key is not None:
            secret, algorithm = self.account.webhook_keys.get(shared_key, "nothing"), HMAC_SHA256
            sent["X-Twilio-Webhooks-Signature-Settings"] = f"key={shared_key},algorithm={algorithm}"
        if signature is None:
            signer, named = RequestValidator(secret), Fields(fields)
            signature = signer.compute_signature(self.account.public_url + path, named, algorithm)
        if signature:
            sent["X-Twilio-Signature"] = signature
        if token is not None:
            sent["I-Twilio-Idempotency-Token"] = token
        body, kind = urlencode(fields), "application/x-www-form-urlencoded"
        return self.app.test_client().post(path, data=body, content_type=kind, headers=sent)


class Fields(dict[str, list[str]]):
    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in pairs:
            self.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        return self[name]


@pytest.fixture
def twilio(app: Flask) -> Iterator[Twilio]:
    app.extensions["takeed"].account = ACCOUNT
    yield Twilio(app)
    del app.extensions["takeed"].account
