"""A new model against the one in use, on contacts that neither has seen, and which of them is to be used.

Pure. Loss is the mean of minus the log of the chance given to what came: lower is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np

from models.vocabulary import Channel, Regime
from verification.learning.contacts import HeldOut
from verification.slots.cells import CHANNELS, REGIMES
from verification.slots.counts import Floats

FEWEST_CONTACTS = 200
"""With fewer held-out contacts nothing can be told: that many are there after some 2,000 contacts in all."""
TIE_DAYS = 14
"""After so many days with the same version, one that is as good is taken for its fresher contacts."""
_SURE = 1e-6


class Why(StrEnum):
    """Why a model was promoted or kept back."""

    better = "better"
    as_good = "as_good"
    too_few = "too_few"
    worse = "worse"
    overtaken = "overtaken"


@dataclass(frozen=True)
class Losses:
    """The losses of both on some contacts; `difference` is new less in use, `error` its standard error."""

    contacts: int
    new: float
    in_use: float
    difference: float
    error: float


@dataclass(frozen=True)
class Comparison:
    """On all held-out contacts, and by channel and regime where there are any."""

    overall: Losses
    parts: dict[tuple[Channel, Regime], Losses]


def compare(contacts: Sequence[HeldOut], new: Floats, in_use: Floats) -> Comparison:
    """The losses of two models that gave these contacts these chances of being answered."""
    reached = np.array([each.reached for each in contacts], np.bool_)
    losses = _losses(new, reached), _losses(in_use, reached)
    numbers: dict[object, int] = {}
    buyers = np.array([numbers.setdefault(each.buyer_id, len(numbers)) for each in contacts], np.int64)
    parts = {}
    for channel, regime in product(CHANNELS, REGIMES):
        rows = np.array([(each.channel, each.regime) == (channel, regime) for each in contacts], np.bool_)
        if rows.any():
            parts[channel, regime] = _told(losses[0][rows], losses[1][rows], buyers[rows])
    return Comparison(_told(*losses, buyers), parts)


def judged(comparison: Comparison, days_in_use: float) -> Why:
    """Which it is: `better` and `as_good` are promoted, the others are not.

    A loss that is not above that of the one in use is better. As the held-out buyers stay the same, noise
    cannot add up night after night so. One that is above it by no more than its standard error is as good,
    and taken only when the one in use is `TIE_DAYS` old.
    """
    overall = comparison.overall
    if overall.contacts < FEWEST_CONTACTS:
        return Why.too_few
    if overall.difference <= 0:
        return Why.better
    return Why.as_good if overall.difference <= overall.error and days_in_use >= TIE_DAYS else Why.worse


def _losses(chances: Floats, reached: np.typing.NDArray[np.bool_]) -> Floats:
    told = np.clip(chances, _SURE, 1 - _SURE)
    losses: Floats = -np.log(np.where(reached, told, 1 - told))
    return losses


def _told(new: Floats, in_use: Floats, buyers: np.typing.NDArray[np.int64]) -> Losses:
    if not len(new):
        return Losses(0, 0.0, 0.0, 0.0, 0.0)
    apart = new - in_use
    mean = float(apart.mean())
    # A buyer's contacts are alike, so buyers are what is drawn.
    of_each = np.bincount(buyers, apart - mean)[np.unique(buyers)]
    few = len(of_each) / max(len(of_each) - 1, 1)
    error = float(np.sqrt(few * (of_each**2).sum()) / len(new))
    return Losses(len(new), float(new.mean()), float(in_use.mean()), mean, error)
