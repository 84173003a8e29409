"""What contacts drawn by lot show of the model: they alone are free of what the planner prefers; pure.

Each weighs the inverse of the chance that the lot had for it (Horvitz and Thompson 1952, in Hajek's form), so
that all hours and channels that were allowed count alike. What came of them is held against what the model
had expected of the very same contacts.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from models.vocabulary import Channel
from verification.trial.intervals import Estimate, Z

LEAST_CONTACTS = 30
"""With fewer no interval is told."""


class DayPart(StrEnum):
    """A part of the day on the buyer's clock; the number of each hour divided by six tells which."""

    night = "night"
    morning = "morning"
    afternoon = "afternoon"
    evening = "evening"


@dataclass(frozen=True)
class Drawn:
    """Contacts drawn by lot on one channel in one part of the day.

    `weight` is the sum of their weights; `decided` and `expected` are the weighted sums of those that brought
    a decision, and of the chances that the model gave them. With the surprise of a contact being what came
    (0 or 1) less what was expected, `squares`, `surprise` and `surprise_squares` are the sums of the squared
    weights, of these times the surprise, and of these times its square.
    """

    channel: Channel
    part: DayPart
    contacts: int
    weight: float
    decided: float
    expected: float
    squares: float
    surprise: float
    surprise_squares: float


@dataclass(frozen=True)
class Looked:
    """What came of contacts drawn by lot, and what was expected: shares that brought a decision. `difference`
    is the one less the other; None: too few to tell."""

    channel: Channel
    part: DayPart
    contacts: int
    decided: float
    expected: float
    difference: Estimate | None

    @property
    def is_as_expected(self) -> bool | None:
        """Whether chance alone explains the difference; None when nobody can tell."""
        return None if self.difference is None else self.difference.low <= 0 <= self.difference.high


def look_at(drawn: Drawn) -> Looked:
    """What these contacts show."""
    decided, expected = drawn.decided / drawn.weight, drawn.expected / drawn.weight
    found = decided - expected
    spread = drawn.surprise_squares - 2 * found * drawn.surprise + found * found * drawn.squares
    margin = Z * sqrt(max(0.0, spread)) / drawn.weight
    difference = Estimate(found, found - margin, found + margin)
    told = drawn.contacts >= LEAST_CONTACTS
    return Looked(drawn.channel, drawn.part, drawn.contacts, decided, expected, difference if told else None)
