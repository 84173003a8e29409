"""What an agent's time must count in each hour for the planned calls to fit the agents at work.

Prices rise where more calls are planned than fit and settle back towards 1 where there is room. Hours beside
each other are nearly as good as each other, so at one price for all everybody would flee to the same next
hour: each case feels a price a little more or less, and only a part of the cases moves at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from models.vocabulary import Channel
from verification.slots.asking import Asked, Terms
from verification.slots.ladder import Plan, Stop, plan_batch
from verification.slots.model import Model

FORBIDDEN = 1e6
"""The price of an hour in which nobody is at work: no call is worth it."""
_SPREAD = 0.9  # how much more or less of a price's part above 1 a case feels, at most
_GOLDEN = (5**0.5 - 1) / 2
_PARTS, _ROUNDS, _LIFTS = 3, 7, 5
_AIM, _ROOMY, _TOLERANCE = 0.97, 0.85, 1.05  # shares of the room: sought, too little planned, too much
_MOST_PRESSURE, _LEAST_LIFT = 1.5, 0.25
_FIRST_STEP, _LONGEST_STEP, _LONGER, _SHORTER = 1.0, 1.5, 1.15, 0.55  # longer on its way, shorter at a turn
_OFFSET = 0.05  # prices move as (price - 1 + this), so that they leave 1 and come back to it
_NO_PLAN = Plan((), Stop.deadline, 0.0, 0.0)

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """What one open case asks of the planner. `lot`, from 0 to 1, is its own for good."""

    asked: Asked
    terms: Terms
    lot: float


@dataclass(frozen=True)
class Fitted:
    """By hour (its beginning, UTC): the price, and the agents' calls expected, `wanted` if agents' time
    counted once everywhere and `planned` at the prices; `plans` are the cases' at the prices."""

    prices: Mapping[datetime, float]
    wanted: Mapping[datetime, float]
    planned: Mapping[datetime, float]
    plans: Sequence[Plan]


def felt(prices: Mapping[datetime, float], lot: float) -> dict[datetime, float]:
    """The prices as the case of this lot feels them, to plan it by; where they are 1 they stay 1."""
    return {
        hour: price if price >= FORBIDDEN else 1 + (price - 1) * (1 + _SPREAD * _leaning(hour, lot))
        for hour, price in prices.items()
        if price > 1
    }


def _leaning(hour: datetime, lot: float) -> float:
    """From -1 to 1: even over the cases in each hour, and over the hours for each case."""
    return 2 * ((lot + _GOLDEN * (hour.timestamp() // 3600)) % 1) - 1


def hour_of(at: datetime) -> datetime:
    """The hour of an instant, by its beginning, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def expected_agent_calls(plan: Plan) -> Iterator[tuple[datetime, float]]:
    """The hours of the plan's agent calls, each with the chance that all before it failed."""
    going = 1.0
    for rung in plan.rungs:
        if rung.channel is Channel.agent_call:
            yield hour_of(rung.not_before), going
        going *= 1 - rung.chance


def fit_hours(
    model: Model,
    cases: Sequence[Case],
    room: Mapping[datetime, float],
    *,
    weight: float = 1.0,
    before: Mapping[datetime, float] | None = None,
) -> Fitted:
    """The lowest prices found at which the agents' calls expected in each hour of `room` fit it.

    `cases` are a sample when each stands for `weight` of them. `before`: the prices to start from. An hour
    without room is forbidden; hours that `room` does not name are not bounded, and count what the cases ask
    with, which is to name no others. The work is bounded, to 15
    plans for each case: where demand is far above the room, a little of it may be left over.
    """
    fitting = _Fitting(model, cases, room, weight)
    fitting.plan_all(fitting.plain)
    wanted = fitting.load
    prices = fitting.begin(before or {})
    fitting.plan_all(prices)
    step, turn = np.full(len(prices), _FIRST_STEP), np.zeros(len(prices))
    for _ in range(_ROUNDS):
        if fitting.is_settled(prices):
            break
        for first in range(_PARTS):
            pressure = fitting.pressure()
            turned = np.sign(pressure) * turn < 0
            step = np.where(turned, step * _SHORTER, np.minimum(step * _LONGER, _LONGEST_STEP))
            turn = np.sign(pressure)
            prices = fitting.moved(prices, step / _PARTS * pressure)
            fitting.plan(range(first, len(cases), _PARTS), prices)
    found: list[tuple[float, Fitted]] = []
    for _ in range(_LIFTS + 1):
        fitting.plan_all(prices)
        found.append((fitting.excess, fitting.fitted(prices, wanted)))
        if not fitting.is_over.any():
            break
        risen = np.where(fitting.is_over, np.maximum(fitting.pressure(), _LEAST_LIFT), 0)
        prices = fitting.moved(prices, risen)
    return min(found, key=lambda each: each[0])[1]


class _Fitting:
    """The plans by now, and the agents' calls that they expect in each hour."""

    def __init__(
        self, model: Model, cases: Sequence[Case], room: Mapping[datetime, float], weight: float
    ) -> None:
        self.hours = sorted(room)
        self.plans: list[Plan] = [_NO_PLAN] * len(cases)
        self.plain = np.ones(len(self.hours))
        self._model, self._cases, self._weight = model, cases, weight
        self._room = np.array([room[hour] for hour in self.hours])
        self._places = {hour: place for place, hour in enumerate(self.hours)}
        self._calls = np.zeros((len(cases), len(self.hours)))

    @property
    def load(self) -> _Floats:
        """The agents' calls expected in each hour, of all the cases that the sample stands for."""
        calls: _Floats = self._calls.sum(0) * self._weight
        return calls

    @property
    def is_over(self) -> npt.NDArray[np.bool_]:
        """The hours that do not fit; half a case of the sample is noise."""
        return self.load > self._room * _TOLERANCE + self._weight / 2

    @property
    def excess(self) -> float:
        """How many calls have no room."""
        return float(np.maximum(self.load - self._room, 0).sum())

    def fitted(self, prices: _Floats, wanted: _Floats) -> Fitted:
        """How it stands."""
        told, calls, planned = (self.by_hour(values) for values in (prices, wanted, self.load))
        return Fitted(told, calls, planned, tuple(self.plans))

    def begin(self, before: Mapping[datetime, float]) -> _Floats:
        """The prices to start from."""
        known = np.array([before.get(hour, 1.0) for hour in self.hours])
        return self.moved(np.where(known < FORBIDDEN, known, 1.0), np.zeros(len(known)))

    def is_settled(self, prices: _Floats) -> bool:
        """Whether nothing is over, and nothing dearer than it need be."""
        could_fall = (prices > 1) & (self._room > 0) & (self.load < _ROOMY * self._room)
        return not (self.is_over | could_fall).any()

    def pressure(self) -> _Floats:
        """How far each hour is from its room, as a logarithm: above 0 where too much is planned."""
        ratio = self.load / np.maximum(self._room * _AIM, 1e-9)
        return np.clip(np.log(np.maximum(ratio, 1e-9)), -_MOST_PRESSURE, _MOST_PRESSURE)

    def moved(self, prices: _Floats, by: _Floats) -> _Floats:
        """The prices after a step on the logarithmic scale, between 1 and forbidden."""
        after = np.clip(1 - _OFFSET + (prices - 1 + _OFFSET) * np.exp(by), 1, FORBIDDEN)
        return np.where(self._room > 0, after, FORBIDDEN)

    def plan_all(self, prices: _Floats) -> None:
        """Plan every case at these prices."""
        self.plan(range(len(self._cases)), prices)

    def plan(self, part: Sequence[int], prices: _Floats) -> None:
        """Plan some of the cases, by their places, at these prices."""
        by_hour = self.by_hour(prices)
        by_terms: dict[int, list[int]] = {}
        for place in part:
            by_terms.setdefault(id(self._cases[place].terms), []).append(place)
        for places in by_terms.values():
            asked = [
                replace(case.asked, agent_prices={**case.asked.agent_prices, **felt(by_hour, case.lot)})
                for case in (self._cases[place] for place in places)
            ]
            plans = plan_batch(self._model, asked, self._cases[places[0]].terms)
            for place, plan in zip(places, plans, strict=True):
                self.plans[place] = plan
                self._calls[place] = 0
                for hour, chance in expected_agent_calls(plan):
                    if hour in self._places:
                        self._calls[place, self._places[hour]] += chance

    def by_hour(self, values: _Floats) -> dict[datetime, float]:
        """The values under their hours."""
        return dict(zip(self.hours, values.tolist(), strict=True))
