"""Following the best actions of many orders at once while everything fails."""

from dataclasses import dataclass

import numpy as np

from verification.slots.chances import moved
from verification.slots.counts import Floats
from verification.slots.grid import Bools, Ints
from verification.slots.model import Model
from verification.slots.planning import AGENT, HELD, IVR, OLDER, SMS, WHATSAPP, Solved


@dataclass(frozen=True)
class Steps:
    """Contacts, each with whose it is (`row`), when (`slot`), its place in `ACTIONS`, its `chance` of a
    decision, the chance that a first one by voice or text is answered then (`first`), or in a waking hour on
    average (`usual`)."""

    row: Ints
    slot: Ints
    action: Ints
    chance: Floats
    first: Floats
    usual: Floats


@dataclass(frozen=True)
class Walk:
    """The contacts of all plans by order and time, and of each plan (orders,): whether it uses all that were
    left, the slot after its last one, the chance of a decision by it."""

    steps: Steps
    spent: Bools
    after: Ints
    chance: Floats


def walked(model: Model, solved: Solved) -> Walk:
    """What is done if all before it failed."""
    orders = np.arange(len(solved.fresh))
    calls, messages, sms = np.zeros((3, len(orders)), np.int64)
    fresh, after, undecided = solved.fresh, np.zeros(len(orders), np.int64), np.ones(len(orders))
    found = np.zeros((0, 5), np.int64)
    for slot, actions in enumerate(solved.actions):
        # A contact's chance holds the late answers to it; these are to what was sent before the plan.
        sent_before = (messages == 0) & (slot < solved.grid.lasts)
        undecided *= 1 - np.where(sent_before, solved.arriving[0, fresh, orders], 0)
        action = actions[calls, messages, sms, HELD[fresh], orders].astype(np.int64)
        fresh = np.where(action == WHATSAPP, 1, OLDER[fresh])
        rows = np.flatnonzero(action)
        if len(rows):
            now = np.full(len(rows), slot), action[rows], calls[rows], messages[rows]
            found = np.concatenate([found, np.stack([rows, *now], 1)])
            calls, messages, sms = (
                calls + (action >= IVR),
                messages + (action == WHATSAPP),
                sms + (action == SMS),
            )
            after[rows] = slot + 1
    steps = steps_of(model, solved, *found[np.argsort(found[:, 0], kind="stable")].T)
    np.multiply.at(undecided, steps.row, 1 - steps.chance)
    spent = (np.stack([calls, messages, sms], 1) == solved.left).all(1)
    return Walk(steps, spent, after, 1 - undecided)


def steps_of(
    model: Model, solved: Solved, row: Ints, slot: Ints, action: Ints, calls: Ints, messages: Ints
) -> Steps:
    """Contacts in these slots after so many calls and messages that failed."""
    chances, called = solved.chances, action >= IVR
    call = chances.call[calls, messages, slot, row]
    call = np.where(action == AGENT, call, moved(call, model.ivr_shift))
    text = np.where(action == SMS, chances.sms[slot, row], chances.message[calls, messages, slot, row])
    decides = np.where(called, model.decides[action - 1], 1)
    return Steps(
        row,
        slot,
        action,
        (np.where(called, call, text) * decides).astype(np.float64).round(3),
        np.where(called, chances.call[0, 0, slot, row], chances.message[0, 0, slot, row]),
        chances.usual[np.where(called, 0, 1), row],
    )
