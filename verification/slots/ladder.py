"""The plan in words that people can check: the next contact, what follows if it fails, and when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from models.reasons import Reason
from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.cells import HOURS
from verification.slots.grid import NEVER, Bools, Grid, Ints, hour_of, slots_left
from verification.slots.model import Model
from verification.slots.planning import ACTIONS, IVR, Solved, solve
from verification.slots.walking import Steps, steps_of, walked

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
    # Alike ones in one go: as many contacts, and as many hours from the same hour on.
    left = [terms.left(each) for each in orders]
    rows = sorted(range(len(orders)), key=lambda row: (left[row], *_likeness(orders[row])))
    plans: dict[int, Plan] = {}
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        solved = solve(model, [orders[row] for row in part], terms, [left[row] for row in part])
        plans.update(zip(part, _in_words(model, solved), strict=True))
    return [plans[row] for row in range(len(orders))]


def plan_one(model: Model, order: Asked, terms: Terms) -> Plan:
    """The same for one order."""
    return plan_batch(model, [order], terms)[0]


def _likeness(order: Asked) -> tuple[int, int]:
    return slots_left(order), hour_of(order).hour


def _in_words(model: Model, solved: Solved) -> list[Plan]:
    walk, grid = walked(model, solved), solved.grid
    now = np.flatnonzero(solved.at_once)
    nothing = np.zeros(len(now), np.int64)
    best_now = steps_of(model, solved, now, nothing, solved.at_once[now].astype(np.int64), nothing, nothing)
    at_once = dict(zip(now.tolist(), _rungs(grid, best_now), strict=True))
    rungs = _rungs(grid, walk.steps)
    ends = np.searchsorted(walk.steps.row, np.arange(len(grid.hours) + 1)).tolist()
    last = np.maximum(_last(grid.calls), _last(grid.messages))
    rows = zip(walk.spent, last < walk.after, solved.value, walk.chance, solved.value_at_once, strict=True)
    return [
        Plan(
            tuple(rungs[ends[row] : ends[row + 1]]),
            Stop.caps_spent if spent else Stop.deadline if over else Stop.not_worth,
            round(float(value), 4),
            round(float(chance), 4),
            at_once.get(row),
            round(float(value_at_once), 4) if row in at_once else 0.0,
        )
        for row, (spent, over, value, chance, value_at_once) in enumerate(rows)
    ]


def _last(allowed: Bools) -> Ints:
    """The last slot in which something is allowed; -1: none."""
    slots = np.arange(len(allowed))[:, None]
    found: Ints = np.where(allowed, slots, -1).max(0)
    return found


def _rungs(grid: Grid, steps: Steps) -> list[Rung]:
    """The contacts in words."""
    last = np.where(steps.action >= IVR, _last(grid.calls)[steps.row], _last(grid.messages)[steps.row])
    codes = np.select(
        [
            steps.first > _CLEARLY * steps.usual,
            (steps.slot == 0) & (grid.age[0, steps.row] < 1),
            steps.slot == last,
        ],
        _WHY,
        _ELSE,
    )
    wait = np.where(
        steps.action >= IVR, grid.call_at[steps.slot, steps.row], grid.message_at[steps.slot, steps.row]
    )
    if (wait == NEVER).any():
        raise AssertionError("planned where nothing is allowed")
    hour = grid.cell[steps.slot, steps.row] % HOURS
    now, usual = ((100 * each).round().astype(int) for each in (steps.first, steps.usual))
    columns = (steps.row, wait + steps.slot * NEVER, steps.action, steps.chance, codes, hour, now, usual)
    return [
        Rung(
            _CHANNELS[action],
            grid.hours[row] + timedelta(microseconds=after),
            chance,
            Reason(code, {"hour": hour, "percent": now, "usual_percent": usual}),
        )
        for row, after, action, chance, code, hour, now, usual in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


_CHANNELS = {place: channel for place, channel in enumerate(ACTIONS) if channel}
_CLEARLY = 1.12
_WHY = ["answers_at_this_hour", "order_is_fresh", "last_hour_in_time"]
"""Why then: a good hour of this buyer, a fresh order, time running out, or merely the best."""
_ELSE = "best_for_what_it_costs"
