"""What stands in the way of an account's messages and calls, asked of Twilio itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from channels.twilio.account import Account
from channels.twilio.client import UNREADABLE, Rejected, Unanswered, client_of

_MOST_NUMBERS = 200
_ADDRESS_SECONDS = 3.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, what it is, and the particulars.

    Codes, with their particulars: `unreachable` (code), `credentials_refused` (code),
    `account_active` or `account_inactive` (status), `account_trial`, `balance` or `balance_empty` (amount,
    currency), `numbers` (count), `voice_door` and `messages_door` (number, wanted: the address that the
    number should have), `public_url` or `public_url_not_https` (url) or `public_url_silent` (url, code).
    """

    ok: bool
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def examine(account: Account) -> list[Finding]:
    """All there is to say of an account; after one that Twilio does not answer or refuses, nothing more."""
    findings: list[Finding] = []
    try:
        findings.extend(_account(account))
        findings.extend(_balance(account))
        findings.extend(_numbers(account))
    except Unanswered as silence:
        findings.append(Finding(False, "unreachable", {"code": silence.code}))
    except Rejected as no:
        code = "credentials_refused" if no.status in (401, 403) else "unreachable"
        findings.append(Finding(False, code, {"code": no.code}))
    except UNREADABLE:
        findings.append(Finding(False, "unreachable", {"code": "unreadable_answer"}))
    return findings


def examine_address(account: Account) -> list[Finding]:
    """Whether our own address can be Twilio's to call: https, and answered here. A server in Twilio's place
    may call plain addresses too."""
    url = account.public_url
    if not url.startswith("https://") and account.api_base is None:
        return [Finding(False, "public_url_not_https", {"url": url})]
    try:
        answer = httpx.get(f"{url}/healthz", timeout=_ADDRESS_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as trouble:
        return [Finding(False, "public_url_silent", {"url": url, "code": type(trouble).__name__})]
    if answer.status_code != 200:
        code = f"http_{answer.status_code}"
        return [Finding(False, "public_url_silent", {"url": url, "code": code})]
    return [Finding(True, "public_url", {"url": url})]


def _account(account: Account) -> Iterator[Finding]:
    told = client_of(account).api.v2010.accounts(account.sid).fetch()
    active = told.status == "active"
    yield Finding(active, "account_active" if active else "account_inactive", {"status": told.status})
    if str(told.type).lower() == "trial":
        yield Finding(False, "account_trial")


def _balance(account: Account) -> Iterator[Finding]:
    try:
        told = client_of(account).balance.fetch()
        amount = Decimal(str(told.balance))
    except (Rejected, InvalidOperation):
        # A subaccount has none of its own.
        return
    left = amount > 0
    params = {"amount": str(amount), "currency": told.currency}
    yield Finding(left, "balance" if left else "balance_empty", params)


def _numbers(account: Account) -> Iterator[Finding]:
    numbers = client_of(account).incoming_phone_numbers.list(limit=_MOST_NUMBERS)
    yield Finding(True, "numbers", {"count": len(numbers)})
    for number in numbers:
        able = number.capabilities or {}
        doors = (
            ("voice_door", able.get("voice"), number.voice_url, "/voice/inbound"),
            ("messages_door", able.get("sms"), number.sms_url, "/messages/inbound"),
        )
        for code, has_it, found, path in doors:
            if has_it:
                wanted = account.door(path)
                leads_here = _bare(found) == _bare(wanted)
                yield Finding(leads_here, code, {"number": number.phone_number, "wanted": _bare(wanted)})


def _bare(address: str | None) -> str:
    return (address or "").partition("#")[0]
