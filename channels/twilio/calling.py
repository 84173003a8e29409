"""Calls through Twilio: the machine's own, and those that connect an agent with a buyer."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from channels.protocol import Contact, Meaning, Refused, Sent, Uncertain
from channels.twilio.account import PROVIDER, Account
from channels.twilio.client import asking, client_of
from channels.twilio.finding import NEWEST, newest_of
from channels.twilio.prices import cost_of
from models.vocabulary import Channel

_EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioCall:
    """The automated call: it rings the buyer, and asks our door what to say once somebody answers."""

    _channel = Channel.ivr
    _says = "/voice/answer"

    def __init__(self, account: Account) -> None:
        self._account = account

    @property
    def provider(self) -> str:
        """Twilio's name."""
        return PROVIDER

    @property
    def needs_sender(self) -> bool:
        """A call shows a number of ours."""
        return True

    def send(self, contact: Contact) -> Sent:
        """Let the phone ring; raises `Refused` or `Uncertain`."""
        if contact.sender is None:
            raise Refused("no_sender", Meaning.no_road)
        if contact.valid_until <= contact.at:
            raise Refused("too_late", Meaning.retry_later)
        fields: dict[str, Any] = {
            "to": self._rings(contact),
            "from_": contact.sender.address,
            "url": self._account.door(self._says, ref=contact.reference),
            "status_callback": self._account.door("/voice/status", ref=contact.reference),
            "status_callback_event": _EVENTS,
            "timeout": contact.ring_seconds,
            **self._manner(),
        }
        if contact.sender.trunk is not None:
            fields["byoc"] = contact.sender.trunk
        with asking(self._channel):
            call = client_of(self._account).calls.create(**fields)
        if not call.sid:
            raise Uncertain("no_id")
        return _sent(call)

    def find(self, contact: Contact, *, known: Collection[str]) -> Sent | None:
        """The call to this phone from about then; None when Twilio never took it. Raises `Uncertain`."""
        try:
            with asking(self._channel):
                taken = client_of(self._account).calls.list(to=self._rings(contact), limit=NEWEST)
        except Refused as refusal:
            raise Uncertain(refusal.code) from None

        def is_ours(call: Any) -> bool:
            shown = contact.sender is None or call._from == contact.sender.address
            return bool(call.direction == "outbound-api" and shown)

        call = newest_of(taken, contact, known=known, is_ours=is_ours)
        return _sent(call) if call else None

    def _rings(self, contact: Contact) -> str:
        return contact.phone

    def _manner(self) -> dict[str, Any]:
        # Who or what answered is known before our door is asked, so that it can hang up on a machine.
        return {"machine_detection": "Enable"}


class TwilioBridge(TwilioCall):
    """An agent's call: it rings the agent's own phone, and our door then has the buyer's number dialled."""

    _channel = Channel.agent_call
    _says = "/voice/bridge"

    def _rings(self, contact: Contact) -> str:
        if contact.agent_phone is None:
            raise Refused("no_agent_phone", Meaning.no_road)
        return contact.agent_phone

    def _manner(self) -> dict[str, Any]:
        return {}


def _sent(call: Any) -> Sent:
    cost = cost_of(call)
    return Sent(call.sid, cost=cost or Decimal(0), sender=call._from or None, cost_is_final=cost is not None)
