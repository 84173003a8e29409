"""What is kept of buyers' pasts: small counts. Learning is one addition, forgetting is dropping them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from models.vocabulary import Channel
from verification.slots.cells import CHANNELS, HOURS, ORDERS, WIDTH, channel_index

Floats = npt.NDArray[np.floating[Any]]


@dataclass
class Past:
    """One buyer's counts by cell (see `cells.py`); sparse, most buyers fill a handful."""

    cells: dict[int, int] = field(default_factory=dict)

    def add(self, cell: int, count: int = 1) -> None:
        """Count one more contact or order."""
        self.cells[cell] = self.cells.get(cell, 0) + count

    def joined(self, other: "Past") -> "Past":
        """The past of two buyers who turned out to be one person."""
        both = Past(dict(self.cells))
        for cell, count in other.cells.items():
            both.add(cell, count)
        return both


@dataclass
class Pooled:
    """Contacts of all buyers of one week pattern by channel, weekday (Monday first) and local hour.

    `reached` and `made` have the shape (channels, 7, 24) and count normal days alone; `answered` (channels,)
    counts answered contacts, `decided` those that brought a decision. Nothing here belongs to a person.
    """

    made: Floats = field(default_factory=lambda: np.zeros((len(CHANNELS), 7, HOURS), np.float32))
    reached: Floats = field(default_factory=lambda: np.zeros((len(CHANNELS), 7, HOURS), np.float32))
    answered: Floats = field(default_factory=lambda: np.zeros(len(CHANNELS), np.float32))
    decided: Floats = field(default_factory=lambda: np.zeros(len(CHANNELS), np.float32))

    def add(self, channel: Channel, weekday: int, hour: int, *, reached: bool, decided: bool) -> None:
        """Count one contact more."""
        place = channel_index(channel)
        self.made[place, weekday, hour] += 1
        self.reached[place, weekday, hour] += reached
        self.add_answer(channel, reached=reached, decided=decided)

    def add_answer(self, channel: Channel, *, reached: bool, decided: bool) -> None:
        """Count only what became of it, of a contact on a day that is not a normal one."""
        self.answered[channel_index(channel)] += reached
        self.decided[channel_index(channel)] += reached and decided


def packed(pasts: Sequence[Past]) -> Floats:
    """Counts as rows (buyers, WIDTH).

    A sign of life says of its hour that the buyer looks at the phone then, once, however often it was seen:
    reads follow our own messages, and whoever we always write to at ten would seem to live at ten.
    """
    rows = np.zeros((len(pasts), WIDTH), np.float32)
    lengths = [len(past.cells) for past in pasts]
    at = np.repeat(np.arange(len(pasts)), lengths)
    rows[at, _chained(past.cells.keys() for past in pasts)] = _chained(past.cells.values() for past in pasts)
    np.minimum(rows[:, ORDERS.stop :], 1, out=rows[:, ORDERS.stop :])
    return rows


def _chained(parts: Iterable[Iterable[int]]) -> npt.NDArray[np.int64]:
    return np.fromiter((each for part in parts for each in part), np.int64)
