"""What becomes of orders, and what sellers are told."""

from enum import StrEnum


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


class DataClass(StrEnum):
    """Kinds of personal data, each with its own retention."""

    contact_point = "contact_point"
    address = "address"
    message_body = "message_body"
    inbound_body = "inbound_body"
    outbox_body = "outbox_body"
    replayed_answer = "replayed_answer"
