"""When a buyer answers, over a whole week: what plans rest on, as plain numbers for whoever draws them."""

from collections.abc import Mapping

import numpy as np

from models.vocabulary import Channel, Regime
from verification.slots.cells import CHANNELS, HOURS, regime_index, rest_days
from verification.slots.chances import moved
from verification.slots.counts import Past, packed
from verification.slots.model import Model
from verification.slots.posterior import answer_week, weigh

Week = tuple[tuple[float, ...], ...]
"""Chances by weekday (Monday first) and local hour."""


def week_of(
    model: Model, past: Past, country: str, city: str, regime: Regime = Regime.normal
) -> Mapping[Channel, Week]:
    """The chance that a first contact is answered, by channel; in Ramadan and at an Eid all days are alike
    but for the weekend."""
    week = answer_week(model, weigh(model, packed([past]), [(country, city)]))[0]
    resting = rest_days(country)
    by_day = week[:, [int(day in resting) for day in range(7)]]
    if regime is Regime.normal:
        slopes = np.array([1 if channel.is_call else model.message_slope for channel in CHANNELS])
        flat = np.zeros((7, HOURS), np.float32)
        shift = slopes[:, None, None] * model.weekdays.get(resting, flat)
    else:
        shift = model.regime_logits[regime_index(regime)]
    chances = moved(by_day, shift)
    return {
        channel: tuple(tuple(float(chance) for chance in day) for day in chances[place])
        for place, channel in enumerate(CHANNELS)
    }
