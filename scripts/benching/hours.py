"""Deciding when buyers everywhere may be reached, beside a bare comparison of two instants."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any, NamedTuple

from models.vocabulary import ContactKind, MessageClass
from verification.hours.calendar import Calendar, Occasion, Override
from verification.hours.days import day_by
from verification.hours.deciding import decide
from verification.hours.places import PLACES, where_of
from verification.policy.values import Policy, default_policy

# The two weeks around the beginning of Ramadan 1448, which has been seen everywhere.
_BEGINS = datetime(2027, 2, 1, tzinfo=UTC)
_SECONDS = 14 * 24 * 60 * 60
_SEEN = date(2027, 2, 8)
_UNKNOWN = 0.1
_ROUND = 20_000


class Point(NamedTuple):
    """A contact point, what is to reach it, and the instant in question."""

    country: str
    place: str | None
    kind: ContactKind
    at: datetime


@dataclass(frozen=True)
class Measured:
    """Answers and comparisons a second of this process's own time, and the median ratios of rounds.

    `days` local days were worked out for the answers in order; a share `now` of these was "at once".
    """

    points: int
    in_order: float
    in_no_order: float
    compared: float
    ratio: float
    ratio_in_no_order: float
    days: int
    now: float

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "points": self.points,
            "answers_per_second": round(self.in_order),
            "answers_per_second_in_no_order": round(self.in_no_order),
            "comparisons_per_second": round(self.compared),
            "ratio": round(self.ratio, 4),
            "ratio_in_no_order": round(self.ratio_in_no_order, 4),
            "days_worked_out": self.days,
            "share_now": round(self.now, 3),
        }


def measure(*, points: int, say: Callable[[str], None]) -> Measured:
    """Ask about each point as time goes by, as production does, and about some in no order at all.

    What is kept between questions is kept as in production, and starts empty: the first rounds pay for that.
    """
    say(f"inventing {points:,} contact points")
    luck = Random(1448)
    seconds = [luck.randrange(_SECONDS) for _ in range(points)]
    # Made in the order of asking: a bare comparison would else wait for the memory.
    asked = _points(sorted(seconds), luck)
    day_by.cache_clear()
    say("asking as time goes by")
    in_order, now = _rounds(asked)
    days = day_by.cache_info().misses
    say("asking in no order")
    in_no_order, _ = _rounds(_points(seconds[: 3 * _ROUND], luck))
    ours, bare = (median(each) for each in zip(*in_order, strict=True))
    return Measured(
        points=points,
        in_order=ours,
        in_no_order=median(each for each, _ in in_no_order),
        compared=bare,
        ratio=median(mine / other for mine, other in in_order),
        ratio_in_no_order=median(mine / other for mine, other in in_no_order),
        days=days,
        now=now / points,
    )


def _points(seconds: Sequence[int], luck: Random) -> list[Point]:
    """Where people live, as many in a place as its share of all; of some only the country is known."""
    places = list(PLACES.values())
    homes = luck.choices(places, [place.population for place in places], k=len(seconds))
    kinds = luck.choices(list(ContactKind), k=len(seconds))
    return [
        Point(
            home.country,
            None if luck.random() < _UNKNOWN else home.code,
            kind,
            _BEGINS + timedelta(seconds=after),
        )
        for home, kind, after in zip(homes, kinds, seconds, strict=True)
    ]


def _rounds(points: Sequence[Point]) -> tuple[list[tuple[float, float]], int]:
    """Answers and comparisons a second of rounds in turn, and how many answers were "now"."""
    policies = {point.country: default_policy(point.country) for point in points}
    calendar = Calendar.of(Override(country, Occasion.ramadan, first_on=_SEEN) for country in policies)
    found = []
    allowed = 0
    for begin in range(0, len(points), _ROUND):
        batch = points[begin : begin + _ROUND]
        started = time.process_time()
        allowed += _answer(batch, policies, calendar)
        answered = time.process_time()
        _compare(batch, batch[len(batch) // 2].at)
        compared = time.process_time()
        found.append((len(batch) / (answered - started), len(batch) / (compared - answered)))
    return found, allowed


def _answer(points: Sequence[Point], policies: dict[str, Policy], calendar: Calendar) -> int:
    allowed = 0
    for country, place, kind, at in points:
        where = where_of(country, place)
        if decide(kind, MessageClass.service, where, policies[country], calendar, at).at == at:
            allowed += 1
    return allowed


def _compare(points: Sequence[Point], now: datetime) -> int:
    due = 0
    for _country, _place, _kind, at in points:
        if at <= now:
            due += 1
    return due
