"""The live queue in numbers: how many orders wait, why, where, and how near their deadlines are."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verification.board.causes import Cause, TimeLeft, open_orders

Key = TypeVar("Key")


@dataclass(frozen=True)
class Waiting:
    """How many undecided orders of one country have one cause and one range of time left; `oldest_at` is
    when the first of them was received."""

    country: str
    cause: Cause
    time_left: TimeLeft
    count: int
    oldest_at: datetime


@dataclass(frozen=True)
class Queue:
    """All undecided orders at `at`, each counted in exactly one of the groups."""

    at: datetime
    groups: tuple[Waiting, ...]

    @property
    def total(self) -> int:
        """How many orders are undecided."""
        return sum(group.count for group in self.groups)

    @property
    def oldest_at(self) -> datetime | None:
        """When the oldest undecided order was received."""
        return min((group.oldest_at for group in self.groups), default=None)

    @property
    def by_cause(self) -> Mapping[Cause, int]:
        """Every cause that holds an order, the one that holds most first; of equals as `Cause` has them."""
        counts = self._counted(lambda group: group.cause)
        held = [cause for cause in Cause if cause in counts]
        return {cause: counts[cause] for cause in sorted(held, key=lambda cause: -counts[cause])}

    @property
    def by_time_left(self) -> Mapping[TimeLeft, int]:
        """How many orders are how near their deadline; every range, soonest first."""
        counts = self._counted(lambda group: group.time_left)
        return {left: counts.get(left, 0) for left in TimeLeft}

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries with undecided orders, the one with most first."""
        counts = self._counted(lambda group: group.country)
        return tuple(sorted(counts, key=lambda country: (-counts[country], country)))

    def in_country(self, country: str) -> "Queue":
        """The part of the queue that one country is."""
        return Queue(self.at, tuple(group for group in self.groups if group.country == country))

    def _counted(self, key: Callable[[Waiting], Key]) -> Mapping[Key, int]:
        counts: Counter[Key] = Counter()
        for group in self.groups:
            counts[key(group)] += group.count
        return counts


def read_queue(session: Session, *, now: datetime, provider: str | None = None) -> Queue:
    """The queue as it stands, counted in one question; `provider` as in `open_orders`."""
    waiting = open_orders(now, provider=provider).c
    rows = session.execute(
        select(
            waiting.country,
            waiting.cause,
            waiting.time_left,
            func.count(),
            func.min(waiting.created_at),
        ).group_by(waiting.country, waiting.cause, waiting.time_left)
    )
    return Queue(
        now,
        tuple(
            Waiting(country, Cause(cause), TimeLeft(left), count, oldest_at)
            for country, cause, left, count, oldest_at in rows
        ),
    )
