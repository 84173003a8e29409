"""What planning knows of a case: its phones, the contacts made, what the buyer was promised."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.reasons import Reason
from models.vocabulary import Channel
from verification.hours.calendar import Calendar
from verification.hours.where import Where
from verification.planning.permission import Touch


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
    nothing has to be waited for.
    """

    channel: Channel
    at: datetime
    point_id: UUID | None
    open: bool
    switched_off: bool = False
    left: bool = True


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


@dataclass(frozen=True)
class CaseFacts:
    """All that planning looks at: `points` in the order of trying, without refused ones; `past` in order.

    `turn` is that of the last contact, where the provider did not take it.
    """

    where: Where
    calendar: Calendar
    decide_by: datetime
    points: tuple[Point, ...]
    past: tuple[Past, ...] = ()
    wish: Wish | None = None
    turn: Turn | None = None
