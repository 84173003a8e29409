"""The words that are stored and sent: the same in code, database, JSON and on the screen."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a buyer; `page` is the buyer's own link, where only answers come in."""

    whatsapp = "whatsapp"
    sms = "sms"
    ivr = "ivr"
    agent_call = "agent_call"
    page = "page"

    @property
    def is_call(self) -> bool:
        """Whether the buyer's phone rings."""
        return self in (Channel.ivr, Channel.agent_call)

    @property
    def is_message(self) -> bool:
        """Whether the contact leaves something to read, answered later or never."""
        return self in (Channel.whatsapp, Channel.sms)


class Purpose(StrEnum):
    """What a contact is for."""

    verify = "verify"


class StepState(StrEnum):
    """The life of a planned contact."""

    scheduled = "scheduled"
    ready = "ready"
    claimed = "claimed"
    done = "done"
    expired = "expired"
    cancelled = "cancelled"

    @property
    def is_live(self) -> bool:
        """Whether the contact may still happen."""
        return self in (StepState.scheduled, StepState.ready, StepState.claimed)


class AttemptState(StrEnum):
    """How far one try has come; the first five are a total rank, the others side exits."""

    sending = "sending"
    sent = "sent"
    delivered = "delivered"
    reached = "reached"
    closed = "closed"
    failed = "failed"
    uncertain = "uncertain"


class Outcome(StrEnum):
    """What came of an attempt."""

    answered = "answered"
    no_answer = "no_answer"
    busy = "busy"
    unreachable = "unreachable"
    wrong_number = "wrong_number"
    voicemail = "voicemail"
    replied = "replied"
    read_silent = "read_silent"
    delivered_unread = "delivered_unread"
    failed = "failed"
    opted_out = "opted_out"


class Disposition(StrEnum):
    """What an agent chose at the end of a call."""

    confirm = "confirm"
    reject = "reject"
    no_answer = "no_answer"
    busy = "busy"
    unreachable = "unreachable"
    voicemail = "voicemail"
    wrong_number = "wrong_number"
    call_back = "call_back"
    change = "change"
    stop = "stop"
    escalated = "escalated"


class Intent(StrEnum):
    """What a buyer's own words ask for."""

    confirm = "confirm"
    cancel = "cancel"
    later = "later"
    question = "question"
    change = "change"
    wrong_number = "wrong_number"
    stop = "stop"
    agent = "agent"
    unclear = "unclear"


class Verdict(StrEnum):
    """What was decided about an order."""

    confirmed = "confirmed"
    rejected = "rejected"
    unreachable = "unreachable"
    waived = "waived"
    withdrawn = "withdrawn"


class DecisionReason(StrEnum):
    """Why an order was decided as it was."""

    buyer_confirmed = "buyer_confirmed"
    changed_mind = "changed_mind"
    price = "price"
    found_cheaper = "found_cheaper"
    did_not_order = "did_not_order"
    duplicate = "duplicate"
    wants_other_item = "wants_other_item"
    product_doubt = "product_doubt"
    delivery_too_slow = "delivery_too_slow"
    out_of_area = "out_of_area"
    fake_details = "fake_details"
    no_response = "no_response"
    no_usable_number = "no_usable_number"
    opted_out = "opted_out"
    not_cod = "not_cod"
    low_risk = "low_risk"
    seller_policy = "seller_policy"
    seller_request = "seller_request"
    unspecified = "unspecified"


class Via(StrEnum):
    """Through what a decision came: a channel, a rule, or the seller."""

    whatsapp = "whatsapp"
    sms = "sms"
    ivr = "ivr"
    agent_call = "agent_call"
    page = "page"
    policy = "policy"
    seller = "seller"


class OrderState(StrEnum):
    """Where an order stands, derived from its decision and its live step, never stored."""

    queued = "queued"
    contacting = "contacting"
    waiting = "waiting"
    with_agent = "with_agent"
    confirmed = "confirmed"
    rejected = "rejected"
    unreachable = "unreachable"
    waived = "waived"
    withdrawn = "withdrawn"


class ShipmentStatus(StrEnum):
    """What the courier reported; a word we do not know is `unknown`, its raw form kept."""

    shipped = "shipped"
    delivered = "delivered"
    partly_returned = "partly_returned"
    exchanged = "exchanged"
    refused = "refused"
    undeliverable = "undeliverable"
    returned = "returned"
    lost = "lost"
    unknown = "unknown"


class Tier(StrEnum):
    """How good a buyer is, computed from history."""

    vip = "vip"
    good = "good"
    fair = "fair"
    new = "new"
    poor = "poor"
    blocked = "blocked"


class Flag(StrEnum):
    """What screening found; each one is a question for an agent, never a refusal."""

    phone_invalid = "phone_invalid"
    phone_ambiguous = "phone_ambiguous"
    phone_not_mobile = "phone_not_mobile"
    phone_needs_review = "phone_needs_review"
    phone_fake_pattern = "phone_fake_pattern"
    address_incomplete = "address_incomplete"
    duplicate = "duplicate"
    suspicious_quantity = "suspicious_quantity"
    suspicious_value = "suspicious_value"
    buyer_blocked = "buyer_blocked"
    opted_out = "opted_out"
    not_cod = "not_cod"
    out_of_area = "out_of_area"
    total_mismatch = "total_mismatch"


class EventType(StrEnum):
    """What a seller is told."""

    order_confirmed = "order.confirmed"
    order_rejected = "order.rejected"
    order_unreachable = "order.unreachable"
    order_waived = "order.waived"
    order_changed = "order.changed"
    order_withdrawn = "order.withdrawn"


class DeliveryState(StrEnum):
    """The life of one event on its way to a seller."""

    pending = "pending"
    delivered = "delivered"
    failed = "failed"
    disabled = "disabled"
    discarded = "discarded"


class InboundState(StrEnum):
    """What became of a message that came in."""

    stored = "stored"
    applied = "applied"
    quarantined = "quarantined"


class ContactKind(StrEnum):
    """What rules tell apart: the phone rings, or something is left to read."""

    call = "call"
    message = "message"


class MessageClass(StrEnum):
    """What is said: about the buyer's own order, or to sell something."""

    service = "service"
    promotion = "promotion"


class SignOfLife(StrEnum):
    """Something a buyer did without being asked, kept with its time for choosing hours well."""

    order_placed = "order_placed"
    message_read = "message_read"
    page_used = "page_used"
    called_in = "called_in"


class Regime(StrEnum):
    """The part of the year that changes when people answer."""

    normal = "normal"
    ramadan = "ramadan"
    eid = "eid"


class Role(StrEnum):
    """What a user of the pages may do."""

    agent = "agent"
    supervisor = "supervisor"
    admin = "admin"
    seller = "seller"


class AgentState(StrEnum):
    """What an agent at the desk is doing; between two shifts there is no state."""

    waiting = "waiting"
    preview = "preview"
    call = "call"
    on_break = "on_break"


class PromiseResult(StrEnum):
    """What became of a promised call; `dropped` when it was no longer needed, or moved."""

    kept = "kept"
    broken = "broken"
    dropped = "dropped"


class DialMode(StrEnum):
    """How an agent's call is made: from the agent's own phone, or by a provider that connects both."""

    own_phone = "own_phone"
    click_to_call = "click_to_call"


class DataClass(StrEnum):
    """Kinds of personal data, each with its own retention."""

    contact_point = "contact_point"
    address = "address"
    message_body = "message_body"
    inbound_body = "inbound_body"
    outbox_body = "outbox_body"
    replayed_answer = "replayed_answer"
