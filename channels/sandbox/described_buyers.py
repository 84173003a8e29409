"""The parts of a world file that say how buyers, networks and prices behave."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from channels.sandbox.sections import Day, Section, Share, Span, Weight
from models.vocabulary import Channel

Detour = Literal["later", "question", "change", "agent", "stop", "unclear"]
Saying = Literal[
    "confirm", "soft", "cancel", "wrong_number", "later", "question", "change", "agent", "stop", "unclear"
]
Cost = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


class Rhythm(Section):
    """The chance that a contact is answered, by part of the day, on working days and at the weekend."""

    weekday: dict[str, Share]
    weekend: dict[str, Share]


class BuyerType(Section):
    """A kind of buyer; messages wait in the hours of `sleeps`, `cancels` is the share of orders refused."""

    calls: Rhythm
    messages: Rhythm
    sleeps: tuple[time, time] | None
    cancels: Share


class Variety(Section):
    """How far buyers of one type differ: standard deviations, two on the logit of answering, one in hours."""

    calls: Weight
    messages: Weight
    hours: Weight


class Dip(Section):
    """Local hours in which the phone lies aside (a prayer, a meal); `logit` is added to that of answering."""

    days: tuple[Day, ...]
    starts: time
    ends: time
    logit: float


class MessageHabits(Section):
    """How a channel differs from its type: `shift` on the logit, odds times `decay` per earlier contact.

    `read_silent` is the share read among those not answered, `taps` that of buttons among the answers.
    """

    shift: float
    decay: Weight
    read_silent: Share
    taps: Share


class CallHabits(Section):
    """As for messages; `busy` and `voicemail` are shares of the calls that nobody takes.

    `decides` is the share of taken calls that end with a key pressed, or with an agent's result.
    """

    shift: float
    decay: Weight
    busy: Share
    voicemail: Share
    decides: Share


class ChannelHabits(Section):
    """How each channel differs from the type's own rhythm."""

    whatsapp: MessageHabits
    sms: MessageHabits
    ivr: CallHabits
    agent_call: CallHabits

    def message(self, channel: Channel) -> MessageHabits:
        """The habits on a channel that leaves something to read."""
        return self.whatsapp if channel is Channel.whatsapp else self.sms

    def call(self, channel: Channel) -> CallHabits:
        """The habits when the phone rings."""
        return self.ivr if channel is Channel.ivr else self.agent_call


class Delays(Section):
    """How long things take: `quick_share` of answers come within `quick`, the others a slow mean later."""

    delivery: Span
    quick: Span
    quick_share: Share
    slow_mean_seconds: Weight
    ring: Span
    keypad: Span
    talk: Span
    second_thought: Span
    call_back: Span


class Numbers(Section):
    """Shares of phones that do not lead to the buyer, or not over WhatsApp, or refuse our messages."""

    dead: Share
    wrong: Share
    blocked_us: Share
    not_on_whatsapp: Share


class Network(Section):
    """Shares of what goes wrong on the way; `lost_after` is accepted although the sender sees a time-out."""

    doubled: Share
    reordered: Share
    overloaded: Share
    lost_before: Share
    lost_after: Share


class Costs(Section):
    """US dollars for each contact, and for each minute an agent talks."""

    whatsapp: Cost
    sms: Cost
    ivr: Cost
    agent_call: Cost
    agent_minute: Cost

    def of(self, channel: Channel) -> Decimal:
        """What making one contact costs."""
        costs = {
            Channel.whatsapp: self.whatsapp,
            Channel.sms: self.sms,
            Channel.ivr: self.ivr,
            Channel.agent_call: self.agent_call,
        }
        return costs.get(channel, Decimal(0))
