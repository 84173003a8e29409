"""Learning from all buyers together: expectation and maximisation, in seconds.

Partial pooling throughout: curves are smooth and held near the cold start's, offsets of regimes near their
prior or what last year's fit left, cities lean on their country and countries on all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from verification.slots.cells import CHANNELS, CONTACT_CELLS, HOURS, ORDERS, REGIMES, SHAPE, SIGN_SHAPE
from verification.slots.counts import Floats, Past, Pooled, packed
from verification.slots.model import Model, sigmoid
from verification.slots.posterior import log_weights, normalised

MOST_BUYERS = 50_000
_ROUNDS = 15
_STEPS = 2
_ORDERS_ASSUMED = 3.0
_SIGNS_ASSUMED = 3.0
_DECISIONS_ASSUMED = 20.0


def fit(
    start: Model,
    pasts: Sequence[Past],
    places: Sequence[tuple[str, str]],
    pooled: Mapping[frozenset[int], Pooled],
    *,
    rounds: int = _ROUNDS,
) -> Model:
    """A model of these buyers (with their country and city), from `start`, which is also what it leans on.

    Of more than `MOST_BUYERS` an even sample is taken: the rest would only sharpen what is sharp.
    `pooled` holds the counts by weekday, by the days of rest.
    """
    if not pasts:
        return start
    step = -(-len(pasts) // MOST_BUYERS)
    pasts, places = pasts[::step], places[::step]
    counts = packed(pasts)
    seen = np.flatnonzero(counts.any(0))
    narrow = np.ascontiguousarray(counts[:, seen])
    model = start
    for _ in range(rounds):
        weights = normalised(log_weights(model, counts, places))
        expected = np.zeros((model.profiles, counts.shape[1]), np.float32)
        expected[:, seen] = weights.T @ narrow
        model = _maximised(model, start, expected, _mixes(start, weights, places))
    return replace(model, weekdays=_weekdays(model, pooled), decides=_decides(start, pooled))


def _maximised(model: Model, start: Model, expected: Floats, mixes: Mapping[str, Floats]) -> Model:
    rhythms = len(model.curves)
    contacts = expected[:, :CONTACT_CELLS].reshape(model.profiles, *SHAPE)
    orders = expected[:, ORDERS].reshape(rhythms, -1, HOURS).sum(1)
    signs = expected[:, ORDERS.stop :].reshape(rhythms, -1, *SIGN_SHAPE).sum((1, 2))
    model = replace(model, mixes=mixes, shopping=_shopping(orders), looking=_looking(start.looking, signs))
    for _ in range(_STEPS):
        model = _newton(model, start, contacts)
    return model


def _newton(model: Model, start: Model, contacts: Floats) -> Model:
    """One step of Newton's method for the curves, the regimes and the scalars, each given the others."""
    made = contacts.sum(-1)
    logits = model.logits[:, None] + model.regime_logits[None]
    chances = sigmoid(logits)
    slope = (contacts[..., 1] - made * chances).astype(np.float64)
    bend = (made * chances * (1 - chances)).astype(np.float64)
    felt = np.array([model.message_slope, model.message_slope, 1.0, 1.0])[:, None, None]

    axes = (len(model.curves), -1, len(REGIMES), len(CHANNELS), 2, HOURS)
    curves = model.curves + _smooth_step(
        (felt * slope).reshape(axes).sum((1, 2, 3)),
        (felt**2 * bend).reshape(axes).sum((1, 2, 3)),
        model.curves - start.curves,
        model.priors.curve_sd,
        model.priors.curve_hours,
    )
    regimes = model.regimes + _smooth_step(
        (felt * slope).sum((0, 2, 3)),
        (felt**2 * bend).sum((0, 2, 3)),
        model.regimes - start.regimes,
        model.priors.regime_sd,
        model.priors.curve_hours,
    )
    regimes[0] = 0
    by_hour = (
        np.repeat(model.curves, model.profiles // len(model.curves), axis=0)[:, None] + model.regimes[:, None]
    )
    whatsapp, sms, ivr = (np.s_[:, :, place] for place in range(3))
    return replace(
        model,
        curves=curves.astype(np.float32),
        regimes=regimes.astype(np.float32),
        message_slope=_scalar(
            model.message_slope,
            start.message_slope,
            0.1,
            (by_hour * slope[whatsapp]),
            by_hour**2 * bend[whatsapp],
        ),
        sms_level=_scalar(model.sms_level, start.sms_level, 0.5, slope[sms], bend[sms]),
        ivr_shift=_scalar(model.ivr_shift, start.ivr_shift, 0.5, slope[ivr], bend[ivr]),
    )


def _scalar(value: float, leans_on: float, sd: float, slope: Floats, bend: Floats) -> float:
    step = (slope.sum() - (value - leans_on) / sd**2) / (bend.sum() + 1 / sd**2)
    return value + float(np.clip(step, -0.5, 0.5))


def _smooth_step(slope: Floats, bend: Floats, away: Floats, sd: float, alike: float) -> Floats:
    """Newton's step for values by hour (last axis) that are held near `away` = 0, neighbours alike."""
    hours = np.arange(HOURS)
    apart = np.abs(hours[:, None] - hours[None])
    apart = np.minimum(apart, HOURS - apart)
    covariance = sd**2 * (np.exp(-0.5 * (apart / alike) ** 2) + 0.05 * np.eye(HOURS))
    precision = np.linalg.inv(covariance)
    hessian = precision + bend[..., None] * np.eye(HOURS)
    step = np.linalg.solve(hessian, (slope - away @ precision)[..., None])[..., 0]
    held: Floats = np.clip(step, -0.7, 0.7)
    return held


def _shopping(orders: Floats) -> Floats:
    """Log shares of orders by hour; neighbours are alike, and a rhythm with few orders leans on all."""
    around = (np.roll(orders, -1, 1) + 2 * orders + np.roll(orders, 1, 1)) / 4
    everyone = around.sum(0) + 1
    counts = around + _ORDERS_ASSUMED * HOURS * everyone / everyone.sum()
    shares: Floats = np.log(counts / counts.sum(1, keepdims=True)).astype(np.float32)
    return shares


def _looking(start: Floats, signs: Floats) -> Floats:
    """Log shares of signs by hour of a work or a rest day (rhythms, 2, 24), leaning on the start's.

    Hours at which many signs come from everybody, because we write then, tell nothing of a rhythm: what is
    leaned on is first made as frequent by hour as signs are.
    """
    if not signs.any():
        return start
    around = (np.roll(signs, -1, 2) + 2 * signs + np.roll(signs, 1, 2)) / 4
    usual = (around.sum(2, keepdims=True) + 1) * np.exp(start)
    leaned_on = np.exp(start) * (around.sum(0) + 1) / (usual.sum(0) + 1)
    leaned_on /= leaned_on.sum(2, keepdims=True)
    counts = around + _SIGNS_ASSUMED * HOURS * leaned_on
    shares: Floats = np.log(counts / counts.sum(2, keepdims=True)).astype(np.float32)
    return shares


def _mixes(start: Model, weights: Floats, places: Sequence[tuple[str, str]]) -> dict[str, Floats]:
    """Shares of the profiles everywhere, in each country, in each city: each leans on the one before."""
    priors = start.priors
    by_city: dict[tuple[str, str], list[int]] = {}
    for row, place in enumerate(places):
        by_city.setdefault(place, []).append(row)
    cities: dict[tuple[str, str], Floats] = {place: weights[rows].sum(0) for place, rows in by_city.items()}
    countries: dict[str, Floats] = {}
    for (country, _), shares in cities.items():
        countries[country] = shares + countries.get(country, np.zeros_like(shares))
    everywhere = weights.sum(0) + priors.country_buyers * np.exp(start.mixes[""])
    everywhere /= everywhere.sum()
    mixes = dict(start.mixes) | {"": everywhere}
    for country, shares in countries.items():
        mixes[country] = _leaning(shares, priors.country_buyers, everywhere)
    for (country, city), shares in cities.items():
        mixes[f"{country}/{city}"] = _leaning(shares, priors.city_buyers, mixes[country])
    known = {"", *countries, *(f"{country}/{city}" for country, city in cities)}
    return {
        place: np.log(mix + 1e-9).astype(np.float32) if place in known else mix
        for place, mix in mixes.items()
    }


def _leaning(shares: Floats, buyers: float, on: Floats) -> Floats:
    total = shares + buyers * on
    leaning: Floats = total / total.sum()
    return leaning


def _weekdays(model: Model, pooled: Mapping[frozenset[int], Pooled]) -> dict[frozenset[int], Floats]:
    """How each weekday's hours differ from other days of work or rest, for calls: Friday's noon prayer."""
    found = {}
    for days, each in pooled.items():
        made, reached = each.made[2:].astype(np.float64), each.reached[2:].astype(np.float64)
        table = np.zeros((7, HOURS))
        for kind in (sorted(days), [day for day in range(7) if day not in days]):
            rate = (reached[:, kind].sum(1) + 1) / (made[:, kind].sum(1) + 2)
            expected = made[:, kind] * rate[:, None]
            bend = (expected * (1 - rate[:, None])).sum(0) + 1 / model.priors.weekday_sd**2
            table[kind] = (reached[:, kind] - expected).sum(0) / bend
        found[days] = np.clip(table, -1.5, 1.5).astype(np.float32)
    return found


def _decides(start: Model, pooled: Mapping[frozenset[int], Pooled]) -> Floats:
    answered = sum((each.answered for each in pooled.values()), np.zeros(len(CHANNELS), np.float32))
    decided = sum((each.decided for each in pooled.values()), np.zeros(len(CHANNELS), np.float32))
    shares: Floats = (decided + _DECISIONS_ASSUMED * start.decides) / (answered + _DECISIONS_ASSUMED)
    return shares
