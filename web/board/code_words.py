"""The provider's codes in words, in the reader's language."""

from collections.abc import Mapping

from babel.support import LazyProxy

from channels.twilio.meanings import said_of
from models.vocabulary import Channel
from web.translating import gettext, lazy

SAID: Mapping[str, LazyProxy] = {
    "a carrier filtered it": lazy("a carrier filtered it"),
    "a filter rejected the call": lazy("a filter rejected the call"),
    "a landline, or a carrier that takes no SMS": lazy("a landline, or a carrier that takes no SMS"),
    "a number that nobody may call": lazy("a number that nobody may call"),
    "a parameter is wrong": lazy("a parameter is wrong"),
    "a parameter that this kind of message does not have": lazy(
        "a parameter that this kind of message does not have"
    ),
    "a trial account calls only verified phones": lazy("a trial account calls only verified phones"),
    "a trial account may not do this": lazy("a trial account may not do this"),
    "a trial account writes only to verified phones": lazy("a trial account writes only to verified phones"),
    "against WhatsApp's policy": lazy("against WhatsApp's policy"),
    "an error inside the carrier": lazy("an error inside the carrier"),
    "an error inside Twilio": lazy("an error inside Twilio"),
    "an error inside Twilio's WhatsApp": lazy("an error inside Twilio's WhatsApp"),
    "an error inside WhatsApp": lazy("an error inside WhatsApp"),
    "an unknown error": lazy("an unknown error"),
    "an unknown parameter": lazy("an unknown parameter"),
    "blocked for this phone": lazy("blocked for this phone"),
    "busy": lazy("busy"),
    "dearer than the highest price set": lazy("dearer than the highest price set"),
    "declined": lazy("declined"),
    "forbidden": lazy("forbidden"),
    "free text more than a day after the buyer wrote": lazy(
        "free text more than a day after the buyer wrote"
    ),
    "it rang until we gave up": lazy("it rang until we gave up"),
    "it waited in the queue until its time was over": lazy("it waited in the queue until its time was over"),
    "larger than the carrier takes": lazy("larger than the carrier takes"),
    "Meta has not linked our business with Twilio": lazy("Meta has not linked our business with Twilio"),
    "no such number, or no route to it": lazy("no such number, or no route to it"),
    "not acceptable to the other side": lazy("not acceptable to the other side"),
    "our WhatsApp account is disabled": lazy("our WhatsApp account is disabled"),
    "our WhatsApp account is locked": lazy("our WhatsApp account is locked"),
    "something that we named does not exist": lazy("something that we named does not exist"),
    "test credentials cannot do this": lazy("test credentials cannot do this"),
    "the account is not active": lazy("the account is not active"),
    "the account is suspended": lazy("the account is suspended"),
    "the account may not call abroad": lazy("the account may not call abroad"),
    "the account may not call this phone": lazy("the account may not call this phone"),
    "the account may not do this": lazy("the account may not do this"),
    "the account's geographic permissions leave this country out": lazy(
        "the account's geographic permissions leave this country out"
    ),
    "the account's messages for the day are used up": lazy("the account's messages for the day are used up"),
    "the address that answers the call is not valid": lazy("the address that answers the call is not valid"),
    "the callback address is not valid": lazy("the callback address is not valid"),
    "the caller id is missing": lazy("the caller id is missing"),
    "the caller id is not valid": lazy("the caller id is not valid"),
    "the caller id is not verified": lazy("the caller id is not verified"),
    "the carrier asks for this sender id to be registered": lazy(
        "the carrier asks for this sender id to be registered"
    ),
    "the carrier did not answer in time": lazy("the carrier did not answer in time"),
    "the carrier does not know this sender id": lazy("the carrier does not know this sender id"),
    "the carrier does not take this kind of sender": lazy("the carrier does not take this kind of sender"),
    "the carrier forbids the call, often for its caller id": lazy(
        "the carrier forbids the call, often for its caller id"
    ),
    "the carrier's lines are full": lazy("the carrier's lines are full"),
    "the carrier's network is congested": lazy("the carrier's network is congested"),
    "the content is not valid": lazy("the content is not valid"),
    "the country does not allow this sender id": lazy("the country does not allow this sender id"),
    "the credentials are wrong": lazy("the credentials are wrong"),
    "the destination is out of order": lazy("the destination is out of order"),
    "the file could not be fetched": lazy("the file could not be fetched"),
    "the handset did not answer the network": lazy("the handset did not answer the network"),
    "the handset is off or out of reach": lazy("the handset is off or out of reach"),
    "the handset is unknown or out of service": lazy("the handset is unknown or out of service"),
    "the message could not be put together": lazy("the message could not be put together"),
    "the message is empty": lazy("the message is empty"),
    "the messaging service does not exist": lazy("the messaging service does not exist"),
    "the messaging service has no sender": lazy("the messaging service has no sender"),
    "the messaging service is not valid": lazy("the messaging service is not valid"),
    "the number exists nowhere": lazy("the number exists nowhere"),
    "the number has changed": lazy("the number has changed"),
    "the number is incomplete": lazy("the number is incomplete"),
    "the owner blocked us": lazy("the owner blocked us"),
    "the owner or the carrier does not want such calls": lazy(
        "the owner or the carrier does not want such calls"
    ),
    "the owner told Twilio to stop": lazy("the owner told Twilio to stop"),
    "the phone cannot be reached": lazy("the phone cannot be reached"),
    "the phone could not load the template": lazy("the phone could not load the template"),
    "the phone is a landline": lazy("the phone is a landline"),
    "the phone is a premium number": lazy("the phone is a premium number"),
    "the phone is a short code": lazy("the phone is a short code"),
    "the phone is missing": lazy("the phone is missing"),
    "the phone is no mobile": lazy("the phone is no mobile"),
    "the phone is no valid number": lazy("the phone is no valid number"),
    "the phone is not on WhatsApp": lazy("the phone is not on WhatsApp"),
    "the phone is the sender itself": lazy("the phone is the sender itself"),
    "the phone is written wrongly": lazy("the phone is written wrongly"),
    "the queue ran over": lazy("the queue ran over"),
    "the sender belongs to another account": lazy("the sender belongs to another account"),
    "the sender cannot send messages": lazy("the sender cannot send messages"),
    "the sender cannot send SMS": lazy("the sender cannot send SMS"),
    "the sender is missing": lazy("the sender is missing"),
    "the sender is no valid number": lazy("the sender is no valid number"),
    "the sender is not one of our WhatsApp senders": lazy("the sender is not one of our WhatsApp senders"),
    "the sender is not registered": lazy("the sender is not registered"),
    "the sender is not Twilio's": lazy("the sender is not Twilio's"),
    "the sender is unknown to WhatsApp": lazy("the sender is unknown to WhatsApp"),
    "the sender's name is not certified": lazy("the sender's name is not certified"),
    "the sender's queue is full": lazy("the sender's queue is full"),
    "the template does not exist": lazy("the template does not exist"),
    "the template does not exist in this language": lazy("the template does not exist in this language"),
    "the template has another number of variables": lazy("the template has another number of variables"),
    "the template is missing": lazy("the template is missing"),
    "the template's variables are wrong": lazy("the template's variables are wrong"),
    "the text is missing": lazy("the text is missing"),
    "the text is too long": lazy("the text is too long"),
    "the toll-free sender is not verified": lazy("the toll-free sender is not verified"),
    "the trunk does not accept our credentials": lazy("the trunk does not accept our credentials"),
    "the trunk's geographic permissions leave this country out": lazy(
        "the trunk's geographic permissions leave this country out"
    ),
    "the WhatsApp sender is set up wrongly": lazy("the WhatsApp sender is set up wrongly"),
    "this sender cannot reach this phone": lazy("this sender cannot reach this phone"),
    "too many calls at once": lazy("too many calls at once"),
    "too many requests at once": lazy("too many requests at once"),
    "too much from this account": lazy("too much from this account"),
    "too much from this sender": lazy("too much from this sender"),
    "Twilio is not available": lazy("Twilio is not available"),
    "Twilio's protection against SMS pumping blocked it": lazy(
        "Twilio's protection against SMS pumping blocked it"
    ),
    "Twilio's WhatsApp sandbox reaches only those who joined it": lazy(
        "Twilio's WhatsApp sandbox reaches only those who joined it"
    ),
    "WhatsApp answered with an error": lazy("WhatsApp answered with an error"),
    "WhatsApp chose not to deliver it": lazy("WhatsApp chose not to deliver it"),
    "WhatsApp disabled the template": lazy("WhatsApp disabled the template"),
    "WhatsApp does not accept our credentials": lazy("WhatsApp does not accept our credentials"),
    "WhatsApp does not take this content": lazy("WhatsApp does not take this content"),
    "WhatsApp lets nobody write to this phone now": lazy("WhatsApp lets nobody write to this phone now"),
    "WhatsApp paused the template": lazy("WhatsApp paused the template"),
    "WhatsApp rejected the template": lazy("WhatsApp rejected the template"),
}
"""All that the tables say, each marked here for the catalogues."""


def code_name(channel: Channel | None, code: str) -> str:
    """ "30007: a carrier filtered it"; a code that nobody knows stands alone."""
    said = said_of(channel, code) if channel is not None and channel is not Channel.page else None
    return gettext("%(code)s: %(said)s", code=code, said=SAID[said]) if said else code
