"""Whether chances come true: of the contacts that were given 40 %, 40 % should succeed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verification.slots.counts import Floats

FEWEST = 50
"""With fewer contacts no curve is drawn."""
_BINS = 10


@dataclass(frozen=True)
class Point:
    """Contacts with like chances: the mean chance, the share that came true, how many."""

    told: float
    came: float
    contacts: int


@dataclass(frozen=True)
class Reliability:
    """How chances came true. `error` is the mean distance between told and came; `brier` and `loss` are the
    mean squared error and the log loss; lower is better in all. Points by rising chance."""

    contacts: int
    points: tuple[Point, ...]
    error: float
    brier: float
    loss: float


def reliability(chances: Floats, came: npt.NDArray[np.bool_]) -> Reliability | None:
    """The reliability of chances against what came, in tenths of the contacts; None for too few of them."""
    if len(chances) < FEWEST:
        return None
    # Read only here: it takes a second, and most processes never fit.
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss, log_loss

    shares, means = calibration_curve(came, chances, n_bins=_BINS, strategy="quantile")
    # The bins are sklearn's own, which tells of each but its size.
    edges = np.percentile(chances, np.linspace(0, 100, _BINS + 1))
    sizes = np.bincount(np.searchsorted(edges[1:-1], chances), minlength=_BINS)
    sizes = sizes[sizes > 0]
    points = tuple(
        Point(float(told), float(share), int(size))
        for told, share, size in zip(means, shares, sizes, strict=True)
    )
    return Reliability(
        len(chances),
        points,
        float(sizes @ np.abs(shares - means) / sizes.sum()),
        float(brier_score_loss(came, chances, labels=[0, 1])),
        float(log_loss(came, chances, labels=[0, 1])),
    )
