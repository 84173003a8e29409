"""SMS through Twilio: a notice, which nobody can answer in the countries we serve."""

from channels.twilio.account import Account
from channels.twilio.messages import TwilioMessages
from models.vocabulary import Channel


class TwilioSms(TwilioMessages):
    """SMS, from a number, a sender id of letters or a messaging service."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, Channel.sms)
