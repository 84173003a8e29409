"""Answer rates as a heat map: hours down, weekdays across; and its best and worst hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from verification.board.answers import Hours, Tally, whole
from verification.hours.week import OpenHour
from web.seen.week_drawing import heat_of

FEW = 10
"""From so many contacts on an hour's rate says something."""
_NAMED = 3
_NOTHING = Tally()


@dataclass(frozen=True)
class Cell:
    """One hour of a weekday; `heat` as in `heat_of`, None without any contact. `codes` are of the rules that
    shut all of it (`is_shut`) or a part."""

    weekday: int
    hour: int
    tally: Tally
    heat: int | None
    is_few: bool
    is_shut: bool
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Extremes:
    """The hours that were answered best and worst, of those with enough contacts; none stands in both."""

    best: tuple[Cell, ...]
    worst: tuple[Cell, ...]


def rows(
    hours: Hours, open_hours: Mapping[tuple[int, int], OpenHour], days: Sequence[int]
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows of the table: an hour, and its cell on each of the days."""
    for hour in range(24):
        yield hour, tuple(_cell(hours, open_hours, day, hour) for day in days)


def extremes(hours: Hours, open_hours: Mapping[tuple[int, int], OpenHour], days: Sequence[int]) -> Extremes:
    """Three of each at most; one with fewer contacts leans more on the average, so that luck is not named."""
    average = whole(hours).rate or 0.0
    known = [cell for _, row in rows(hours, open_hours, days) for cell in row if cell.tally.made >= FEW]
    known.sort(key=lambda cell: -_leaning(cell.tally, average))
    named = min(_NAMED, len(known) // 2)
    return Extremes(tuple(known[:named]), tuple(reversed(known[-named:])) if named else ())


def _leaning(tally: Tally, average: float) -> float:
    return (tally.reached + FEW * average) / (tally.made + FEW)


def _cell(hours: Hours, open_hours: Mapping[tuple[int, int], OpenHour], day: int, hour: int) -> Cell:
    tally, found = hours.get((day, hour), _NOTHING), open_hours.get((day, hour))
    return Cell(
        day,
        hour,
        tally,
        None if tally.rate is None else heat_of(tally.rate),
        0 < tally.made < FEW,
        found is not None and not found.minutes,
        found.codes if found else (),
    )
