"""Which profile a buyer is, after what is known of them: Bayes by one matrix product."""

from collections.abc import Sequence

import numpy as np

from verification.slots.counts import Floats
from verification.slots.model import Model


def log_weights(model: Model, counts: Floats, places: Sequence[tuple[str, str]]) -> Floats:
    """Unnormalised log chances (buyers, profiles); `counts` (buyers, WIDTH), `places` country and city."""
    seen = np.flatnonzero(counts.any(0))
    prior = np.stack([model.mix(*place) for place in places])
    return (prior + counts[:, seen] @ model.evidence[seen]).astype(np.float32)


def normalised(logs: Floats) -> Floats:
    """Chances that add up to 1 in each row."""
    weights = np.exp(logs - logs.max(1, keepdims=True))
    chances: Floats = weights / weights.sum(1, keepdims=True)
    return chances


def weigh(model: Model, counts: Floats, places: Sequence[tuple[str, str]]) -> Floats:
    """The chances of the profiles for each buyer (buyers, profiles)."""
    return normalised(log_weights(model, counts, places))


def answer_week(model: Model, weights: Floats) -> Floats:
    """The chance of an answer to a first contact on a normal day: (buyers, channels, 2, 24)."""
    shape = model.logits.shape[1:]
    chances = 1 / (1 + np.exp(-model.logits))
    return (weights @ chances.reshape(model.profiles, -1)).reshape(-1, *shape)
