"""What Twilio's error codes mean for us: one table for each channel.

The codes come in answers to our requests and in callbacks alike; sources are Twilio's error dictionary, its
mapping of WhatsApp's errors, and RFC 3398 for the SIP codes that end calls (`sip_486`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from channels.protocol import Meaning
from models.vocabulary import Channel

_Table = Mapping[str, tuple[Meaning, str]]

_ACCOUNT: _Table = {
    # Nothing goes out under wrong credentials, so everything waits until they are mended.
    "10001": (Meaning.provider_down, "the account is not active"),
    "10002": (Meaning.our_fault, "a trial account may not do this"),
    "20001": (Meaning.our_fault, "an unknown parameter"),
    "20003": (Meaning.provider_down, "the credentials are wrong"),
    "20005": (Meaning.provider_down, "the account is not active"),
    "20006": (Meaning.our_fault, "the account may not do this"),
    "20008": (Meaning.provider_down, "test credentials cannot do this"),
    "20403": (Meaning.our_fault, "forbidden"),
    "20404": (Meaning.our_fault, "something that we named does not exist"),
    "20422": (Meaning.our_fault, "a parameter is wrong"),
    "20429": (Meaning.slow_down, "too many requests at once"),
    "20500": (Meaning.provider_down, "an error inside Twilio"),
    "20503": (Meaning.provider_down, "Twilio is not available"),
    "21201": (Meaning.our_fault, "the phone is missing"),
    "21211": (Meaning.no_such_number, "the phone is no valid number"),
}

_MESSAGES: _Table = {
    **_ACCOUNT,
    "21212": (Meaning.sender_refused, "the sender is no valid number"),
    "21266": (Meaning.our_fault, "the phone is the sender itself"),
    "21408": (Meaning.our_fault, "the account's geographic permissions leave this country out"),
    "21602": (Meaning.our_fault, "the text is missing"),
    "21603": (Meaning.our_fault, "the sender is missing"),
    "21604": (Meaning.our_fault, "the phone is missing"),
    "21605": (Meaning.our_fault, "the text is too long"),
    "21606": (Meaning.sender_refused, "the sender cannot send messages"),
    "21608": (Meaning.our_fault, "a trial account writes only to verified phones"),
    "21609": (Meaning.our_fault, "the callback address is not valid"),
    "21610": (Meaning.opted_out, "the owner told Twilio to stop"),
    "21611": (Meaning.slow_down, "the sender's queue is full"),
    "21612": (Meaning.sender_refused, "this sender cannot reach this phone"),
    "21617": (Meaning.our_fault, "the text is too long"),
    "21619": (Meaning.our_fault, "the message is empty"),
    "21654": (Meaning.our_fault, "the template is missing"),
    "21655": (Meaning.our_fault, "the template does not exist"),
    "21656": (Meaning.our_fault, "the template's variables are wrong"),
    "21659": (Meaning.sender_refused, "the sender is not Twilio's"),
    "21660": (Meaning.sender_refused, "the sender belongs to another account"),
    "21661": (Meaning.sender_refused, "the sender cannot send SMS"),
    "21701": (Meaning.sender_refused, "the messaging service does not exist"),
    "21703": (Meaning.sender_refused, "the messaging service has no sender"),
    "21704": (Meaning.sender_refused, "the messaging service has no sender"),
    "21705": (Meaning.sender_refused, "the messaging service is not valid"),
    "30001": (Meaning.slow_down, "the queue ran over"),
    "30002": (Meaning.our_fault, "the account is suspended"),
    "30007": (Meaning.filtered, "a carrier filtered it"),
    "30036": (Meaning.retry_later, "it waited in the queue until its time was over"),
    "30410": (Meaning.undeliverable, "the carrier did not answer in time"),
    "30500": (Meaning.undeliverable, "an error inside the carrier"),
}

_SMS: _Table = {
    **_MESSAGES,
    "21265": (Meaning.no_such_channel, "the phone is a short code"),
    "21614": (Meaning.no_such_channel, "the phone is no mobile"),
    "21635": (Meaning.no_such_channel, "the phone is a landline"),
    "21657": (Meaning.sender_refused, "the country does not allow this sender id"),
    "30003": (Meaning.switched_off, "the handset is off or out of reach"),
    "30004": (Meaning.undeliverable, "blocked for this phone"),
    "30005": (Meaning.undeliverable, "the handset is unknown or out of service"),
    "30006": (Meaning.no_such_channel, "a landline, or a carrier that takes no SMS"),
    "30008": (Meaning.undeliverable, "an unknown error"),
    "30010": (Meaning.our_fault, "dearer than the highest price set"),
    "30017": (Meaning.retry_later, "the carrier's network is congested"),
    "30019": (Meaning.our_fault, "larger than the carrier takes"),
    "30024": (Meaning.sender_refused, "the carrier does not know this sender id"),
    "30032": (Meaning.sender_refused, "the toll-free sender is not verified"),
    "30034": (Meaning.sender_refused, "the sender is not registered"),
    "30040": (Meaning.sender_refused, "the carrier asks for this sender id to be registered"),
    "30041": (Meaning.sender_refused, "the carrier does not take this kind of sender"),
    "30450": (Meaning.filtered, "Twilio's protection against SMS pumping blocked it"),
}

_WHATSAPP: _Table = {
    **_MESSAGES,
    "63001": (Meaning.our_fault, "WhatsApp does not accept our credentials"),
    "63002": (Meaning.sender_refused, "the sender is unknown to WhatsApp"),
    "63003": (Meaning.no_such_channel, "the phone is not on WhatsApp"),
    "63005": (Meaning.our_fault, "WhatsApp does not take this content"),
    "63006": (Meaning.our_fault, "the message could not be put together"),
    "63007": (Meaning.sender_refused, "the sender is not one of our WhatsApp senders"),
    "63008": (Meaning.our_fault, "the WhatsApp sender is set up wrongly"),
    "63009": (Meaning.undeliverable, "WhatsApp answered with an error"),
    "63010": (Meaning.undeliverable, "an error inside Twilio's WhatsApp"),
    "63012": (Meaning.undeliverable, "an error inside WhatsApp"),
    "63013": (Meaning.filtered, "against WhatsApp's policy"),
    "63014": (Meaning.opted_out, "the owner blocked us"),
    "63015": (Meaning.our_fault, "Twilio's WhatsApp sandbox reaches only those who joined it"),
    "63016": (Meaning.window_closed, "free text more than a day after the buyer wrote"),
    "63017": (Meaning.slow_down, "too much from this account"),
    "63018": (Meaning.slow_down, "too much from this sender"),
    "63019": (Meaning.our_fault, "the file could not be fetched"),
    "63020": (Meaning.our_fault, "Meta has not linked our business with Twilio"),
    "63021": (Meaning.our_fault, "the content is not valid"),
    "63022": (Meaning.sender_refused, "the sender's name is not certified"),
    "63024": (Meaning.no_such_channel, "the phone is not on WhatsApp"),
    "63027": (Meaning.our_fault, "the template does not exist in this language"),
    "63028": (Meaning.our_fault, "the template has another number of variables"),
    "63029": (Meaning.undeliverable, "the phone could not load the template"),
    "63030": (Meaning.our_fault, "a parameter that this kind of message does not have"),
    "63031": (Meaning.our_fault, "the phone is the sender itself"),
    "63032": (Meaning.undeliverable, "WhatsApp lets nobody write to this phone now"),
    "63033": (Meaning.opted_out, "the owner blocked us"),
    "63038": (Meaning.slow_down, "the account's messages for the day are used up"),
    "63040": (Meaning.our_fault, "WhatsApp rejected the template"),
    "63041": (Meaning.our_fault, "WhatsApp paused the template"),
    "63042": (Meaning.our_fault, "WhatsApp disabled the template"),
    "63049": (Meaning.undeliverable, "WhatsApp chose not to deliver it"),
    "63051": (Meaning.sender_refused, "our WhatsApp account is locked"),
    "63112": (Meaning.sender_refused, "our WhatsApp account is disabled"),
}

_CALLS: _Table = {
    **_ACCOUNT,
    "10004": (Meaning.slow_down, "too many calls at once"),
    "13214": (Meaning.sender_refused, "the caller id is not valid"),
    "13223": (Meaning.no_such_number, "the phone is written wrongly"),
    "13224": (Meaning.no_such_number, "the phone is no valid number"),
    "13225": (Meaning.no_such_channel, "a number that nobody may call"),
    "13227": (Meaning.our_fault, "the account's geographic permissions leave this country out"),
    "21202": (Meaning.no_such_channel, "the phone is a premium number"),
    "21203": (Meaning.our_fault, "the account may not call abroad"),
    "21205": (Meaning.our_fault, "the address that answers the call is not valid"),
    "21210": (Meaning.sender_refused, "the caller id is not verified"),
    "21212": (Meaning.sender_refused, "the caller id is not valid"),
    "21213": (Meaning.our_fault, "the caller id is missing"),
    "21214": (Meaning.undeliverable, "the phone cannot be reached"),
    "21215": (Meaning.our_fault, "the account's geographic permissions leave this country out"),
    "21216": (Meaning.our_fault, "the account may not call this phone"),
    "21217": (Meaning.no_such_number, "the phone is no valid number"),
    "21219": (Meaning.our_fault, "a trial account calls only verified phones"),
    "32205": (Meaning.our_fault, "the trunk's geographic permissions leave this country out"),
    "sip_401": (Meaning.our_fault, "the trunk does not accept our credentials"),
    "sip_403": (Meaning.sender_refused, "the carrier forbids the call, often for its caller id"),
    # Carriers say it of unassigned numbers and of missing routes alike, so it proves nothing.
    "sip_404": (Meaning.undeliverable, "no such number, or no route to it"),
    "sip_407": (Meaning.our_fault, "the trunk does not accept our credentials"),
    "sip_408": (Meaning.switched_off, "the handset did not answer the network"),
    "sip_410": (Meaning.no_such_number, "the number has changed"),
    "sip_480": (Meaning.switched_off, "the handset is off or out of reach"),
    "sip_484": (Meaning.no_such_number, "the number is incomplete"),
    "sip_486": (Meaning.undeliverable, "busy"),
    "sip_487": (Meaning.undeliverable, "it rang until we gave up"),
    "sip_488": (Meaning.undeliverable, "not acceptable to the other side"),
    "sip_500": (Meaning.undeliverable, "an error inside the carrier"),
    "sip_502": (Meaning.undeliverable, "the destination is out of order"),
    "sip_503": (Meaning.undeliverable, "the carrier's lines are full"),
    "sip_504": (Meaning.undeliverable, "the carrier did not answer in time"),
    "sip_600": (Meaning.undeliverable, "busy"),
    "sip_603": (Meaning.undeliverable, "declined"),
    "sip_604": (Meaning.no_such_number, "the number exists nowhere"),
    "sip_607": (Meaning.filtered, "the owner or the carrier does not want such calls"),
    "sip_608": (Meaning.filtered, "a filter rejected the call"),
}

TABLES: Mapping[Channel, _Table] = MappingProxyType(
    {
        Channel.whatsapp: MappingProxyType(_WHATSAPP),
        Channel.sms: MappingProxyType(_SMS),
        Channel.ivr: MappingProxyType(_CALLS),
        Channel.agent_call: MappingProxyType(_CALLS),
    }
)
"""By channel: each code, what it means for what happens next, and what it says."""

# What an operator mends in one place of Twilio's console.
_ALARMS: Mapping[str, str] = {
    **dict.fromkeys(("13227", "21203", "21215", "21408", "32205"), "geo_permission"),
    **dict.fromkeys(("10001", "20003", "20005", "20008", "30002"), "credentials"),
}

_BY_STATUS = {
    401: Meaning.provider_down,
    403: Meaning.our_fault,
    404: Meaning.our_fault,
    405: Meaning.our_fault,
    429: Meaning.slow_down,
}


def meaning_of(channel: Channel, code: str, *, status: int | None = None) -> Meaning:
    """What a code means on a channel; `status` of HTTP speaks for a code that is in no table.

    A code that nobody knows is undeliverable, so that the next channel is tried; `is_known` tells it apart.
    """
    if code in TABLES[channel]:
        return TABLES[channel][code][0]
    if status is not None and status < 400:
        # A redirection or the like: whoever answers there is not Twilio.
        return Meaning.our_fault
    return _BY_STATUS.get(status or 0, Meaning.undeliverable)


def is_known(channel: Channel, code: str) -> bool:
    """Whether the table of the channel has the code; what it has not is kept and flagged."""
    return code in TABLES[channel]


def alarm_of(channel: Channel, code: str) -> str | None:
    """The alarm that a code raises where it says more than its meaning: `geo_permission`, `credentials`."""
    return _ALARMS.get(code) if is_known(channel, code) else None


def said_of(channel: Channel, code: str) -> str | None:
    """What a code says, in English; None for an unknown one."""
    row = TABLES[channel].get(code)
    return row[1] if row else None
