"""Orders whose buyers have been asked over Twilio, and the forms that Twilio sends about them."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from channels.protocol import Contact, Sent
from models.attempts import Attempt
from models.vocabulary import Channel
from tests.building import E164, Provider, a_store, an_order, attempts_of, ready_claims
from verification.contact.contacting import contact

OURS = "+966112223344"
_numbers = count(1)


def a_sid(kind: str) -> str:
    return f"{kind}{next(_numbers):032x}"


def asked(
    engine: Engine, now: datetime, channel: Channel = Channel.whatsapp, **patch: Any
) -> tuple[UUID, Attempt]:
    """An order and the contact that was made about it through Twilio."""
    kind = "CA" if channel.is_call else "SM"

    def take(wanted: Contact) -> Sent:
        return Sent(a_sid(kind), sender=OURS, cost_is_final=False)

    order = an_order(engine, a_store(engine, now), now, **patch)
    for held in ready_claims(engine, now, channel):
        contact(engine, held, Provider(take, provider="twilio"), lambda: now)
    return order, attempts_of(engine, order)[-1]


def status(attempt: Attempt, said: str, **more: str) -> dict[str, str]:
    """A message's status."""
    assert attempt.provider_id
    return {
        "MessageSid": attempt.provider_id,
        "SmsSid": attempt.provider_id,
        "MessageStatus": said,
        "SmsStatus": said,
        "From": f"whatsapp:{OURS}",
        "To": f"whatsapp:{E164}",
        **more,
    }


def call_status(attempt: Attempt, said: str, **more: str) -> dict[str, str]:
    """A call's status."""
    assert attempt.provider_id
    return {
        "CallSid": attempt.provider_id,
        "CallStatus": said,
        "From": OURS,
        "To": E164,
        "Direction": "outbound-api",
        "CallbackSource": "call-progress-events",
        **more,
    }


def inbound(body: str = "", **more: str) -> dict[str, str]:
    """A message of a buyer's over WhatsApp."""
    sid = a_sid("SM")
    return {
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "From": f"whatsapp:{E164}",
        "To": f"whatsapp:{OURS}",
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ProfileName": "نوره",
        "WaId": E164[1:],
        **more,
    }
