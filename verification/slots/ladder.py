"""The plan in words that people can check: the next contact, what follows if it fails, and when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.reasons import Reason
from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.cells import channel_index
from verification.slots.chances import moved
from verification.slots.model import Model
from verification.slots.planning import ACTIONS, OLDER, Solved, solve

CHUNK = 250
"""Orders planned in one go: more would not fit the processor's cache."""


class Stop(StrEnum):
    """Why a plan ends."""

    deadline = "deadline"
    caps_spent = "caps_spent"
    not_worth = "not_worth"


@dataclass(frozen=True)
class Rung:
    """A contact of the plan: not before when (aware UTC as asked), its chance of a decision, and why then."""

    channel: Channel
    not_before: datetime
    chance: float
    reason: Reason


@dataclass(frozen=True)
class Plan:
    """The contacts in order, each made only if all before it failed; none: stop now. `value` is what the plan
    is worth in the terms' currency, `chance` that of a decision in time by it. `at_once` is the best contact
    in the first slot, None where none is possible, and a plan that began with it would be worth
    `value_at_once`."""

    rungs: tuple[Rung, ...]
    stop: Stop
    value: float
    chance: float
    at_once: Rung | None = None
    value_at_once: float = 0.0


def plan_batch(model: Model, orders: Sequence[Asked], terms: Terms) -> list[Plan]:
    """The plans of many orders, in order."""
    plans: list[Plan] = []
    for start in range(0, len(orders), CHUNK):
        part = orders[start : start + CHUNK]
        solved = solve(model, part, terms)
        plans += [_walked(model, solved, row, order, terms) for row, order in enumerate(part)]
    return plans


def plan_one(model: Model, order: Asked, terms: Terms) -> Plan:
    """The same for one order."""
    return plan_batch(model, [order], terms)[0]


def _walked(model: Model, solved: Solved, row: int, order: Asked, terms: Terms) -> Plan:
    """Follow the best actions while everything fails."""
    grid = solved.grid
    calls = messages = sms = 0
    fresh, after = int(solved.fresh[row]), 0
    rungs: list[Rung] = []
    going = 1.0
    for slot in range(len(grid.begins[row])):
        if fresh and not messages:  # a rung's chance holds the late answers to it
            going *= 1 - float(solved.arriving[row, 0, fresh])
        action = ACTIONS[solved.actions[row, slot, calls, messages, sms, fresh]]
        fresh = int(OLDER[fresh])
        if action is None:
            continue
        rung = _rung(model, solved, row, order, slot, action, (calls, messages))
        calls += action.is_call
        messages += action is Channel.whatsapp
        sms += action is Channel.sms
        fresh = 1 if action is Channel.whatsapp else fresh
        rungs.append(rung)
        going *= 1 - rung.chance
        after = slot + 1
    stop = Stop.not_worth
    if (calls, messages, sms) == terms.left(order):
        stop = Stop.caps_spent
    elif not (grid.calls[row, after:].any() or grid.messages[row, after:].any()):
        stop = Stop.deadline
    first = ACTIONS[solved.at_once[row]]
    at_once = None if first is None else _rung(model, solved, row, order, 0, first, (0, 0))
    value, value_at_once = (round(float(each[row]), 4) for each in (solved.value, solved.value_at_once))
    return Plan(tuple(rungs), stop, value, round(1 - going, 4), at_once, value_at_once if at_once else 0.0)


def _rung(
    model: Model,
    solved: Solved,
    row: int,
    order: Asked,
    slot: int,
    channel: Channel,
    failed: tuple[int, int],
) -> Rung:
    """A contact in a slot after so many calls and messages that failed."""
    grid, chances, (calls, messages) = solved.grid, solved.chances, failed
    at = grid.call_at[row][slot] if channel.is_call else grid.message_at[row][slot]
    if at is None:
        raise AssertionError("planned where nothing is allowed")
    if channel is Channel.whatsapp:
        chance = float(chances.message[row, calls, messages, slot])
    elif channel is Channel.sms:
        chance = float(chances.sms[row, slot])
    else:
        call = chances.call[row, calls, messages, slot]
        answered = moved(call, model.ivr_shift) if channel is Channel.ivr else call
        chance = float(answered * model.decides[channel_index(channel)])
    return Rung(channel, at, round(chance, 3), _reason(solved, row, slot, channel, order))


_CLEARLY = 1.12


def _reason(solved: Solved, row: int, slot: int, action: Channel, order: Asked) -> Reason:
    """Why then: a good hour of this buyer, a fresh order, time running out, or merely the best."""
    hour = solved.grid.begins[row][slot].astimezone(order.zone).hour
    if action.is_call:
        chance, usual = solved.chances.call[row, 0, 0, slot], solved.chances.usual[row, 0]
    else:
        chance, usual = solved.chances.message[row, 0, 0, slot], solved.chances.usual[row, 1]
    params = {"hour": hour, "percent": round(100 * float(chance)), "usual_percent": round(100 * float(usual))}
    if chance > _CLEARLY * usual:
        return Reason("answers_at_this_hour", params)
    if slot == 0 and float(solved.grid.age[row, 0]) < 1:
        return Reason("order_is_fresh", params)
    allowed = solved.grid.calls if action.is_call else solved.grid.messages
    if not allowed[row, slot + 1 :].any():
        return Reason("last_hour_in_time", params)
    return Reason("best_for_what_it_costs", params)
