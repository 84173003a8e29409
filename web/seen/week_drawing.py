"""A buyer's week as a heat map: hours down, weekdays across."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.vocabulary import ContactKind
from verification.habits.picturing import BuyerWeek, Met
from verification.hours.week import OpenHour

HOTTEST = 6
_STEPS = 10  # to a chance of 1
_NOTHING = Met()


@dataclass(frozen=True)
class Cell:
    """One hour of a weekday; `heat` from 0 to HOTTEST, `is_shut` where no minute of it is allowed."""

    weekday: int
    hour: int
    chance: float
    heat: int
    is_shut: bool
    met: Met


def cells(
    week: BuyerWeek, kind: ContactKind, hours: Mapping[tuple[int, int], OpenHour], days: Sequence[int]
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows of the table: an hour, and its cell on each of the days."""
    for hour in range(24):
        yield hour, tuple(_cell(week, kind, hours, day, hour) for day in days)


def heat_of(chance: float) -> int:
    """How hot a chance is drawn: the same for every buyer, so that weeks can be compared."""
    return min(int(_STEPS * chance), HOTTEST)


def _cell(
    week: BuyerWeek, kind: ContactKind, hours: Mapping[tuple[int, int], OpenHour], day: int, hour: int
) -> Cell:
    chance = week.chances[kind][day][hour]
    found = hours.get((day, hour))
    return Cell(
        day,
        hour,
        chance,
        heat_of(chance),
        found is not None and not found.minutes,
        week.met[kind].get((day, hour), _NOTHING),
    )
