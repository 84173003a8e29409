"""What WhatsApp and SMS have in common at Twilio: one kind of resource, sent, found and priced alike."""

import json
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from channels.protocol import Contact, From, Meaning, Refused, Sent, Uncertain, Wording
from channels.twilio.account import PROVIDER, Account
from channels.twilio.client import asking, client_of
from channels.twilio.finding import NEWEST, newest_of
from channels.twilio.meanings import alarm_of, is_known, meaning_of
from channels.twilio.prices import cost_of
from models.vocabulary import AttemptState, Channel

# The most that Twilio takes for the time that a message may wait in its queue.
_LONGEST_WAIT_SECONDS = 36_000
_SERVICE = "MG"
_FAILED = ("failed", "undelivered", "canceled")
_STATES = {"delivered": AttemptState.delivered, "read": AttemptState.reached}


class TwilioMessages:
    """A channel of messages. `prefix` stands before every phone in Twilio's addresses of the channel."""

    def __init__(self, account: Account, channel: Channel, prefix: str = "") -> None:
        self._account = account
        self._channel = channel
        self._prefix = prefix

    @property
    def provider(self) -> str:
        """Twilio's name."""
        return PROVIDER

    @property
    def needs_sender(self) -> bool:
        """Messages go out from an address of ours, with words of ours."""
        return True

    def send(self, contact: Contact) -> Sent:
        """Hand the message over; raises `Refused` or `Uncertain`.

        Twilio queues it no longer than until `contact.valid_until`.
        """
        fields = {
            "to": self._address(contact.phone),
            "status_callback": self._account.door("/messages/status", ref=contact.reference),
            "validity_period": _seconds_to_wait(contact),
            **self._from(_sender(contact)),
            **_words(contact),
        }
        with asking(self._channel):
            message = client_of(self._account).messages.create(**fields)
        if not message.sid:
            raise Uncertain("no_id")
        if message.status in _FAILED:
            code = str(message.error_code or message.status)
            raise Refused(
                code,
                meaning_of(self._channel, code),
                is_known=is_known(self._channel, code) or not code.isdigit(),
                alarm=alarm_of(self._channel, code),
            )
        return _sent(message)

    def find(self, contact: Contact, *, known: Collection[str]) -> Sent | None:
        """The message to this phone from about then; None when Twilio never took it. Raises `Uncertain`.

        One that failed since is found as sent: why it failed is for its callback to say.
        """
        try:
            with asking(self._channel):
                taken = client_of(self._account).messages.list(to=self._address(contact.phone), limit=NEWEST)
        except Refused as refusal:
            raise Uncertain(refusal.code) from None
        message = newest_of(
            taken, contact, known=known, is_ours=lambda one: self._is_ours(one, contact.sender)
        )
        return _sent(message) if message else None

    def _address(self, phone: str) -> str:
        return f"{self._prefix}{phone}"

    def _from(self, sender: From) -> dict[str, str]:
        if sender.address.startswith(_SERVICE):
            return {"messaging_service_sid": sender.address}
        return {"from_": self._address(sender.address)}

    def _is_ours(self, message: Any, sender: From | None) -> bool:
        if message.direction != "outbound-api":
            return False
        if sender is None:
            return True
        if sender.address.startswith(_SERVICE):
            return bool(message.messaging_service_sid == sender.address)
        return bool(message.from_ == self._address(sender.address))


def _sender(contact: Contact) -> From:
    if contact.sender is None:
        raise Refused("no_sender", Meaning.no_road)
    return contact.sender


def _words(contact: Contact) -> dict[str, str]:
    wording: Wording | None = contact.wording
    if wording is None:
        raise Refused("no_wording", Meaning.no_road)
    if wording.content_id is None:
        return {"body": wording.text}
    filled = {"content_sid": wording.content_id}
    if wording.variables:
        filled["content_variables"] = json.dumps(dict(wording.variables), ensure_ascii=False)
    return filled


def _seconds_to_wait(contact: Contact) -> int:
    seconds = int((contact.valid_until - contact.at).total_seconds())
    if seconds < 1:
        raise Refused("too_late", Meaning.retry_later)
    return min(seconds, _LONGEST_WAIT_SECONDS)


def _sent(message: Any) -> Sent:
    cost = cost_of(message)
    return Sent(
        message.sid,
        state=_STATES.get(message.status, AttemptState.sent),
        cost=cost or Decimal(0),
        sender=message.messaging_service_sid if message.from_ is None else _bare(message.from_),
        cost_is_final=cost is not None,
    )


def _bare(address: str) -> str:
    return address.rpartition(":")[2]
