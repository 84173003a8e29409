"""Message templates and the provider that approves them."""

from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from channels.twilio import contents
from channels.twilio.account import Account
from verification.templates.submitting import Ask, Submit, refresh, send_waiting


def submits(account: Account) -> Submit:
    """How texts are handed to this account."""
    return partial(contents.submit, account)


def asks(account: Account) -> Ask:
    """How this account is asked what became of a text."""
    return partial(contents.approval_of, account)


def tend_templates(engine: Engine, account: Account, now: datetime) -> int:
    """Hand over the texts that wait for it, and ask after all that were; returns how many went on."""
    return send_waiting(engine, submits(account), now=now) + refresh(engine, asks(account), now=now)
