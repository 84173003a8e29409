"""What is asked of the planner: one order's facts, and the terms that a policy sets. All times aware."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from models.vocabulary import Channel, Regime
from verification.slots.counts import Past

HOUR = timedelta(hours=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Tried:
    """A contact that was made about the order and brought no decision; `reached`: it was answered."""

    channel: Channel
    at: datetime
    reached: bool = False


@dataclass(frozen=True)
class Asked:
    """One undecided order. `zone` is the clock on the buyer's wall.

    `calls` and `messages` are the stretches in which contact is allowed (half-open, in order); what of them
    lies outside `now` and `deadline` is left out. `regimes` are those of the local days from
    now's on, the last holding for all later ones. `agent_prices`: how many times its cost an agent's time
    counts in an hour, by its beginning in UTC; else once. `counts_own`: `past` holds this order already.
    `most`: so many more contacts on these channels at most, besides what the terms' caps leave; none on one
    that the phone does not take.
    """

    past: Past
    country: str
    city: str
    zone: tzinfo
    placed_at: datetime
    now: datetime
    deadline: datetime
    calls: Sequence[Span]
    messages: Sequence[Span]
    tried: Sequence[Tried] = ()
    regimes: Sequence[Regime] = (Regime.normal,)
    agent_prices: Mapping[datetime, float] = field(default_factory=dict)
    counts_own: bool = False
    most: Mapping[Channel, int] = field(default_factory=dict)

    def may_use(self, channel: Channel) -> bool:
        """Whether the order may have another contact on the channel, as far as it says itself."""
        return self.most.get(channel, 1) > 0


@dataclass(frozen=True)
class Terms:
    """Prices, in one currency, and caps per order. `ring`: what each try costs; `talk`: what an answered one
    costs besides. A channel without a cap is not used."""

    decision_value: float
    complaint_cost: float
    ring: Mapping[Channel, float]
    caps: Mapping[Channel, int]
    most_calls: int
    talk: Mapping[Channel, float] = field(default_factory=dict)
    agent_price: float = 1.0

    def cost(self, channel: Channel | None) -> tuple[float, float]:
        """What a try costs, and what an answered one costs besides; an agent's time at its price."""
        if channel is None:
            return 0.0, 0.0
        dearer = self.agent_price if channel is Channel.agent_call else 1.0
        return self.ring.get(channel, 0.0) * dearer, self.talk.get(channel, 0.0) * dearer

    def left(self, order: Asked) -> tuple[int, int, int]:
        """How many calls, WhatsApp messages and SMS the order may still have."""
        made = [each.channel for each in order.tried]
        called = made.count(Channel.ivr) + made.count(Channel.agent_call)
        calls = max(self._left(channel, called, order) for channel in (Channel.ivr, Channel.agent_call))
        return (
            max(min(calls, self.most_calls - called), 0),
            self._left(Channel.whatsapp, made.count(Channel.whatsapp), order),
            self._left(Channel.sms, made.count(Channel.sms), order),
        )

    def _left(self, channel: Channel, made: int, order: Asked) -> int:
        left = max(self.caps.get(channel, 0) - made, 0)
        return min(left, order.most.get(channel, left))
