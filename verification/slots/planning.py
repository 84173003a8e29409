"""The plan: dynamic programming over the hours that are left until the deadline.

State: how many calls, WhatsApp messages and SMS failed from now on, and how fresh the last message is, whose
answer may still come. Each hour may be waited out or used for one contact; a plan is worth its chance of a
decision less what it costs in money and in complaints.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.chances import Bools, Chances, Grid, chances_of, grid_of, moved
from verification.slots.counts import Floats
from verification.slots.model import Model
from verification.slots.priors import Priors

ACTIONS = (None, Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
"""What an hour may hold; None is waiting."""
_LEAST_GAIN = 1e-4  # in the terms' currency: what is not worth even this is left, so rounding decides nothing
_FORBIDDEN = -1e9
_WHATSAPP, _SMS, _IVR, _CALLS = 1, 2, 3, 1
_AXES = (None, 2, 3, _CALLS, _CALLS)
"""Which axis of the state counts an action's failures."""
_FRESH = 4
OLDER = np.array([0, 2, 3, 0])
"""How fresh the last message is: 0 old or none, 1 to 3 the hours since it was sent; and an hour later."""


@dataclass(frozen=True)
class Solved:
    """The best action (orders, slots, calls, messages, sms, fresh) as places in `ACTIONS`, what it rests on;
    `value` (orders,) is what the plan is worth from now on, `at_once` the best contact in the first slot (0:
    none is possible), `value_at_once` what the plan is worth that begins with it."""

    grid: Grid
    chances: Chances
    actions: npt.NDArray[np.int8]
    value: Floats
    fresh: npt.NDArray[np.int64]
    arriving: Floats
    complaints: Floats
    at_once: npt.NDArray[np.int8]
    value_at_once: Floats


def solve(model: Model, orders: Sequence[Asked], terms: Terms) -> Solved:
    """The best plan of each order under these terms."""
    left = np.array([terms.left(each) for each in orders]).reshape(-1, 3)
    size = tuple(int(most) + 1 for most in left.max(0, initial=0))
    grid = grid_of(model, orders)
    chances = chances_of(model, orders, grid, (size[0], size[1]))
    fresh = np.array([_freshness(each) for each in orders])
    lasts = np.array([len(slots) for slots in grid.begins])
    arriving = _arriving(model.priors, chances, lasts)
    complaints = _complaints(model.priors, orders, sum(size))
    actions = np.zeros((*grid.calls.shape, *size, _FRESH), np.int8)
    value = np.zeros((len(orders), *size, _FRESH), np.float32)
    spans = np.meshgrid(*(np.arange(most) for most in size), indexing="ij")
    may = [(spans[kind] < left[:, kind, None, None, None])[..., None] for kind in range(3)]
    takes = np.array([[not channel or each.may_use(channel) for channel in ACTIONS] for each in orders])
    ages = sum(spans)
    at_once, first = np.zeros(value.shape, np.int8), value
    for slot in range(grid.calls.shape[1] - 1, -1, -1):
        risk = (complaints[:, ages] * grid.wary[:, slot, None, None, None])[..., None]
        hour = _Hour(model, terms, grid, chances, risk, slot, may, takes)
        best, action = hour.chosen(value)
        actions[:, slot] = action
        if slot == 0:
            first, at_once = hour.chosen(value, may_wait=False)
            first += arriving[:, None, :, None] * (terms.decision_value - first)
        best += arriving[:, None, :, None] * (terms.decision_value - best)
        value = np.where((slot < lasts)[:, None, None, None, None], best, 0).astype(np.float32)
    now = (np.arange(len(orders)), 0, 0, 0, fresh)
    return Solved(grid, chances, actions, value[now], fresh, arriving, complaints, at_once[now], first[now])


@dataclass(frozen=True)
class _Hour:
    """What the contacts of one slot are worth, in every state."""

    model: Model
    terms: Terms
    grid: Grid
    chances: Chances
    risk: Floats
    slot: int
    may: Sequence[Bools]
    takes: Bools

    def chosen(self, later: Floats, *, may_wait: bool = True) -> tuple[Floats, npt.NDArray[np.int8]]:
        """The value of the best action in each state, and which it is; `later`: the values an hour later."""
        waited = later[..., OLDER]
        best = waited.copy() if may_wait else np.full(waited.shape, _FORBIDDEN, np.float32)
        action = np.zeros(waited.shape, np.int8)
        for place, axis in enumerate(_AXES):
            if axis is None or not self._is_used(place) or waited.shape[axis] == 1:
                continue
            open_now = (self.grid.calls if axis == _CALLS else self.grid.messages)[:, self.slot]
            if not open_now.any():
                continue
            here = (slice(None),) * axis + (slice(-1),)
            then = (slice(None),) * axis + (slice(1, None),)
            answer = self._answer(place)
            answer = answer[here] if answer.shape[axis] > 1 else answer
            after = later[then][..., 1:2] if place == _WHATSAPP else waited[then]
            worth = self._worth(place, answer, self.risk[here], after)
            allowed = (open_now & self.takes[:, place])[:, None, None, None, None] & self.may[axis - 1][here]
            better = allowed & (worth > best[here] + _LEAST_GAIN)
            np.copyto(best[here], worth, where=better)
            np.copyto(action[here], np.int8(place), where=better)
        return best, action

    def _is_used(self, place: int) -> bool:
        channel = ACTIONS[place]
        return channel is not None and self.terms.caps.get(channel, 0) > 0

    def _answer(self, place: int) -> Floats:
        """The chance that it is answered, sooner or later."""
        if place == _SMS:
            return self.chances.sms[:, self.slot, None, None, None, None]
        if place == _WHATSAPP:
            return self.chances.message[..., self.slot, None, None]
        call = self.chances.call[..., self.slot, None, None]
        return moved(call, self.model.ivr_shift) if place == _IVR else call

    def _worth(self, place: int, answer: Floats, risk: Floats, after: Floats) -> Floats:
        """A contact's value: what it decides now, what comes after a failure, less its costs."""
        ring, talk = self.terms.cost(ACTIONS[place])
        dearer: Floats | float = 1.0
        if ACTIONS[place] is Channel.agent_call:
            dearer = self.grid.agents[:, self.slot, None, None, None, None]
        decided = answer * self.model.decides[place - 1]
        now = decided * self.model.priors.answered_within_hour if place == _WHATSAPP else decided
        annoyed = risk * (1 - decided)
        costs = (ring + talk * answer) * dearer + self.terms.complaint_cost * annoyed
        worth: Floats = now * self.terms.decision_value - costs + (1 - now - annoyed) * after
        return worth


def _freshness(order: Asked) -> int:
    sent = [each.at for each in order.tried if each.channel is Channel.whatsapp]
    if not sent:
        return 0
    hours = (order.now - max(sent)).total_seconds() / 3600
    return max(round(hours), 1) if hours < _FRESH - 0.5 else 0


def _arriving(priors: Priors, chances: Chances, lasts: npt.NDArray[np.int64]) -> Floats:
    """The chance that the answer to the last message comes in this hour: (orders, messages failed, fresh)."""
    # Of its own hours only: what pads an order to the length of its neighbours is none of them.
    own = np.arange(chances.message.shape[-1]) < lasts[:, None]
    asked = np.where(own[:, None], chances.message[:, 0], 0).max(-1, initial=0)
    asked = np.concatenate([asked[:, :1], asked[:, :-1]], 1)
    late = 1 - priors.answered_within_hour
    stays = np.exp(-1 / priors.late_answer_hours)
    waiting = late * asked / (1 - asked + late * asked)
    found = np.zeros((*asked.shape, _FRESH), np.float32)
    for hours in range(1, _FRESH):
        found[..., hours] = waiting * (1 - stays)
        waiting = waiting * stays / (1 - waiting * (1 - stays))
    return found


def _complaints(priors: Priors, orders: Sequence[Asked], most: int) -> Floats:
    """The chance that the next contact annoys, by how many come before it from now on: (orders, contacts)."""
    number = np.array([[len(each.tried)] for each in orders]).reshape(-1, 1) + np.arange(1, most + 1)
    return (priors.complaint_first * number**priors.complaint_growth).astype(np.float32)
