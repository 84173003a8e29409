"""What planning knows of a case: its phones, the contacts made, what the buyer was promised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models.reasons import Reason
from models.vocabulary import Channel
from verification.hours.calendar import Calendar
from verification.hours.where import Where
from verification.planning.permission import Touch
from verification.slots.counts import Past as Counts
from verification.slots.model import Model


@dataclass(frozen=True)
class Point:
    """A phone of the case: what its line can carry, what was found shut, and all recent contacts with it.

    One that does not exist, as a provider says, is left to an agent, who finds the right one.
    """

    id: UUID
    carries: frozenset[Channel]
    unreachable: frozenset[Channel] = frozenset()
    opted_out: frozenset[Channel] = frozenset()
    touches: tuple[Touch, ...] = ()
    exists: bool = True

    @property
    def usable(self) -> frozenset[Channel]:
        """The channels that may still be tried."""
        return self.carries - self.unreachable - self.opted_out


@dataclass(frozen=True)
class Past:
    """A contact made about this case; `open` while its answer may still come.

    `switched_off` where the phone was off, or out of reach: that calls for one more try on the channel.
    One that did not leave, because the provider refused it or none of our roads leads there, reached nobody:
    nothing has to be waited for. `reached`: somebody answered. `counted_as` is the cell of the buyer's counts
    that holds it already.
    """

    channel: Channel
    at: datetime
    point_id: UUID | None
    open: bool
    switched_off: bool = False
    left: bool = True
    reached: bool = False
    counted_as: int | None = None


@dataclass(frozen=True)
class Wish:
    """What the next contact owes the buyer: an agent's call, `at` a promised time or as soon as may be.

    `reserved_for` names who should make it: `agent:<user id>` first of all, `role:supervisor` alone.
    """

    reason: Reason
    at: datetime | None = None
    reserved_for: str | None = None


@dataclass(frozen=True)
class Turn:
    """The place in the queue of a contact that could not be made: it had been due since then."""

    channel: Channel
    since: datetime


@dataclass(frozen=True, eq=False)
class Insight:
    """What was learned that bears on a case: the model in use with its version, and the buyer's counts.

    `order_id` is that of the oldest order, for which lots are drawn; `placed_at` and `received_at` are those
    of the order that the ladder stands at. `agent_prices`: how many times its cost an agent's time counts, by
    the beginning of the hour (aware UTC); else once.
    """

    model: Model
    version: int
    counts: Counts
    order_id: UUID
    placed_at: datetime
    received_at: datetime
    agent_prices: Mapping[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseFacts:
    """All that planning looks at: `points` in the order of trying, without refused ones; `past` in order.

    `turn` is that of the last contact, where the provider did not take it. `untaken_at`: when an agent's call
    was last given up because its hours ended before an agent took it. Without an `insight` contacts are made
    by the policy's fixed schedule.
    """

    where: Where
    calendar: Calendar
    decide_by: datetime
    points: tuple[Point, ...]
    past: tuple[Past, ...] = ()
    wish: Wish | None = None
    turn: Turn | None = None
    untaken_at: datetime | None = None
    insight: Insight | None = None

    @property
    def asked(self) -> tuple[Past, ...]:
        """The contacts with phones of the case: who was asked at a wrong number was not the buyer."""
        ours = {point.id for point in self.points}
        return tuple(past for past in self.past if past.point_id in ours)

    @property
    def is_unasked(self) -> bool:
        """Whether no contact with a phone of the case ever left."""
        return not any(past.left for past in self.asked)
