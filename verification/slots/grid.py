"""The hours that orders have left: which of them may be used, and what each is like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from verification.slots.asking import HOUR, Asked, Span
from verification.slots.cells import HOURS, regime_index, rest_days
from verification.slots.counts import Floats
from verification.slots.model import Model

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_SECOND = 1_000_000
_HOUR = 3600 * _SECOND
"""In microseconds: whole numbers, so that a pause that ends on the hour ends there."""
NEVER = _HOUR


@dataclass(frozen=True)
class Grid:
    """The slots of many orders (slots, orders): now, then full local hours, padded to the longest.

    `hours`: the beginning of each order's first slot; `lasts` (orders,): how many are its own. `call_at`
    and `message_at`: microseconds from the slot's beginning to its first allowed instant, `NEVER` where there
    is none; `calls` and `messages`: whether there is one. `age`: hours since the order. `wary`: how much more
    contacts annoy. `cell`: rest day x hour. `shift`: what weekday and regime add, as logits. `agents`:
    as how many times its cost an agent's time counts, None for once everywhere.
    """

    hours: Sequence[datetime]
    lasts: Ints
    call_at: Ints
    message_at: Ints
    calls: Bools
    messages: Bools
    age: Floats
    wary: Floats
    cell: Ints
    shift: Floats
    agents: Floats | None


def hour_of(order: Asked) -> datetime:
    """The beginning of the hour on the buyer's clock in which now falls."""
    local = order.now.astimezone(order.zone)
    return order.now - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def slots_left(order: Asked) -> int:
    """How many slots there are until the deadline."""
    return -((hour_of(order) - order.deadline) // HOUR) if order.now < order.deadline else 0


def first_instant(order: Asked, spans: Sequence[Span], hour: datetime) -> datetime | None:
    """The first allowed instant in the hour that begins then; None where there is none."""
    start, end = max(hour, order.now), min(hour + HOUR, order.deadline)
    for opens, shuts in spans:
        if shuts > start:
            at = max(start, opens)
            return at if at < min(shuts, end) else None
    return None


def grid_of(model: Model, orders: Sequence[Asked]) -> Grid:
    """The slots from now to each order's deadline."""
    hours = [hour_of(each) for each in orders]
    local = [hour.astimezone(each.zone) for hour, each in zip(hours, orders, strict=True)]
    now = _instants(each.now for each in orders)
    hour = _instants(hours)
    until = _instants(each.deadline for each in orders)
    lasts = np.where(until > now, -((hour - until) // _HOUR), 0)
    slots = np.arange(max(1, lasts.max(initial=0)))[:, None]

    of_day = np.array([at.hour for at in local])
    day, of_day = (of_day + slots) // HOURS, (of_day + slots) % HOURS
    weekday = (np.array([at.weekday() for at in local]) + day) % 7
    countries, country = np.unique([each.country for each in orders], return_inverse=True)
    weekends = [rest_days(str(each)) for each in countries]
    rest = np.array([[number in days for number in range(7)] for days in weekends])[country, weekday]
    flat = np.zeros((7, HOURS), np.float32)
    weekdays = np.stack([model.weekdays.get(days, flat) for days in weekends])
    regime = np.array([_regimes(each, int(day[-1].max()) + 1) for each in orders])
    regime = regime[np.arange(len(orders)), day]
    call_at, message_at = (
        _first_instants(spans, hour, now, until, len(slots))
        for spans in ([each.calls for each in orders], [each.messages for each in orders])
    )
    since = (now - _instants(each.placed_at for each in orders)) / _HOUR
    return Grid(
        hours,
        lasts,
        call_at,
        message_at,
        call_at < NEVER,
        message_at < NEVER,
        (since + slots).astype(np.float32),
        np.where(of_day < model.priors.early_hour, model.priors.complaint_early, 1).astype(np.float32),
        rest * HOURS + of_day,
        np.where(regime == 0, weekdays[country, weekday, of_day], model.regimes[regime, of_day]),
        _agents([each.agent_prices for each in orders], hour, len(slots)),
    )


def _instants(times: Iterable[datetime]) -> Ints:
    found: Ints = np.rint(np.array([at.timestamp() for at in times]) * _SECOND).astype(np.int64)
    return found


def _regimes(order: Asked, days: int) -> list[int]:
    """Of so many days from now's on."""
    told = [regime_index(each) for each in order.regimes[:days]]
    return told + told[-1:] * (days - len(told))


def _first_instants(spans: Sequence[Sequence[Span]], hour: Ints, now: Ints, until: Ints, slots: int) -> Ints:
    """Microseconds from each slot's beginning to the first instant that the spans allow: (slots, orders)."""
    row = np.repeat(np.arange(len(spans)), [len(each) for each in spans])
    ends = _instants(each for one in spans for span in one for each in span).reshape(-1, 2)
    opens, shuts = np.maximum(ends[:, 0], now[row]), np.minimum(ends[:, 1], until[row])
    some = opens < shuts
    row, opens, shuts = row[some], opens[some] - hour[row[some]], shuts[some] - hour[row[some]]
    # From the beginnings of slots that lie in a span until its end there is nothing to wait for.
    size = (slots + 1) * len(spans)
    begun = np.bincount(-(-opens // _HOUR) * len(spans) + row, minlength=size)
    over = np.bincount(-(-shuts // _HOUR) * len(spans) + row, minlength=size)
    found = np.where(np.cumsum((begun - over).reshape(slots + 1, -1)[:-1], 0) > 0, 0, NEVER)
    np.minimum.at(found, (opens // _HOUR, row), opens % _HOUR)
    return found


def _agents(prices: Sequence[Mapping[datetime, float]], hour: Ints, slots: int) -> Floats | None:
    """What each hour's price is: (slots, orders)."""
    if not any(prices):
        return None
    found = np.ones((slots, len(prices)), np.float32)
    first = hour // _HOUR
    # Mostly all orders are asked about with the very same prices.
    for one in {id(each): each for each in prices}.values():
        rows = np.flatnonzero([each is one for each in prices])
        begins = _instants(one) // _HOUR
        if len(begins):
            low, high = min(begins.min(), first[rows].min()), max(begins.max(), first[rows].max() + slots)
            by_hour = np.ones(high - low + 1, np.float32)
            by_hour[begins - low] = list(one.values())
            found[:, rows] = by_hour[first[rows] - low + np.arange(slots)[:, None]]
    return found
