"""How far a number found can be trusted: 95 % confidence intervals, pure.

Shares: Wilson's interval for one (Wilson 1927), Newcombe's for the difference of two (method 10 of Newcombe,
Statistics in Medicine 1998), which stay inside what is possible and hold with few cases. Ratios of means: the
delta method on the logarithm.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Estimate:
    """A number found, and between what the true one lies with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Mean:
    """A mean of some cases with its variance (of the mean, not of one case)."""

    value: float
    variance: float


def wilson(share: float, cases: float) -> Estimate:
    """One share of so many cases (which need not be whole: some may count less than others)."""
    spread = Z * sqrt(share * (1 - share) / cases + Z * Z / (4 * cases * cases))
    middle, scale = share + Z * Z / (2 * cases), 1 + Z * Z / cases
    return Estimate(share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def newcombe(one: Estimate, other: Estimate) -> Estimate:
    """One share less another, both with Wilson's intervals."""
    found = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(found, found - below, found + above)


def ratio(one: Mean, other: Mean) -> Estimate:
    """One mean as a multiple of another; both above 0."""
    found = one.value / other.value
    spread = Z * sqrt(one.variance / one.value**2 + other.variance / other.value**2)
    return Estimate(found, exp(log(found) - spread), exp(log(found) + spread))


def quotient(over: Mean, under: Mean, covariance: float) -> Mean:
    """One mean of the same cases divided by another, above 0 (dollars for each order decided)."""
    found = over.value / under.value
    variance = (over.variance - 2 * found * covariance + found * found * under.variance) / under.value**2
    return Mean(found, max(0.0, variance))
