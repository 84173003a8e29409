"""How likely each contact is to be answered: by slot, and by how many failed before it.

A silence says something about the buyer, and about whether the phone is dead at all: the profiles are weighed
anew for each number of failures to come. What remains (people tire, orders age) are stated priors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from models.vocabulary import Channel
from verification.slots.asking import Asked, Tried, first_instants, hourly
from verification.slots.cells import CHANNELS, HOURS, channel_index, order_cell, regime_index, rest_days
from verification.slots.counts import Floats, packed
from verification.slots.model import Model, sigmoid
from verification.slots.posterior import log_weights, normalised

Bools = npt.NDArray[np.bool_]
_WAKING = slice(9, 22)


@dataclass(frozen=True)
class Grid:
    """The slots of many orders (orders, slots): now, then full local hours, padded to the longest.

    `begins` are the slots' beginnings, `call_at` and `message_at` the first allowed instants in them, `calls`
    and `messages` whether there are any. `age`: hours since the order. `wary`: how much more contacts annoy.
    `cell`: rest day x hour. `shift`: what weekday and regime add, as logits. `agents`: their price.
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
    agents: Floats


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
    longest = max(1, *(len(slots) for slots in begins))
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
        _agent_prices(orders, begins, longest),
    )


def _agent_prices(orders: Sequence[Asked], begins: Sequence[Sequence[datetime]], longest: int) -> Floats:
    prices = np.ones((len(orders), longest), np.float32)
    for row, (order, slots) in enumerate(zip(orders, begins, strict=True)):
        if order.agent_prices:
            hours = (at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) for at in slots)
            prices[row, : len(slots)] = [order.agent_prices.get(hour, 1.0) for hour in hours]
    return prices


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
        counts[row, order_cell(each.placed_at.astimezone(each.zone))] += not each.counts_own
    before = normalised(log_weights(model, counts, [(each.country, each.city) for each in orders]))
    after = before.copy()
    for row, each in enumerate(orders):
        for number, one in enumerate(each.tried):
            after[row] *= _told_by(model, each, number, one)
    alive = np.array([any(one.reached for one in each.tried) for each in orders], np.bool_)
    # No silence speaks against a dead phone, only an answer.
    dead = np.where(alive, 0, model.priors.dead)[:, None, None, None]
    silent = _silence(model, 3, depth[0])[:, None] * _silence(model, 0, depth[1])[None]
    belief = after[:, None, None] * silent[None] * (1 - model.priors.dead)
    belief /= belief.sum(-1, keepdims=True) + dead
    return belief.astype(np.float32), after / after.sum(1, keepdims=True)


def _tired(model: Model, channel: Channel, before: int) -> float:
    """What so many earlier contacts of the order, calls or messages, take off the logit of the next one."""
    if channel.is_call:
        return model.priors.call_decay * (model.priors.untold_calls_before - before)
    return -model.priors.message_decay * before


def _told_by(model: Model, order: Asked, number: int, one: Tried) -> Floats:
    """How likely each profile is to have taken this contact as it did: (profiles,)."""
    before = sum(each.channel.is_call == one.channel.is_call for each in order.tried[:number])
    local = one.at.astimezone(order.zone)
    rest = int(local.weekday() in rest_days(order.country))
    logits = model.logits[:, channel_index(one.channel), rest, local.hour]
    chances = sigmoid(logits + _tired(model, one.channel, before))
    if one.reached:
        return chances
    if one.channel.is_message:
        later = max((order.now - one.at).total_seconds() / 3600 - 1, 0)
        still_due = np.exp(-later / model.priors.late_answer_hours)
        chances = chances * (1 - (1 - model.priors.answered_within_hour) * still_due)
    return 1 - chances


def _silence(model: Model, place: int, most: int) -> Floats:
    """The chance that so many contacts bring no decision within their hour: (most, profiles)."""
    within = model.decides[place] if place else model.priors.answered_within_hour
    logits = model.logits[:, place, :, _WAKING]
    each = [
        1 - within * sigmoid(logits + _tired(model, CHANNELS[place], number)).mean((1, 2))
        for number in range(most - 1)
    ]
    return np.cumprod([np.ones(model.profiles), *each], 0)


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
    yields_call, yields_message = (
        _yield(plain, week[:, place, :, _WAKING].mean((1, 2)))[:, None, None] for place in (3, 0)
    )
    return Chances(
        moved(call, yields_call * (shift[:, None] + tired_call[..., None])).reshape(states),
        moved(message, yields_message * (soft[:, None] + tired_message[..., None])).reshape(states),
        moved(sms, soft),
        usual,
    )


def _yield(weights: Floats, chances: Floats) -> Floats:
    """How far a mixture's logit moves when all of its profiles' move by 1: less, the more they differ."""
    mean, square = weights @ chances, weights @ chances**2
    return 1 - (square - mean**2) / (mean * (1 - mean))


def moved(chance: Floats, by: Floats | float) -> Floats:
    """The chance with its odds multiplied by exp(by)."""
    odds = chance * np.exp(by)
    return (odds / (1 - chance + odds)).astype(np.float32)
