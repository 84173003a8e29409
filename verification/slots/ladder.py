"""The plan in words that people can check: the next contact, what follows if it fails, and when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.reasons import Reason
from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.chances import moved
from verification.slots.model import Model
from verification.slots.planning import _OLDER, ACTIONS, Solved, solve

CHUNK = 500
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
    calls = messages = sms = 0
    fresh = int(solved.fresh[row])
    rungs: list[Rung] = []
    going = 1.0
    for slot in range(len(solved.grid.begins[row])):
        going *= 1 - float(solved.arriving[row, messages, fresh])
        action = ACTIONS[solved.actions[row, slot, calls, messages, sms, fresh]]
        fresh = int(_OLDER[fresh])
        if action is None:
            continue
        call = float(solved.chances.call[row, calls, messages, slot])
        message = float(solved.chances.message[row, calls, messages, slot])
        if action.is_call:
            at = solved.grid.call_at[row][slot]
            chance = (
                float(
                    moved(solved.chances.call[row, calls, messages, slot], model.ivr_shift) * model.decides[2]
                )
                if action is Channel.ivr
                else call * float(model.decides[3])
            )
            calls += 1
        elif action is Channel.whatsapp:
            at, chance, fresh = solved.grid.message_at[row][slot], message, 1
            messages += 1
        else:
            at, chance = solved.grid.message_at[row][slot], float(solved.chances.sms[row, slot])
            sms += 1
        if at is None:
            raise AssertionError("planned where nothing is allowed")
        rungs.append(Rung(action, at, round(chance, 3), _reason(solved, row, slot, action, at, order)))
        going *= 1 - chance
    left = terms.left(order.tried)
    stop = Stop.not_worth
    if (calls, messages, sms) == left:
        stop = Stop.caps_spent
    elif not solved.grid.begins[row]:
        stop = Stop.deadline
    return Plan(tuple(rungs), stop, round(float(solved.value[row]), 4), round(1 - going, 4))


_CLEARLY = 1.12


def _reason(solved: Solved, row: int, slot: int, action: Channel, at: datetime, order: Asked) -> Reason:
    """Why then: a good hour of this buyer, a fresh order, time running out, or merely the best."""
    hour = at.astimezone(order.zone).hour
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
