"""What a nightly fit leans on. Pure.

Every night starts from the stated priors and all counts anew, so no night's error is passed on to the next.
Only the offsets of Ramadan and the Eids are remembered, as far as the contacts that taught them can no longer
be counted: they may have been erased with their buyers before the season comes round again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.vocabulary import Regime
from verification.slots.cells import CONTACT_CELLS, REGIMES
from verification.slots.counts import Past
from verification.slots.model import Model

Evidence = Mapping[Regime, int]
"""How many contacts have taught the offsets of each regime."""
_CELLS = CONTACT_CELLS // len(REGIMES)


def evidence_of(pasts: Sequence[Past]) -> Evidence:
    """How many contacts are counted under each regime."""
    found = dict.fromkeys(REGIMES, 0)
    for past in pasts:
        for cell, count in past.cells.items():
            if cell < CONTACT_CELLS:
                found[REGIMES[cell // _CELLS]] += count
    return found


def leaning_on(cold: Model, last: Model, taught: Evidence, counted: Evidence) -> Model:
    """The cold model with the last one's offsets of regimes, by the share of what `taught` them that is no
    longer `counted`: all of them where nothing is, none where everything is."""
    lost = np.array([_lost(taught.get(each, 0), counted.get(each, 0)) for each in REGIMES])
    regimes = cold.regimes + lost[:, None] * (last.regimes - cold.regimes)
    return replace(cold, regimes=regimes.astype(np.float32))


def remembered(taught: Evidence, counted: Evidence) -> dict[Regime, int]:
    """What has taught the offsets of a fit that counted these and leaned on what was taught before."""
    return {each: max(taught.get(each, 0), counted.get(each, 0)) for each in REGIMES}


def _lost(taught: int, counted: int) -> float:
    return max(0.0, 1 - counted / taught) if taught else 0.0
