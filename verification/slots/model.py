"""What has been learned of all buyers together: rhythms of the week, levels, how they mix in each place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from verification.slots.cells import CHANNELS, HOURS, REGIMES
from verification.slots.counts import Floats
from verification.slots.priors import PRIORS, Priors

NEVER = -7.0
"""The logit of somebody who does not answer a channel at all."""
_PEAKS = (8.5, 10.5, 12.5, 14.5, 16.5, 18.5, 20.5, 22.5)
_REST_DAY_LATER = 1.5
_CALL_STEPS = np.array([-1.8, -0.9, 0.0, 0.9, 1.8], np.float32)
_ARRAYS = ("curves", "calls", "messages", "shopping", "looking", "regimes", "decides")
_MESSAGE_STEPS = np.array([-1.7, -0.85, 0.0, 0.85, 1.7], np.float32)


def logit(chance: float) -> float:
    """The log of the odds."""
    return float(np.log(chance / (1 - chance)))


def sigmoid(logits: Floats) -> Floats:
    """Chances from logits."""
    return 1 / (1 + np.exp(-logits))


def bump(hours: Floats, centre: float, width: float) -> Floats:
    """1 at the centre and falling away on both sides, round the clock; all in hours."""
    away = np.abs((hours - centre + 12) % 24 - 12)
    found: Floats = np.exp(-0.5 * (away / width) ** 2).astype(np.float32)
    return found


@dataclass(frozen=True)
class Model:
    """A buyer is one of `rhythms` x call levels x message levels "profiles" (in this order, flattened).

    `curves` (rhythms, 2, 24): logits by work or rest day and local hour, of a call by a person; `regimes`
    (3, 24) are added on days that are not normal. `calls` and `messages` hold the levels, as logits. `mixes`
    are log shares of the profiles by place: "" everywhere, a country's code, or with its city "SA/riyadh".
    `shopping` (rhythms, 24): log share of orders by hour; `looking` (rhythms, 2, 24): of other signs of life,
    by hour of a work or a rest day. `weekdays`: rest days -> (7, 24) for calls.
    `decides` (channels,): chance of a decision once answered. Arrays are never changed.
    """

    curves: Floats
    calls: Floats
    messages: Floats
    mixes: Mapping[str, Floats]
    shopping: Floats
    looking: Floats
    regimes: Floats
    decides: Floats
    ivr_shift: float
    sms_level: float
    message_slope: float
    weekdays: Mapping[frozenset[int], Floats] = field(default_factory=dict)
    priors: Priors = PRIORS

    @property
    def profiles(self) -> int:
        """How many kinds of buyers are told apart."""
        return len(self.curves) * len(self.calls) * len(self.messages)

    def mix(self, country: str, city: str) -> Floats:
        """Log shares of the profiles in the smallest place that is known."""
        found = self.mixes.get(f"{country}/{city}")
        return found if found is not None else self.mixes.get(country, self.mixes[""])

    @cached_property
    def logits(self) -> Floats:
        """Of an answer on a normal day: (profiles, channels, 2, 24)."""
        rhythms, calls, messages = len(self.curves), len(self.calls), len(self.messages)
        shape = (rhythms, calls, messages, len(CHANNELS), 2, HOURS)
        curve = self.curves[:, None, None]
        found = np.zeros(shape, np.float32)
        found[:, :, :, 0] = self.messages[:, None, None] + self.message_slope * curve
        found[:, :, :, 1] = self.sms_level + self.message_slope * curve
        call = self.calls[:, None, None, None] + curve
        found[:, :, :, 2] = call + self.ivr_shift
        found[:, :, :, 3] = call
        return found.reshape(self.profiles, len(CHANNELS), 2, HOURS)

    @property
    def regime_logits(self) -> Floats:
        """What regimes add: (3, channels, 1, 24); messages feel it less, as they feel hours less."""
        slopes = np.array([self.message_slope, self.message_slope, 1, 1], np.float32)
        return (slopes[:, None, None] * self.regimes[:, None, None, :]).astype(np.float32)

    @cached_property
    def evidence(self) -> Floats:
        """The log chance of one count in each cell: (WIDTH, profiles). Logs stay finite: nothing is proof."""
        logits = self.logits[:, None] + self.regime_logits[None]
        logits = np.clip(logits, -9, 9)
        missed, reached = -np.log1p(np.exp(logits)), -np.log1p(np.exp(-logits))
        contacts = np.stack([missed, reached], -1).reshape(self.profiles, -1)
        levels = len(self.calls) * len(self.messages)
        weights = [self.priors.read_weight, self.priors.page_weight, self.priors.called_in_weight]
        signs = np.concatenate([weight * self.looking.reshape(-1, 2 * HOURS) for weight in weights], 1)
        others = np.repeat(np.concatenate([self.shopping, signs], 1), levels, axis=0)
        return np.ascontiguousarray(np.concatenate([contacts, others], 1).T, dtype=np.float32)


def cold_model(priors: Priors = PRIORS) -> Model:
    """What is believed before the first contact: rhythms for parts of the day, with two humps, flat."""
    hours = np.arange(HOURS, dtype=np.float32)
    humps = [[(peak, 1.2)] for peak in _PEAKS] + [[(12.0, 0.9), (20.0, 0.9)], []]
    curves = np.stack(
        [np.stack([_curve(hours, peaks, later) for later in (0.0, _REST_DAY_LATER)]) for peaks in humps]
    )
    calls = (logit(priors.agent_answer) + priors.call_level_sd * _CALL_STEPS).astype(np.float32)
    messages = logit(priors.whatsapp_answer) + priors.message_level_sd * _MESSAGE_STEPS
    messages = np.append(messages, NEVER).astype(np.float32)
    rhythm = np.full(len(curves), 1 / len(curves))
    on_whatsapp = _bell(_MESSAGE_STEPS) * (1 - priors.never_on_whatsapp)
    message = np.append(on_whatsapp, priors.never_on_whatsapp)
    shares = np.einsum("k,u,w->kuw", rhythm, _bell(_CALL_STEPS), message)
    regimes = np.zeros((len(REGIMES), HOURS), np.float32)
    for place, bumps in ((1, priors.ramadan), (2, priors.eid)):
        for centre, width, height in bumps:
            regimes[place] += height * bump(hours, centre, width)
    looking = priors.looking_slope * curves
    looking -= np.log(np.exp(looking).sum(-1, keepdims=True))
    return Model(
        curves=curves.astype(np.float32),
        calls=calls,
        messages=messages,
        mixes={"": np.log(shares).reshape(-1).astype(np.float32)},
        shopping=np.full((len(curves), HOURS), -np.log(HOURS), np.float32),
        looking=looking.astype(np.float32),
        regimes=regimes,
        decides=np.array([1, 1, priors.ivr_decides, priors.agent_decides], np.float32),
        ivr_shift=priors.ivr_shift,
        sms_level=logit(priors.sms_answer),
        message_slope=priors.message_slope,
        priors=priors,
    )


def _curve(hours: Floats, peaks: list[tuple[float, float]], later: float) -> Floats:
    """Humps at these hours of a working day, otherwise a little below the level, and asleep at night."""
    asleep = -2.0 * bump(hours, 4.0, 2.5)
    humps = sum((height * bump(hours, centre + later, 2.0) for centre, height in peaks), np.zeros_like(hours))
    return (humps - 0.3 * len(peaks) + asleep).astype(np.float32)


def _bell(steps: Floats) -> Floats:
    weights = np.exp(-0.5 * steps**2)
    shares: Floats = weights / weights.sum()
    return shares


def as_json(model: Model) -> dict[str, Any]:
    """The model as plain values, to be kept by whoever keeps versions; `from_json` reads them back."""
    plain = {name: getattr(model, name).round(5).tolist() for name in _ARRAYS}
    return plain | {
        "mixes": {place: mix.round(5).tolist() for place, mix in model.mixes.items()},
        "weekdays": [[sorted(days), table.round(5).tolist()] for days, table in model.weekdays.items()],
        "ivr_shift": model.ivr_shift,
        "sms_level": model.sms_level,
        "message_slope": model.message_slope,
    }


def from_json(plain: Mapping[str, Any], priors: Priors = PRIORS) -> Model:
    """Read a kept model back; KeyError or ValueError where it is none."""
    return Model(
        **{name: np.array(plain[name], np.float32) for name in _ARRAYS},
        ivr_shift=float(plain["ivr_shift"]),
        sms_level=float(plain["sms_level"]),
        message_slope=float(plain["message_slope"]),
        priors=priors,
        mixes={place: np.array(mix, np.float32) for place, mix in plain["mixes"].items()},
        weekdays={frozenset(days): np.array(table, np.float32) for days, table in plain["weekdays"]},
    )
