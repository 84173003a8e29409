"""Numbers as pictures: bars whose parts have a place, tables whose cells have a heat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from verification.board.causes import TimeLeft
from verification.board.queue import Queue

WIDTH = 1000
_HOTTEST = 4

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True)
class Part(Generic[Code]):
    """One part of a bar: what, how many, and where it stands between 0 and WIDTH."""

    code: Code
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Cell:
    """One country's orders with one range of time left; `heat` from 0 (none) to 4 (the most of the table)."""

    time_left: TimeLeft
    count: int
    heat: int


@dataclass(frozen=True)
class HeatRow:
    """One country's queue; `oldest_at` is when its oldest order was received."""

    country: str
    total: int
    cells: tuple[Cell, ...]
    oldest_at: datetime | None


def bar(counts: Mapping[Code, int]) -> list[Part[Code]]:
    """The parts of a bar, in the order of the counts."""
    return list(_parts(counts))


def _parts(counts: Mapping[Code, int]) -> Iterator[Part[Code]]:
    total, start = sum(counts.values()) or 1, 0.0
    for code, count in counts.items():
        width = WIDTH * count / total
        yield Part(code, count, round(start, 2), round(width, 2))
        start += width


def heat(queue: Queue) -> list[HeatRow]:
    """The queue by country and time left."""
    parts = {country: queue.in_country(country) for country in queue.countries}
    most = max((count for part in parts.values() for count in part.by_time_left.values()), default=0)
    return [
        HeatRow(
            country,
            part.total,
            tuple(Cell(left, count, _heat(count, most)) for left, count in part.by_time_left.items()),
            part.oldest_at,
        )
        for country, part in parts.items()
    ]


def _heat(count: int, most: int) -> int:
    # Rounded up, so that a single order is seen.
    return -(-_HOTTEST * count // most) if most else 0
