"""Taking back what Twilio took: a queued message, or a call that rings or runs."""

from channels.protocol import Refused
from channels.twilio.account import Account
from channels.twilio.client import asking, client_of
from models.vocabulary import Channel


def cancel(account: Account, channel: Channel, provider_id: str) -> bool:
    """End a call, or keep back a message; False when it was too late. Raises `Uncertain`."""
    client = client_of(account)
    try:
        with asking(channel):
            if channel.is_call:
                # Unlike `canceled` this also ends a call that somebody has answered.
                client.calls(provider_id).update(status="completed")
            else:
                client.messages(provider_id).update(status="canceled")
    except Refused:
        return False
    return True
