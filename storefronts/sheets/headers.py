"""Finding the row that names the columns, and what each of them says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.countries import SERVED
from models.folding import fold
from storefronts.sheets.columns import READINGS, Column

ROWS_SEARCHED = 50
_LONGEST_NAME = 80
_PARTS = re.compile(r"[\n/|()（）\[\]【】،,:：]")
_SCRIPTS = re.compile(r"[a-z0-9 ]+|[\u0600-\u06ff0-9 ]+|[\u4e00-\u9fff0-9 ]+")
_CURRENCIES = frozenset({country.currency for country in SERVED.values()} | {"USD", "EUR", "CNY"})
_CURRENCY_WORDS = frozenset(
    {"ريال", "بالريال", "درهم", "بالدرهم", "دينار", "بالدينار", "جنيه", "بالجنيه", "in"}
)


@dataclass(frozen=True)
class Place:
    """Where a column is: its rank among its like, its 0-based index, its name, its currency."""

    rank: int
    index: int
    name: str
    currency: str | None


@dataclass(frozen=True)
class Header:
    """The row that names the columns (0-based), and where each of them is, best place first."""

    index: int
    places: dict[Column, tuple[Place, ...]]

    def names(self) -> frozenset[str]:
        """The folded names, by which the same row is known when it comes again."""
        return frozenset(fold(place.name) for places in self.places.values() for place in places)


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The row among the first 50 that names most columns, or None when none names enough.

    Enough is three different columns, or a phone and one other.
    """
    headers = [_read(index, row) for index, row in enumerate(rows[:ROWS_SEARCHED])]
    best = max(headers, key=lambda header: len(header.places), default=None)
    if best is None or len(best.places) < (2 if Column.phone in best.places else 3):
        return None
    return best


def _read(index: int, row: Sequence[object]) -> Header:
    named = [(at, cell) for at, cell in enumerate(row) if isinstance(cell, str)]
    meant = [(at, name, *_readings(name)) for at, name in named if len(name) <= _LONGEST_NAME]
    taken = {readings[0][0] for _, _, readings, _ in meant if len(readings) == 1}
    places: dict[Column, list[Place]] = {}
    for at, name, readings, currency in meant:
        free = (
            readings if len(readings) == 1 else [meaning for meaning in readings if meaning[0] not in taken]
        )
        for column, rank in free[:1]:
            taken.add(column)
            places.setdefault(column, []).append(Place(rank, at, name.strip(), currency))
    return Header(index, {column: tuple(sorted(found, key=_order)) for column, found in places.items()})


def _order(place: Place) -> tuple[int, int]:
    return place.rank, place.index


def _readings(name: str) -> tuple[tuple[tuple[Column, int], ...], str | None]:
    """What a name may mean: as it is, else one half of "الجوال / Phone", else without "SAR" or "بالريال"."""
    whole = fold(name)
    parts = [fold(part) for part in _PARTS.split(name)]
    scripts = [part.strip() for part in _SCRIPTS.findall(whole)]
    words = whole.split()
    bare = " ".join(w for w in words if w not in _CURRENCY_WORDS and w.upper() not in _CURRENCIES)
    currency = next((w.upper() for w in words if w.upper() in _CURRENCIES), None)
    for candidate in (whole, *parts, *scripts, bare):
        if candidate in READINGS:
            return READINGS[candidate], currency
    return (), None
