"""WhatsApp through Twilio: approved templates with buttons, or free text while the buyer's day is open."""

from channels.twilio.account import Account
from channels.twilio.messages import TwilioMessages
from models.vocabulary import Channel


class TwilioWhatsApp(TwilioMessages):
    """WhatsApp. Free text more than a day after the buyer wrote is refused (63016)."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, Channel.whatsapp, prefix="whatsapp:")
