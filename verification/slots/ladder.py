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
    is worth in the terms' currency, `chance` that of a decision in time by it."""

    rungs: tuple[Rung, ...]
    stop: Stop
    value: float
    chance: float


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
    grid, chances = solved.grid, solved.chances
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
        at = grid.call_at[row][slot] if action.is_call else grid.message_at[row][slot]
        if at is None:
            raise AssertionError("planned where nothing is allowed")
        if action is Channel.whatsapp:
            chance = float(chances.message[row, calls, messages, slot])
            messages, fresh = messages + 1, 1
        elif action is Channel.sms:
            chance = float(chances.sms[row, slot])
            sms += 1
        else:
            call = chances.call[row, calls, messages, slot]
            answered = moved(call, model.ivr_shift) if action is Channel.ivr else call
            chance = float(answered * model.decides[channel_index(action)])
            calls += 1
        rungs.append(Rung(action, at, round(chance, 3), _reason(solved, row, slot, action, order)))
        going *= 1 - chance
        after = slot + 1
    stop = Stop.not_worth
    if (calls, messages, sms) == terms.left(order.tried):
        stop = Stop.caps_spent
    elif not (grid.calls[row, after:].any() or grid.messages[row, after:].any()):
        stop = Stop.deadline
    return Plan(tuple(rungs), stop, round(float(solved.value[row]), 4), round(1 - going, 4))


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
