"""Refusals as the sentences that a person at the command line reads."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from storefronts.endpoint import EndpointRefused
from verification.accounts.refusals import AccountRefused
from verification.privacy.people import NobodyKnown
from verification.refusals import NotFound

_ACCOUNT = {
    "name_empty": "the name is empty",
    "name_taken": "the seller already has a store of this name",
    "unknown_country": "the country is not an ISO 3166-1 code of two letters, such as SA",
    "unknown_time_zone": "the time zone is not an IANA name, such as Asia/Riyadh",
    "email_malformed": "this is not an email address",
    "email_taken": "somebody already has this email address",
    "password_too_short": "the password has fewer than 8 characters",
    "password_too_long": "the password has more than 1,000 characters",
    "seller_missing": "there is no seller with this id or slug",
    "user_missing": "nobody has this email address",
    "phone_unreadable": "this is not one phone number of a country that is served, such as +966551234567",
}
_ENDPOINT = {
    "malformed": "it is not a web address",
    "too_long": "it is longer than 2,000 characters",
    "scheme": "it must begin with https://",
    "credentials": "it may not contain a user or password",
    "fragment": "it may not contain #",
    "host": "its host is not a name or address",
    "port": "its port is not allowed",
    "private_address": "it lies inside a private network (TAKEED_WEBHOOK_ALLOW_PRIVATE=1 allows that)",
}


@contextmanager
def as_sentences() -> Iterator[None]:
    """Turns refusals into one sentence on standard error and exit code 1; never repeats personal data."""
    try:
        yield
    except AccountRefused as refusal:
        raise click.ClickException(_ACCOUNT.get(refusal.code, refusal.code)) from None
    except EndpointRefused as refusal:
        why = _ENDPOINT.get(refusal.code, refusal.code)
        raise click.ClickException(f"events cannot be sent to this URL: {why}") from None
    except NotFound:
        raise click.ClickException("the seller has no store of this name") from None
    except NobodyKnown:
        raise click.ClickException("nobody with this phone is known") from None
