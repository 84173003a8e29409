"""How likely each contact is to be answered: by slot, and by how many failed before it.

A silence says something about the buyer, and about whether the phone is dead at all: the profiles are weighed
anew for each number of failures to come. What remains (people tire, orders age) are stated priors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.vocabulary import Channel
from verification.slots.asking import Asked
from verification.slots.beliefs import beliefs_of, tired
from verification.slots.cells import HOURS, channel_index
from verification.slots.counts import Floats
from verification.slots.grid import Grid
from verification.slots.model import Model, sigmoid

_WAKING = slice(9, 22)


@dataclass(frozen=True)
class Chances:
    """`call` (failed calls, failed messages, slots, orders): of an agent's call being answered; `message` of
    the next WhatsApp being answered sooner or later; `sms` (slots, orders). `usual` (2, orders): a waking
    hour's average for a call, a message."""

    call: Floats
    message: Floats
    sms: Floats
    usual: Floats


def chances_of(model: Model, orders: Sequence[Asked], grid: Grid, depth: tuple[int, int]) -> Chances:
    """The chances of all contacts; `depth`: failed calls and messages to look through, plus one."""
    priors = model.priors
    beliefs = beliefs_of(model, orders)
    weights = beliefs.weights
    week = sigmoid(model.logits).reshape(*weights.shape[:3], -1, 2 * HOURS)
    call_week, message_week = week[:, :, 0, 3], week[:, 0, :, 0]
    calls_missed = _silence(model, Channel.agent_call, depth[0])[:, :, :, 0]
    unanswered = _silence(model, Channel.whatsapp, depth[1])[:, :, 0]

    # Of a rhythm with a level of calls, so many messages unanswered; and the other way round.
    by_call = np.einsum("mrw,ruwn->mrun", unanswered, weights)
    by_message = np.einsum("cru,ruwn->crwn", calls_missed, weights)
    call = _weighed(call_week, calls_missed, by_call, beliefs.dead)
    message = _weighed(message_week, unanswered, by_message, beliefs.dead).swapaxes(0, 1)

    plain = weights / weights.sum((0, 1, 2))
    rhythm = plain.sum((1, 2))
    by_level = (plain.sum(2).reshape(-1, len(orders)), plain.sum(1).reshape(-1, len(orders)))
    wakes = [each.reshape(-1, 2, HOURS)[..., _WAKING].mean((1, 2)) for each in (call_week, message_week)]
    yields_call, yields_message = (_yield(*pair) for pair in zip(by_level, wakes, strict=True))
    usual = np.stack([wake @ shares for wake, shares in zip(wakes, by_level, strict=True)])

    fresh = priors.fresh * np.exp(-grid.age / priors.fresh_hours) - priors.fresh * priors.fresh_hours / 24
    shift = fresh + grid.shift
    soft = fresh + model.message_slope * grid.shift
    done_calls = np.array([sum(one.channel.is_call for one in each.tried) for each in orders])
    done_messages = np.array([sum(one.channel is Channel.whatsapp for one in each.tried) for each in orders])
    fewer_calls = tired(model, done_calls + np.arange(depth[0])[:, None, None, None], call=True)
    fewer_messages = tired(model, done_messages + np.arange(depth[1])[:, None, None], call=False)
    return Chances(
        with_odds(_at(call, grid), np.exp(yields_call * shift) * np.exp(yields_call * fewer_calls)),
        with_odds(
            _at(message, grid), np.exp(yields_message * soft) * np.exp(yields_message * fewer_messages)
        ),
        moved(_at(week[:, 0, 0, 1].T @ rhythm, grid), soft),
        usual,
    )


def _silence(model: Model, channel: Channel, most: int) -> Floats:
    """The chance that so many contacts bring no decision within their hour: (most, rhythms, levels of calls,
    levels of messages)."""
    place = channel_index(channel)
    within = model.decides[place] if channel.is_call else model.priors.answered_within_hour
    logits = model.logits[:, place, :, _WAKING]
    each = [
        1 - within * sigmoid(logits + tired(model, number, call=channel.is_call)).mean((1, 2))
        for number in range(most - 1)
    ]
    shape = (most, len(model.curves), len(model.calls), len(model.messages))
    return np.cumprod([np.ones(model.profiles), *each], 0).astype(np.float32).reshape(shape)


def _weighed(week: Floats, silent: Floats, weights: Floats, dead: Floats) -> Floats:
    """The chances (own failures, others' failures, cells, orders) of a week (rhythms, levels, cells).

    `silent` (failures, rhythms, levels) are the own failures; `weights` (failures, rhythms, levels, orders)
    hold those of the others.
    """
    weights = weights.reshape(len(weights), -1, weights.shape[-1])
    silent = silent.reshape(len(silent), 1, 1, -1)
    wanted = silent * week.reshape(-1, week.shape[-1]).T
    left = np.matmul(silent, weights)
    found: Floats = np.matmul(wanted, weights)
    found /= left + dead
    return found


def _at(week: Floats, grid: Grid) -> Floats:
    """What (…, cells, orders) has for the slots: (…, slots, orders)."""
    orders = np.arange(grid.cell.shape[1])
    flat = (grid.cell * len(orders) + orders).reshape(-1)
    found: Floats = week.reshape(*week.shape[:-2], -1).take(flat, -1)
    return found.reshape(*week.shape[:-2], *grid.cell.shape)


def _yield(weights: Floats, chances: Floats) -> Floats:
    """How far a mixture's logit moves when all of its profiles' move by 1: less, the more they differ."""
    mean, square = chances @ weights, chances**2 @ weights
    found: Floats = 1 - (square - mean**2) / (mean * (1 - mean))
    return found


def moved(chance: Floats, by: Floats | float) -> Floats:
    """The chance with its odds multiplied by exp(by)."""
    return with_odds(chance, np.exp(by))


def with_odds(chance: Floats, times: Floats | float) -> Floats:
    """The chance with its odds multiplied."""
    odds = chance * np.asarray(times, np.float32)
    found: Floats = odds / (1 - chance + odds)
    return found
