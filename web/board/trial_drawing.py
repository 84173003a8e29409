"""An effect as a picture: a dot with whiskers beside a line that says "no difference"."""

from dataclasses import dataclass
from math import log

from verification.trial.comparing import Compared, Measure
from verification.trial.intervals import Estimate
from web.board import trial_words

WIDTH = 200.0
_MIDDLE = WIDTH / 2
# The widest effects that the picture shows: what goes beyond has no end there.
_MOST_SHARE = {Measure.decided: 0.20, Measure.complaints: 0.01, Measure.returned: 0.20}
_MOST_RATIO = log(4)


@dataclass(frozen=True)
class Whisker:
    """Where the effect (`at`) and its interval stand between 0 and WIDTH, more being further along. `kind` is
    better, worse or even; `beyond` tells at which ends the interval goes on past the edge."""

    low: float
    at: float
    high: float
    kind: str
    beyond: tuple[bool, bool]


def whisker(each: Compared, *, is_judged: bool = True) -> Whisker | None:
    """A measure's effect, shares on an even scale and ratios on that of their logarithm; None: too few.

    Without `is_judged` it is neither better nor worse, only more or less.
    """
    if each.effect is None:
        return None
    kind = trial_words.kind(each.is_better if is_judged else None)
    if each.measure.is_share:
        return _drawn(each.effect, _MOST_SHARE[each.measure], kind)
    found = each.effect
    return _drawn(Estimate(log(found.value), log(found.low), log(found.high)), _MOST_RATIO, kind)


def _drawn(found: Estimate, most: float, kind: str) -> Whisker:
    low, at, high = (_MIDDLE + _MIDDLE * value / most for value in (found.low, found.value, found.high))
    return Whisker(_inside(low), _inside(at), _inside(high), kind, (low < 0, high > WIDTH))


def _inside(x: float) -> float:
    return round(min(max(x, 0.0), WIDTH), 1)
