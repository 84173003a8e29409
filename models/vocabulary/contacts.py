"""How buyers are reached, and what comes of it."""

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


class ContactKind(StrEnum):
    """What rules tell apart: the phone rings, or something is left to read."""

    call = "call"
    message = "message"


class MessageClass(StrEnum):
    """What is said: about the buyer's own order, or to sell something."""

    service = "service"
    promotion = "promotion"


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


class SenderKind(StrEnum):
    """What a sender's address is good for; a voice number calls for machines and agents alike."""

    whatsapp = "whatsapp"
    sms = "sms"
    voice = "voice"

    @classmethod
    def of(cls, channel: Channel) -> "SenderKind":
        """The kind of sender that a channel needs; the page needs none (`ValueError`)."""
        return cls.voice if channel.is_call else cls(channel.value)


class TemplateState(StrEnum):
    """The life of a message template: only an approved one is sent on WhatsApp, a draft elsewhere never."""

    draft = "draft"
    submitted = "submitted"
    approved = "approved"
    rejected = "rejected"
    paused = "paused"
    retired = "retired"


class CallParty(StrEnum):
    """Whose phone a leg of a call rings."""

    buyer = "buyer"
    agent = "agent"


class LegState(StrEnum):
    """How far one leg of a call has come; the first four are a rank, the others ends of their own."""

    queued = "queued"
    ringing = "ringing"
    in_progress = "in_progress"
    completed = "completed"
    busy = "busy"
    no_answer = "no_answer"
    canceled = "canceled"
    failed = "failed"


class SmsLinks(StrEnum):
    """Whether a country lets an SMS carry a link: any, only to registered hosts, or none."""

    any = "any"
    registered = "registered"
    none = "none"


class Arm(StrEnum):
    """By what an order's contacts are chosen: what was learned; the fixed schedule, as one that is kept on it
    to compare with; or the fixed schedule because a policy or an operator says so."""

    learned = "learned"
    control = "control"
    fixed = "fixed"


class Choice(StrEnum):
    """How a contact came to be the next one: the best known, drawn by lot, the schedule's turn, or owed."""

    best = "best"
    random = "random"
    schedule = "schedule"
    owed = "owed"


class Chooser(StrEnum):
    """What a policy has contacts chosen by."""

    learned = "learned"
    fixed = "fixed"
