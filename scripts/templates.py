"""Who approves the texts of messages."""

from functools import partial

from channels.twilio import contents
from channels.twilio.account import Account
from verification.templates.submitting import Approver


def approver_at(account: Account) -> Approver:
    """WhatsApp, reached over an account at Twilio."""
    return Approver(submit=partial(contents.submit, account), ask=partial(contents.approval_of, account))
