"""When to say that choosing well is worse than not choosing: a rule that may be looked at every hour, pure.

A test of 5 % looked at again and again cries wolf sooner or later. This one is the mixture sequential
probability ratio test (Robbins, Annals of Mathematical Statistics 1970; for two shares Johari, Koomen,
Pekelis and Walsh, "Always Valid Inference", Operations Research 2022): how much likelier what is seen is
under a loss, averaged over all losses that learned may have (half a normal curve with a spread of `LOSS`),
than under no difference. Without one it ever passes 1/a with a chance of at most a, however often one looks.

It looks at the orders of the last 28 and of the last 90 days, in each country and in all together, and
`ALPHA` is shared equally by all these tests. That the windows move on is more than the theorem allows; a test
simulates it. It ends when neither window shows a loss by an ordinary one-sided test of 5 %.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import inf, log, sqrt
from statistics import NormalDist

from models.vocabulary import Arm
from verification.trial.layers import Counted, layers_of

WINDOWS = (timedelta(days=28), timedelta(days=90))
ALPHA = 0.05
LOSS = 0.05
"""Losses of about so much are looked for: five points of the share decided in time."""
LEAST_CONTROL = 100
"""With fewer cases in the control nothing is said."""

_NORMAL = NormalDist()
_ENDS_ABOVE = _NORMAL.inv_cdf(0.05)


class Standing(StrEnum):
    """How learned stands to control."""

    too_few = "too_few"
    fine = "fine"
    doubtful = "doubtful"
    below = "below"


@dataclass(frozen=True)
class Look:
    """What one place's orders of one window show: learned less control, in the share decided in time, with
    the variance that it would have without a difference; None with too few."""

    difference: float
    variance: float

    @property
    def evidence(self) -> float:
        """The logarithm of how many times likelier a loss makes what is seen than no difference does."""
        wide = self.variance + LOSS**2
        steps = self.difference / sqrt(self.variance)
        tilt = steps * LOSS / sqrt(wide)
        # Far on the good side the curve's tail is below what a float can hold.
        tail = _NORMAL.cdf(-tilt) if tilt < 30 else 0.0
        if not tail:
            return -inf
        return log(2 * tail) + log(self.variance / wide) / 2 + tilt * tilt / 2

    @property
    def is_suspicious(self) -> bool:
        """Whether a single look by an ordinary test would find a loss."""
        return self.difference / sqrt(self.variance) < _ENDS_ABOVE


@dataclass(frozen=True)
class Judged:
    """A place (a country; all together: None), how learned stands there, and what its windows show."""

    country: str | None
    standing: Standing
    looks: tuple[Look | None, ...]
    control: int

    @property
    def worst(self) -> Look | None:
        """The window that speaks most against learned."""
        return max((look for look in self.looks if look), key=lambda look: look.evidence, default=None)


def look(counted: Iterable[Counted]) -> Look | None:
    """What the orders of one place and window show; None with too few of them."""
    layers = layers_of(counted)
    if layers is None or sum(layers.sizes[Arm.control]) < LEAST_CONTROL:
        return None
    learned, control = (layers.mean(arm, lambda each: each.all.decided) for arm in (Arm.learned, Arm.control))
    of_learned, of_control = layers.cases(Arm.learned), layers.cases(Arm.control)
    together = (learned * of_learned + control * of_control) / (of_learned + of_control)
    variance = together * (1 - together) * (1 / of_learned + 1 / of_control)
    return Look(learned - control, variance) if variance > 0 else None


def standing_of(looks: Sequence[Look | None], tests: int) -> Standing:
    """How learned stands in one place, when so many tests are made in all."""
    seen = [each for each in looks if each is not None]
    if not seen:
        return Standing.too_few
    if any(each.evidence >= log(tests / ALPHA) for each in seen):
        return Standing.below
    return Standing.doubtful if any(each.is_suspicious for each in seen) else Standing.fine


def judge(windows: Mapping[timedelta, Sequence[Counted]]) -> tuple[Judged, ...]:
    """Every country with both arms in one of the windows, and all together where that is more than one."""
    countries = sorted({each.country for counted in windows.values() for each in counted})
    places: list[str | None] = [*countries]
    if len(countries) != 1:
        places.insert(0, None)
    looks = {
        place: tuple(
            look(each for each in windows[window] if place is None or each.country == place)
            for window in WINDOWS
        )
        for place in places
    }
    tests = len(WINDOWS) * sum(any(seen) for seen in looks.values())
    longest = windows[WINDOWS[-1]]
    return tuple(
        Judged(
            place,
            standing_of(seen, tests),
            seen,
            sum(
                each.cases
                for each in longest
                if each.arm is Arm.control and (place is None or each.country == place)
            ),
        )
        for place, seen in looks.items()
    )
