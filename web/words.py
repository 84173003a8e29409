"""The vocabulary as pages show it."""

from collections.abc import Mapping
from enum import StrEnum

from babel.support import LazyProxy

from models import vocabulary
from web.translating import lazy

_CHANNELS = {
    "whatsapp": lazy("WhatsApp"),
    "sms": lazy("SMS"),
    "ivr": lazy("Automated call"),
    "agent_call": lazy("Agent call"),
    "page": lazy("Buyer's page"),
}
_VERDICTS = {
    "confirmed": lazy("Confirmed"),
    "rejected": lazy("Rejected"),
    "unreachable": lazy("Unreachable"),
    "waived": lazy("Released without contact"),
    "withdrawn": lazy("Withdrawn by the seller"),
}
_WORDS: Mapping[type[StrEnum], Mapping[str, LazyProxy]] = {
    vocabulary.Channel: _CHANNELS,
    vocabulary.Via: {**_CHANNELS, "policy": lazy("Policy"), "seller": lazy("Seller")},
    vocabulary.Verdict: _VERDICTS,
    vocabulary.OrderState: {
        "queued": lazy("Queued"),
        "contacting": lazy("Being contacted"),
        "waiting": lazy("Waiting for the buyer"),
        "with_agent": lazy("With an agent"),
        **_VERDICTS,
    },
    vocabulary.Outcome: {
        "answered": lazy("Answered"),
        "no_answer": lazy("No answer"),
        "busy": lazy("Busy"),
        "unreachable": lazy("Unreachable"),
        "wrong_number": lazy("Wrong number"),
        "voicemail": lazy("Voicemail"),
        "replied": lazy("Replied"),
        "read_silent": lazy("Read, no reply"),
        "delivered_unread": lazy("Delivered, not read"),
        "failed": lazy("Could not be sent"),
        "opted_out": lazy("Asked not to be contacted"),
    },
    vocabulary.Disposition: {
        "confirm": lazy("Confirm"),
        "reject": lazy("Reject"),
        "no_answer": lazy("No answer"),
        "busy": lazy("Busy"),
        "unreachable": lazy("Unreachable"),
        "voicemail": lazy("Voicemail"),
        "wrong_number": lazy("Wrong number"),
        "call_back": lazy("Call back"),
        "change": lazy("Wants a change"),
        "stop": lazy("Stop contact"),
        "escalated": lazy("Hand to a supervisor"),
    },
    vocabulary.Intent: {
        "confirm": lazy("Confirms"),
        "cancel": lazy("Cancels"),
        "later": lazy("Later"),
        "question": lazy("Asks a question"),
        "change": lazy("Wants a change"),
        "wrong_number": lazy("Wrong number"),
        "stop": lazy("Wants no messages"),
        "agent": lazy("Wants to talk to somebody"),
        "unclear": lazy("Unclear"),
    },
    vocabulary.DecisionReason: {
        "buyer_confirmed": lazy("The buyer confirmed"),
        "changed_mind": lazy("Changed their mind"),
        "price": lazy("Too expensive"),
        "found_cheaper": lazy("Found it cheaper"),
        "did_not_order": lazy("Did not order"),
        "duplicate": lazy("Ordered twice"),
        "wants_other_item": lazy("Wants another item"),
        "product_doubt": lazy("Doubts the product"),
        "delivery_too_slow": lazy("Delivery takes too long"),
        "out_of_area": lazy("Outside the delivery area"),
        "fake_details": lazy("Made-up details"),
        "no_response": lazy("No answer in time"),
        "no_usable_number": lazy("No number to reach the buyer"),
        "opted_out": lazy("Asked not to be contacted"),
        "not_cod": lazy("Not paid on delivery"),
        "low_risk": lazy("Little risk"),
        "seller_policy": lazy("The seller's own rule"),
        "seller_request": lazy("At the seller's request"),
        "unspecified": lazy("No reason given"),
    },
    vocabulary.Tier: {
        "vip": lazy("VIP"),
        "good": lazy("Good"),
        "fair": lazy("Fair"),
        "new": lazy("New"),
        "poor": lazy("Poor"),
        "blocked": lazy("Blocked"),
    },
    vocabulary.Flag: {
        "phone_invalid": lazy("No number to dial"),
        "phone_ambiguous": lazy("Number's country unclear"),
        "phone_not_mobile": lazy("Not a mobile"),
        "phone_needs_review": lazy("Number to be checked"),
        "phone_fake_pattern": lazy("Made-up number"),
        "address_incomplete": lazy("Address incomplete"),
        "duplicate": lazy("Ordered twice"),
        "suspicious_quantity": lazy("Many pieces"),
        "suspicious_value": lazy("High value"),
        "buyer_blocked": lazy("Buyer blocked"),
        "opted_out": lazy("Asked not to be contacted"),
        "not_cod": lazy("Not paid on delivery"),
        "out_of_area": lazy("Outside the delivery area"),
        "total_mismatch": lazy("Sum differs from the items"),
    },
    vocabulary.Role: {
        "agent": lazy("Agent"),
        "supervisor": lazy("Supervisor"),
        "admin": lazy("Administrator"),
        "seller": lazy("Seller"),
    },
    vocabulary.AgentState: {
        "waiting": lazy("Free"),
        "preview": lazy("Reading a case"),
        "call": lazy("On a call"),
        "on_break": lazy("On a break"),
    },
    vocabulary.PromiseResult: {
        "kept": lazy("Kept"),
        "broken": lazy("Broken"),
        "dropped": lazy("No longer needed"),
    },
    vocabulary.CallParty: {
        "buyer": lazy("Buyer's phone"),
        "agent": lazy("Agent's phone"),
    },
    vocabulary.LegState: {
        "queued": lazy("about to ring"),
        "ringing": lazy("rings"),
        "in_progress": lazy("on the line"),
        "completed": lazy("answered"),
        "busy": lazy("busy"),
        "no_answer": lazy("not answered"),
        "canceled": lazy("hung up before an answer"),
        "failed": lazy("not reached"),
    },
    vocabulary.ShipmentStatus: {
        "shipped": lazy("Shipped"),
        "delivered": lazy("Delivered"),
        "partly_returned": lazy("Partly returned"),
        "exchanged": lazy("Exchanged"),
        "refused": lazy("Refused at the door"),
        "undeliverable": lazy("Undeliverable"),
        "returned": lazy("Returned"),
        "lost": lazy("Lost"),
        "unknown": lazy("A status that we do not know"),
    },
}
SHOWN = tuple(_WORDS)
"""The parts of the vocabulary that have words."""


def word(member: StrEnum) -> str:
    """What a member of the vocabulary is called, in the page's language; KeyError for those never shown."""
    return str(_WORDS[type(member)][member.value])
