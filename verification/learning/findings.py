"""What a version was compared and checked by, as it is stored with it. Pure.

`against` is the version that was in use, `why` the verdict; `overall` and `parts` are losses (lower is
better), `calibration` how the version's chances came true on held-out contacts, by channel, and `chosen` how
those came true that production had stated, whichever versions they came from; `taught` counts contacts by
regime.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.vocabulary import Channel
from verification.learning.calibrating import Reliability, reliability
from verification.learning.comparing import Comparison, Losses, Why
from verification.learning.contacts import HeldOut
from verification.learning.leaning import Evidence
from verification.slots.cells import CHANNELS
from verification.slots.counts import Floats

_DIGITS = 5


def findings_of(
    why: Why,
    against: int,
    comparison: Comparison,
    calibration: Mapping[Channel, Reliability],
    chosen: Mapping[Channel, Reliability],
    taught: Evidence,
) -> dict[str, Any]:
    """All of it as plain values."""
    return {
        "why": why.value,
        "against": against,
        "overall": _losses(comparison.overall),
        "parts": [
            {"channel": channel.value, "regime": regime.value, **_losses(losses)}
            for (channel, regime), losses in comparison.parts.items()
        ],
        "calibration": _by_channel(calibration),
        "chosen": _by_channel(chosen),
        "taught": {regime.value: count for regime, count in taught.items()},
    }


def calibrated(contacts: Sequence[HeldOut], chances: Floats) -> dict[Channel, Reliability]:
    """How a model's chances of an answer came true, of the channels with enough contacts."""
    return by_channel([each.channel for each in contacts], chances, [each.reached for each in contacts])


def by_channel(
    channels: Sequence[Channel], chances: Sequence[float] | Floats, came: Sequence[bool]
) -> dict[Channel, Reliability]:
    """The reliability of chances on each channel, of those with enough contacts."""
    told, true = np.asarray(chances, np.float64), np.asarray(came, np.bool_)
    found = {}
    for channel in CHANNELS:
        rows = np.array([each is channel for each in channels], np.bool_)
        reliable = reliability(told[rows], true[rows])
        if reliable is not None:
            found[channel] = reliable
    return found


def _losses(losses: Losses) -> dict[str, Any]:
    return {
        "contacts": losses.contacts,
        "new": round(losses.new, _DIGITS),
        "in_use": round(losses.in_use, _DIGITS),
        "difference": round(losses.difference, _DIGITS),
        "error": round(losses.error, _DIGITS),
    }


def _by_channel(found: Mapping[Channel, Reliability]) -> dict[str, Any]:
    return {
        channel.value: {
            "contacts": each.contacts,
            "error": round(each.error, _DIGITS),
            "brier": round(each.brier, _DIGITS),
            "loss": round(each.loss, _DIGITS),
            "points": [
                [round(point.told, _DIGITS), round(point.came, _DIGITS), point.contacts]
                for point in each.points
            ],
        }
        for channel, each in found.items()
    }
