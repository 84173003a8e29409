"""The plan: dynamic programming over the hours that are left until the deadline.

State: how many calls, WhatsApp messages and SMS failed from now on, and how fresh the last message is, whose
answer may still come. Each hour may be waited out or used for one contact; a plan is worth its chance of a
decision less what it costs in money and in complaints. Orders are the last axis of every array, so that what
is reckoned for one is reckoned for its neighbours in the same stroke.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.chances import Chances, chances_of, moved
from verification.slots.counts import Floats
from verification.slots.grid import Grid, Ints, grid_of
from verification.slots.model import Model
from verification.slots.priors import Priors

ACTIONS = (None, Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
"""What an hour may hold; None is waiting."""
_LEAST_GAIN = np.float32(1e-4)
"""In the terms' currency: what is not worth even this is left, so rounding decides nothing."""
_FORBIDDEN = np.float32(-1e9)
WHATSAPP, SMS, IVR, AGENT = 1, 2, 3, 4
_AXES = {WHATSAPP: 1, SMS: 2, IVR: 0, AGENT: 0}
"""Which axis of the state counts an action's failures."""
_FRESH = 4
OLDER = np.array([0, 2, 3, 0])
"""How fresh the last message is: 0 old or none, 1 to 3 the hours since it was sent; and an hour later."""
_LATER = np.array([1, 0, 2, 3])
"""Where the values of each freshness stand: what is an hour older stands behind."""
HELD = np.array([0, 1, 2, 0])
"""Freshness in what is decided: the last hour in which an answer is awaited is spent like one without."""


@dataclass(frozen=True)
class Solved:
    """The best action (slots, calls, messages, sms, `HELD` freshness, orders) as places in `ACTIONS`, what it
    rests on; `value` (orders,) is what the plan is worth from now on, `at_once` the best contact in the first
    slot (0: none is possible), `value_at_once` what the plan is worth that begins with it. `left` (orders, 3)
    are the contacts that each order may still have, `fresh` how fresh its last message is."""

    grid: Grid
    chances: Chances
    actions: npt.NDArray[np.int8]
    value: Floats
    left: Ints
    fresh: Ints
    arriving: Floats
    at_once: npt.NDArray[np.int8]
    value_at_once: Floats


def solve(
    model: Model, orders: Sequence[Asked], terms: Terms, contacts: Sequence[tuple[int, int, int]]
) -> Solved:
    """The best plan of each order under these terms, with so many `contacts` left to each (`Terms.left`)."""
    left = np.array(contacts)
    size = tuple(int(most) + 1 for most in left.max(0))
    grid = grid_of(model, orders)
    chances = chances_of(model, orders, grid, (size[0], size[1]))
    fresh = np.array([_freshness(each) for each in orders])
    arriving = _arriving(model.priors, chances, grid.lasts)
    hours = _Hours(
        model, terms, grid, chances, _complaints(model.priors, orders, size), _closed(orders, left, size)
    )
    actions = np.zeros((len(grid.age), *size, 3, len(orders)), np.int8)
    value = np.zeros((*size, _FRESH, len(orders)), np.float32)
    now = (0, 0, 0, HELD[fresh], np.arange(len(orders)))
    at_once, first = np.zeros(0, np.int8), value
    for slot in range(len(grid.age) - 1, -1, -1):
        if slot == 0:
            contacted = np.full(value[..., 1:, :].shape, _FORBIDDEN)
            chosen = np.zeros(contacted.shape, np.int8)
            hours.choose(slot, value, contacted, chosen)
            at_once, first = chosen[now], _awaited(contacted, arriving, terms.decision_value)
        best = value[..., 1:, :].copy()
        hours.choose(slot, value, best, actions[slot])
        value = _awaited(best, arriving, terms.decision_value)
        value[..., slot >= grid.lasts] = 0
    then = (0, 0, 0, _LATER[fresh], np.arange(len(orders)))
    return Solved(grid, chances, actions, value[then], left, fresh, arriving, at_once, first[then])


def _awaited(best: Floats, arriving: Floats, worth: float) -> Floats:
    """The values of an hour (…, `_LATER` freshness, orders) with the answer that may come in it."""
    found = np.empty((*best.shape[:3], _FRESH, best.shape[-1]), np.float32)
    found[..., 1, :] = best[..., 0, :]
    for fresh in range(1, _FRESH):
        comes = arriving[:, None, fresh]
        place = found[..., _LATER[fresh], :]
        np.multiply(best[..., HELD[fresh], :], 1 - comes, out=place)
        place += comes * np.float32(worth)
    return found


@dataclass(frozen=True)
class _Hours:
    """What the contacts of each slot are worth, in every state. `risk` (calls, messages, sms, orders): of a
    complaint; `closed`: what keeps an action from states and orders, as a value."""

    model: Model
    terms: Terms
    grid: Grid
    chances: Chances
    risk: Floats
    closed: dict[int, Floats]

    def choose(self, slot: int, later: Floats, best: Floats, action: npt.NDArray[np.int8]) -> None:
        """Put the best contact of the slot in place of `best` and `action` where it is better; `later`: the
        values an hour later."""
        risk = self.risk
        if (self.grid.wary[slot] != 1).any():
            risk = risk * self.grid.wary[slot]
        for place, axis in _AXES.items():
            open_now = (self.grid.calls if axis == 0 else self.grid.messages)[slot]
            if place not in self.closed or not open_now.any():
                continue
            here, then = (slice(None),) * axis + (slice(-1),), (slice(None),) * axis + (slice(1, None),)
            now, going = self._worth(slot, place, risk[here])
            now += self.closed[place] + np.where(open_now, np.float32(0), _FORBIDDEN)
            # A message is fresh afterwards, however fresh the one before was.
            after = later[then][..., :1, :] if place == WHATSAPP else later[then][..., 1:, :]
            worth = going[..., None, :] * after
            worth += now[..., None, :]
            held = best[here]
            better = worth > held + _LEAST_GAIN
            np.copyto(held, worth, where=better)
            np.copyto(action[here], np.int8(place), where=better)

    def _worth(self, slot: int, place: int, risk: Floats) -> tuple[Floats, Floats]:
        """What a contact brings at once less its costs, and how likely it leaves all as it was."""
        channel = ACTIONS[place]
        ring, talk = (np.float32(each) for each in self.terms.cost(channel))
        answer = self._answer(slot, place)
        undecided = 1 - answer * self.model.decides[place - 1]
        annoyed = risk * undecided
        costs = ring + talk * answer
        if channel is Channel.agent_call and self.grid.agents is not None:
            costs *= self.grid.agents[slot]
        now = 1 - undecided
        if place == WHATSAPP:
            now *= np.float32(self.model.priors.answered_within_hour)
        going = (1 - now) - annoyed
        return (now * np.float32(self.terms.decision_value) - costs) - annoyed * np.float32(
            self.terms.complaint_cost
        ), going

    def _answer(self, slot: int, place: int) -> Floats:
        """The chance that it is answered, sooner or later: (calls, messages, sms, orders)."""
        if place == SMS:
            return self.chances.sms[None, None, None, slot]
        if place == WHATSAPP:
            return self.chances.message[:, :-1, None, slot]
        call = self.chances.call[:-1, :, None, slot]
        return moved(call, self.model.ivr_shift) if place == IVR else call


def _closed(orders: Sequence[Asked], left: Ints, size: Sequence[int]) -> dict[int, Floats]:
    """What keeps each action that is used from an order's states: 0, or forbidden once none is left."""
    found = {}
    for place, axis in _AXES.items():
        channel = ACTIONS[place]
        if size[axis] > 1 and channel is not None:
            spent = np.arange(size[axis] - 1)[:, None] >= left[:, axis]
            spent |= ~np.array([each.may_use(channel) for each in orders])
            shape = [1, 1, 1, len(orders)]
            shape[axis] = size[axis] - 1
            found[place] = np.where(spent, _FORBIDDEN, np.float32(0)).reshape(shape)
    return found


def _freshness(order: Asked) -> int:
    sent = [each.at for each in order.tried if each.channel is Channel.whatsapp]
    if not sent:
        return 0
    hours = (order.now - max(sent)).total_seconds() / 3600
    return max(round(hours), 1) if hours < _FRESH - 0.5 else 0


def _arriving(priors: Priors, chances: Chances, lasts: Ints) -> Floats:
    """The chance that the answer to the last message comes in this hour: (messages failed, fresh, orders)."""
    # Of its own hours only: what pads an order to the length of its neighbours is none of them.
    first = chances.message[0]
    own = np.arange(first.shape[1])[:, None] < lasts
    asked = np.where(own, first, 0).max(1)
    asked = np.concatenate([asked[:1], asked[:-1]])
    late = 1 - priors.answered_within_hour
    stays = np.exp(-1 / priors.late_answer_hours)
    waiting = late * asked / (1 - asked + late * asked)
    found = np.zeros((len(asked), _FRESH, asked.shape[1]), np.float32)
    for hours in range(1, _FRESH):
        found[:, hours] = waiting * (1 - stays)
        waiting = waiting * stays / (1 - waiting * (1 - stays))
    return found


def _complaints(priors: Priors, orders: Sequence[Asked], size: Sequence[int]) -> Floats:
    """The chance that the next contact annoys, after so many from now on: (calls, messages, sms, orders)."""
    number = np.array([len(each.tried) for each in orders]) + np.arange(1, sum(size))[:, None]
    risk = (priors.complaint_first * number**priors.complaint_growth).astype(np.float32)
    found: Floats = risk[np.indices(size).sum(0)]
    return found
