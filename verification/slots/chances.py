"""How likely each contact is to be answered: by slot, and by how many failed before it.

A silence says something about the buyer, and about whether the phone is dead at all: the profiles are weighed
anew for each number of failures to come. What remains (people tire, orders age) are stated priors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from models.vocabulary import Channel
from verification.slots.asking import Asked, first_instants, hourly
from verification.slots.cells import HOURS, contact_cell, order_cell, regime_index, rest_days
from verification.slots.counts import Floats, packed
from verification.slots.model import Model, sigmoid
from verification.slots.posterior import log_weights

Bools = npt.NDArray[np.bool_]
_WAKING = slice(9, 22)


@dataclass(frozen=True)
class Grid:
    """The slots of many orders (orders, slots): now, then full local hours, padded to the longest.

    `begins` are the slots' beginnings, `call_at` and `message_at` the first allowed instants in them, `calls`
    and `messages` whether there are any. `age`: hours since the order. `wary`: how much more contacts annoy.
    `cell`: rest day x hour. `shift`: what weekday and regime add, as logits.
    """

    begins: list[list[datetime]]
    call_at: list[list[datetime | None]]
    message_at: list[list[datetime | None]]
    calls: Bools
    messages: Bools
    age: Floats
    wary: Floats
    cell: npt.NDArray[np.int64]
    shift: Floats


@dataclass(frozen=True)
class Chances:
    """`call` (orders, failed calls, failed messages, slots): of an agent's call being answered; `message` of
    the next WhatsApp being answered sooner or later; `sms` (orders, slots). `usual` (orders, 2): a waking
    hour's average for a call, a message."""

    call: Floats
    message: Floats
    sms: Floats
    usual: Floats


def grid_of(model: Model, orders: Sequence[Asked]) -> Grid:
    """The slots from now to each order's deadline."""
    begins = [hourly(each.now, each.deadline) for each in orders]
    call_at = [
        first_instants(slots, each.deadline, each.calls) for slots, each in zip(begins, orders, strict=True)
    ]
    message_at = [
        first_instants(slots, each.deadline, each.messages)
        for slots, each in zip(begins, orders, strict=True)
    ]
    longest = max((len(slots) for slots in begins), default=0)
    local = [each.now.astimezone(each.zone) for each in orders]
    first = np.array([at.weekday() * 24 + at.hour for at in local])
    of_week = (first[:, None] + np.arange(longest)) % 168
    weekday, hour = of_week // 24, of_week % 24
    day = (first[:, None] % 24 + np.arange(longest)) // 24
    resting = np.array([[number in rest_days(each.country) for number in range(7)] for each in orders])
    rest = np.take_along_axis(resting, weekday, 1)
    regime = np.array(
        [
            [
                regime_index(each.regimes[min(number, len(each.regimes) - 1)])
                for number in range(day.max() + 1)
            ]
            for each in orders
        ]
    )
    regime = np.take_along_axis(regime, day, 1)
    flat = np.zeros((7, HOURS), np.float32)
    weekdays = np.stack([model.weekdays.get(rest_days(each.country), flat) for each in orders])
    shift = np.where(
        regime == 0,
        np.take_along_axis(weekdays.reshape(len(orders), -1), of_week, 1),
        model.regimes[regime, hour],
    )
    since = np.array([(each.now - each.placed_at).total_seconds() / 3600 for each in orders])
    return Grid(
        begins,
        call_at,
        message_at,
        _known(call_at, longest),
        _known(message_at, longest),
        (since[:, None] + np.arange(longest)).astype(np.float32),
        np.where(hour < model.priors.early_hour, model.priors.complaint_early, 1).astype(np.float32),
        rest * HOURS + hour,
        shift.astype(np.float32),
    )


def _known(instants: Sequence[Sequence[object]], longest: int) -> Bools:
    found = np.zeros((len(instants), longest), np.bool_)
    for row, each in enumerate(instants):
        found[row, : len(each)] = [at is not None for at in each]
    return found


def _beliefs(model: Model, orders: Sequence[Asked], depth: tuple[int, int]) -> tuple[Floats, Floats]:
    """Weights of profiles (orders, failed calls, failed messages, profiles), a dead phone counted in:
    they add up to the chance that the phone is alive; and the plain weights (orders, profiles)."""
    counts = packed([each.past for each in orders])
    for row, each in enumerate(orders):
        counts[row, order_cell(each.placed_at.astimezone(each.zone))] += 1
    places = [(each.country, each.city) for each in orders]
    before = log_weights(model, counts, places)
    after = before.copy()
    alive = np.zeros(len(orders), np.bool_)
    for row, each in enumerate(orders):
        for one in each.tried:
            regime = each.regimes[0]
            local = one.at.astimezone(each.zone)
            after[row] += model.evidence[
                contact_cell(one.channel, local, each.country, regime, reached=one.reached)
            ]
            alive[row] |= one.reached
    top = before.max(1, keepdims=True)
    total = np.exp(before - top).sum(1, keepdims=True)
    weights = np.exp(after - top) / total
    # What is left of a phone that may be dead: no evidence speaks against it but an answer.
    dead = np.where(alive, 0.0, model.priors.dead)[:, None, None, None]
    chances = sigmoid(model.logits[..., _WAKING]).mean((2, 3))
    calls = (1 - chances[:, 3] * model.decides[3])[None] ** np.arange(depth[0])[:, None]
    messages = (1 - chances[:, 0])[None] ** np.arange(depth[1])[:, None]
    silent = calls[:, None] * messages[None]
    belief = weights[:, None, None] * silent[None] * (1 - model.priors.dead)
    belief /= belief.sum(-1, keepdims=True) + dead
    return belief.astype(np.float32), (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def chances_of(model: Model, orders: Sequence[Asked], grid: Grid, depth: tuple[int, int]) -> Chances:
    """The chances of all contacts; `depth`: failed calls and messages to look through, plus one."""
    priors = model.priors
    belief, plain = _beliefs(model, orders, depth)
    week = sigmoid(model.logits)
    wanted = np.concatenate([week[:, place].reshape(model.profiles, -1) for place in (3, 0)], 1)
    shape = (len(orders), depth[0] * depth[1], -1)
    found = (belief.reshape(-1, model.profiles) @ wanted).reshape(shape)
    half = 2 * HOURS
    cell = np.broadcast_to(grid.cell[:, None], (len(orders), shape[1], grid.cell.shape[1]))
    call, message = (
        np.take_along_axis(found[..., part], cell, 2) for part in (slice(half), slice(half, None))
    )
    sms = np.take_along_axis(plain @ week[:, 1].reshape(model.profiles, -1), grid.cell, 1)
    fresh = priors.fresh * np.exp(-grid.age / priors.fresh_hours) - priors.fresh * priors.fresh_hours / 24
    shift = fresh + grid.shift
    soft = fresh + model.message_slope * grid.shift
    done_calls = np.array([sum(one.channel.is_call for one in each.tried) for each in orders])
    done_messages = np.array([sum(one.channel is Channel.whatsapp for one in each.tried) for each in orders])
    tired_call = priors.call_decay * (
        priors.untold_calls_before - done_calls[:, None] - np.repeat(np.arange(depth[0]), depth[1])
    )
    tired_message = -priors.message_decay * (done_messages[:, None] + np.tile(np.arange(depth[1]), depth[0]))
    states = (len(orders), *depth, grid.cell.shape[1])
    usual = plain @ np.stack([week[:, 3, :, _WAKING].mean((1, 2)), week[:, 0, :, _WAKING].mean((1, 2))], 1)
    return Chances(
        moved(call, shift[:, None] + tired_call[..., None]).reshape(states),
        moved(message, soft[:, None] + tired_message[..., None]).reshape(states),
        moved(sms, soft),
        usual,
    )


def moved(chance: Floats, by: Floats | float) -> Floats:
    """The chance with its odds multiplied by exp(by)."""
    odds = chance * np.exp(by)
    return (odds / (1 - chance + odds)).astype(np.float32)
