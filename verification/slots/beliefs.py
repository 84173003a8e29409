"""What is believed of the buyers of many orders: their past weighed, then what the order itself has shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verification.slots.asking import Asked
from verification.slots.cells import CHANNELS, HOURS, channel_index, order_cell, rest_days
from verification.slots.counts import Floats, packed
from verification.slots.model import Model, sigmoid
from verification.slots.posterior import log_weights, normalised

_CELLS = len(CHANNELS) * 2 * HOURS


@dataclass(frozen=True)
class Beliefs:
    """`weights` (rhythms, levels of calls, levels of messages, orders) of a buyer whose phone is alive, made
    smaller by how unlikely the order's own contacts were; `dead` (orders,): of a phone nobody answers."""

    weights: Floats
    dead: Floats


def beliefs_of(model: Model, orders: Sequence[Asked]) -> Beliefs:
    """What past and order say of each buyer."""
    counts = packed([each.past for each in orders])
    for row, each in enumerate(orders):
        if not each.counts_own:
            counts[row, order_cell(each.placed_at.astimezone(each.zone))] += 1
    weights = normalised(log_weights(model, counts, [(each.country, each.city) for each in orders]))
    for number in range(max(len(each.tried) for each in orders)):
        rows = [row for row, each in enumerate(orders) if len(each.tried) > number]
        weights[rows] *= _told_by(model, [orders[row] for row in rows], number)
    # No silence speaks against a dead phone, only an answer.
    alive = np.array([any(one.reached for one in each.tried) for each in orders])
    shape = (len(model.curves), len(model.calls), len(model.messages), len(orders))
    return Beliefs(
        np.ascontiguousarray(weights.T * (1 - model.priors.dead), np.float32).reshape(shape),
        np.where(alive, 0, model.priors.dead).astype(np.float32),
    )


def tired(model: Model, before: npt.ArrayLike, *, call: bool) -> Floats:
    """What so many earlier contacts of the order, calls or messages, take off the logit of the next one."""
    before = np.asarray(before, np.float32)
    if call:
        return model.priors.call_decay * (model.priors.untold_calls_before - before)
    return -model.priors.message_decay * before


def _told_by(model: Model, orders: Sequence[Asked], number: int) -> Floats:
    """How likely each profile is to have taken the contact of this number as it did: (orders, profiles)."""
    contacts = [each.tried[number] for each in orders]
    calls = np.array([one.channel.is_call for one in contacts])
    before = np.array(
        [
            sum(other.channel.is_call == one.channel.is_call for other in each.tried[:number])
            for each, one in zip(orders, contacts, strict=True)
        ],
        np.float32,
    )
    local = [one.at.astimezone(each.zone) for each, one in zip(orders, contacts, strict=True)]
    cells = [
        (channel_index(one.channel) * 2 + (at.weekday() in rest_days(each.country))) * HOURS + at.hour
        for each, one, at in zip(orders, contacts, local, strict=True)
    ]
    logits = model.logits.reshape(-1, _CELLS).T[cells]
    moved = np.where(calls, tired(model, before, call=True), tired(model, before, call=False))
    chances = sigmoid(logits + moved[:, None].astype(np.float32))
    later = np.array(
        [(each.now - one.at).total_seconds() / 3600 - 1 for each, one in zip(orders, contacts, strict=True)]
    )
    due = np.exp(-np.maximum(later, 0) / model.priors.late_answer_hours)
    heard = np.where(calls, 1, 1 - (1 - model.priors.answered_within_hour) * due).astype(np.float32)
    reached = np.array([one.reached for one in contacts])
    return np.where(reached[:, None], chances, 1 - chances * heard[:, None])
