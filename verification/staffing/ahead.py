"""The hours to come: the calls wanted and planned in them, the room for them, what agents' time counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Interval, literal, select
from sqlalchemy.orm import Session

from models.slots import AgentPrice
from verification.slots.staffing import FORBIDDEN, hour_of

HOURS_AHEAD = 48
"""So many hours are reckoned one by one."""
_LAST_BEGINS = literal(timedelta(hours=HOURS_AHEAD - 1), Interval)
_NOTABLE = 1.05
_CALLS_SHORT = 1.0


@dataclass(frozen=True)
class HourAhead:
    """One hour: agents' calls `wanted` if their time counted once, `planned` at the `price`, and the `room`
    there is for them, as last `reckoned_at`."""

    begins_at: datetime
    price: float
    wanted: float
    planned: float
    room: float
    reckoned_at: datetime

    @property
    def is_shut(self) -> bool:
        """Whether no further call is planned there: nobody is at work, or promised calls fill the hour."""
        return self.price >= FORBIDDEN

    @property
    def counts(self) -> bool:
        """Whether anybody is at work, or wanted."""
        return self.room > 0 or self.wanted >= _CALLS_SHORT

    @property
    def is_short(self) -> bool:
        """Whether more is wanted of those at work than they manage."""
        is_over = max(self.wanted, self.planned) >= self.room + _CALLS_SHORT
        return self.room > 0 and self.price > _NOTABLE and is_over


def hours_ahead(session: Session, since: datetime) -> Sequence[HourAhead]:
    """The reckoned hours from that of `since` on, in order; none while nobody said who is at work."""
    asked = select(
        AgentPrice.begins_at,
        AgentPrice.price,
        AgentPrice.wanted,
        AgentPrice.planned,
        AgentPrice.room,
        AgentPrice.reckoned_at,
    ).where(
        AgentPrice.begins_at >= hour_of(since),
        AgentPrice.begins_at <= AgentPrice.reckoned_at + _LAST_BEGINS,
    )
    return [HourAhead(*row) for row in session.execute(asked.order_by(AgentPrice.begins_at))]
