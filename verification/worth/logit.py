"""Moving chances on the logit scale, pure."""

from math import exp


def moved(chance: float, by: float) -> float:
    """The chance with its odds multiplied by e to the power of `by`: +0.7 doubles them, -0.7 halves them."""
    odds = chance * exp(by)
    return odds / (1.0 - chance + odds)
