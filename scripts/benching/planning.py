"""Planning the contacts of a million buyers, beside the same arithmetic in bare numpy."""

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from models.vocabulary import Channel, Regime
from verification.slots.asking import Asked, Span, Terms, Tried
from verification.slots.cells import HOURS, contact_cell, order_cell
from verification.slots.counts import Past, packed
from verification.slots.grid import slots_left
from verification.slots.ladder import CHUNK, plan_batch, plan_one
from verification.slots.model import Model, cold_model
from verification.slots.posterior import weigh

MILLION = 1_000_000
_PROCESSES = 2
_PIECE = 10_000
_SUNDAY = datetime(2026, 10, 4, tzinfo=UTC)
_ZONES = {"SA": "Asia/Riyadh", "AE": "Asia/Dubai", "KW": "Asia/Kuwait", "IQ": "Asia/Baghdad"}
_CALLS = ((9, 12), (12.5, 15.25), (15.75, 17.75), (18.25, 19.25), (19.75, 22))
"""Local hours less pauses for prayer."""
_MESSAGES = ((8, 23),)
_OPEN = 13 / 24
_CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
_TERMS = Terms(
    decision_value=2.0,
    complaint_cost=5.0,
    ring={Channel.whatsapp: 0.012, Channel.sms: 0.04, Channel.ivr: 0.02, Channel.agent_call: 0.08},
    talk={Channel.ivr: 0.05, Channel.agent_call: 0.37},
    caps={Channel.whatsapp: 2, Channel.sms: 1, Channel.ivr: 4, Channel.agent_call: 4},
    most_calls=4,
)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of a plan with its whole ladder, in batches and alone; `weigh_ms` of it weigh the buyer.

    `seconds` are what two processes take for a million buyers, each its own processor time; `wall_seconds`
    the same by the clock, what else the machine did included; `bare_seconds` the processes' bare arithmetic.
    The `ratio` is the median of pieces done in turn. `peak_mb`: of both processes together.
    """

    buyers: int
    batch_ms: float
    alone_ms: float
    weigh_ms: float
    seconds: float
    wall_seconds: float
    bare_seconds: float
    ratio: float
    peak_mb: float

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "buyers": self.buyers,
            "batch_ms": round(self.batch_ms, 4),
            "alone_ms": round(self.alone_ms, 3),
            "weigh_ms": round(self.weigh_ms, 4),
            "million_seconds": round(self.seconds, 1),
            "million_wall_seconds": round(self.wall_seconds, 1),
            "million_bare_seconds": round(self.bare_seconds, 1),
            "ratio": round(self.ratio, 2),
            "peak_mb": round(self.peak_mb),
        }


@dataclass(frozen=True)
class _Share:
    """What one process took, in seconds, for each piece of so many orders; its peak in megabytes."""

    sizes: Sequence[int]
    planned: Sequence[float]
    walls: Sequence[float]
    weighed: Sequence[float]
    bare: Sequence[float]
    peak_mb: float


def measure(*, buyers: int, alone: int, say: Callable[[str], None]) -> Measured:
    """Plan for so many buyers in two processes; fewer than a million are reckoned up to it."""
    say(f"planning for {buyers:,} buyers in {_PROCESSES} processes")
    with ProcessPoolExecutor(_PROCESSES, multiprocessing.get_context("spawn")) as pool:
        parts = [buyers // _PROCESSES + (number < buyers % _PROCESSES) for number in range(_PROCESSES)]
        shares = list(pool.map(_share, range(_PROCESSES), parts))
    say("planning alone")
    times = MILLION / buyers
    plans = [each for share in shares for each in zip(share.sizes, share.planned, strict=True)]
    return Measured(
        buyers=buyers,
        batch_ms=1000 * median(seconds / size for size, seconds in plans),
        alone_ms=1000 * _alone(alone),
        weigh_ms=1000
        * median(s / size for share in shares for size, s in zip(share.sizes, share.weighed, strict=True)),
        seconds=times * max(sum(share.planned) for share in shares),
        wall_seconds=times * max(sum(share.walls) for share in shares),
        bare_seconds=times * max(sum(share.bare) for share in shares),
        ratio=median(
            ours / bare for share in shares for ours, bare in zip(share.planned, share.bare, strict=True)
        ),
        peak_mb=sum(share.peak_mb for share in shares),
    )


def _share(seed: int, buyers: int) -> _Share:
    """One process: invent a piece, plan it, do its bare arithmetic; nothing is kept but the times."""
    model, luck = cold_model(), Random(seed)
    _ = model.evidence  # once a process, not once a piece
    rows: list[tuple[int, float, float, float, float]] = []
    for start in range(0, buyers, _PIECE):
        orders = [_order(luck) for _ in range(min(_PIECE, buyers - start))]
        clock, began = time.perf_counter(), time.process_time()
        plans = plan_batch(model, orders, _TERMS)
        seconds, passed = time.process_time() - began, time.perf_counter() - clock
        if len(plans) != len(orders):
            raise AssertionError("an order has no plan")
        del plans
        rows.append((len(orders), seconds, passed, _weighing(model, orders), _bare(model, orders, luck)))
    sizes, planned, wall, weighed, bare = zip(*rows, strict=True)
    # Kilobytes on Linux, the most that this process ever held.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Share(sizes, planned, wall, weighed, bare, peak)


def _alone(count: int) -> float:
    model, luck = cold_model(), Random(_PROCESSES)
    orders = [_order(luck) for _ in range(count)]
    plan_one(model, orders[0], _TERMS)
    found = []
    for order in orders:
        began = time.process_time()
        plan_one(model, order, _TERMS)
        found.append(time.process_time() - began)
    return median(found)


def _weighing(model: Model, orders: Sequence[Asked]) -> float:
    began = time.process_time()
    for part in _parts(orders):
        weigh(model, packed([each.past for each in part]), [(each.country, each.city) for each in part])
    return time.process_time() - began


def _bare(model: Model, orders: Sequence[Asked], luck: Random) -> float:
    """Seconds of what cannot be left out: the products of weighing and of the chances, each hour's sums."""
    alike = sorted(orders, key=lambda each: (*_TERMS.left(each), slots_left(each)))
    rng, seconds = np.random.default_rng(luck.randrange(MILLION)), 0.0
    for part in _parts(alike):
        counts = packed([each.past for each in part])
        seen = np.flatnonzero(counts.any(0))
        counts, evidence = np.ascontiguousarray(counts[:, seen]), model.evidence[seen]
        size = [max(_TERMS.left(each)[axis] for each in part) + 1 for axis in range(3)]
        slots = round(_OPEN * max(slots_left(each) for each in part))
        n, rhythms = len(part), len(model.curves)
        kinds = rhythms * len(model.calls), rhythms * len(model.messages)
        called, written = (
            (
                rng.random((size[axis] * 2 * HOURS, kinds[axis]), np.float32),
                rng.random((kinds[axis], size[1 - axis] * n), np.float32),
            )
            for axis in range(2)
        )
        now, going = rng.random((2, *size, 1, n), np.float32)
        value = np.zeros((*size, 3, n), np.float32)
        began = time.process_time()
        logs = counts @ evidence
        weights = np.exp(logs - logs.max(1, keepdims=True))
        weights /= weights.sum(1, keepdims=True)
        for wanted, believed in (called, written):
            wanted @ believed
        for _ in range(slots):
            best = value.copy()
            for axis in (1, 2, 0, 0):
                here, then = (slice(None),) * axis + (slice(-1),), (slice(None),) * axis + (slice(1, None),)
                np.maximum(best[here], now[here] + going[here] * value[then], out=best[here])
            value = best
        seconds += time.process_time() - began
    return seconds


def _parts(orders: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    for start in range(0, len(orders), CHUNK):
        yield orders[start : start + CHUNK]


def _order(luck: Random) -> Asked:
    """A buyer with seven past contacts on average and an order of any hour; for half, something was tried."""
    country = luck.choice(list(_ZONES))
    zone = ZoneInfo(_ZONES[country])
    now = _SUNDAY + timedelta(seconds=luck.randrange(7 * 24 * 3600))
    past = Past()
    for _ in range(min(round(luck.expovariate(1 / 7)), 30)):
        at = (now - timedelta(hours=luck.randrange(1, 3000))).astimezone(zone)
        reached = luck.random() < 0.4
        past.add(contact_cell(luck.choice(_CHANNELS), at, country, Regime.normal, reached=reached))
        if luck.random() < 0.4:
            past.add(order_cell(at))
    age = timedelta(hours=luck.random() * 6)
    tried = [Tried(luck.choice(_CHANNELS), now - age) for _ in range(luck.choice((0, 0, 1, 2)))]
    deadline = now - age + timedelta(hours=luck.choice((12, 24, 24, 36, 36, 48)))
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight = midnight.astimezone(UTC)
    return Asked(
        past=past,
        country=country,
        city=str(luck.randrange(5)),
        zone=zone,
        placed_at=now - age,
        now=now,
        deadline=deadline,
        calls=_daily(midnight, _CALLS),
        messages=_daily(midnight, _MESSAGES),
        tried=tried,
    )


def _daily(midnight: datetime, hours: Sequence[tuple[float, float]]) -> list[Span]:
    return [
        (midnight + timedelta(days=day, hours=opens), midnight + timedelta(days=day, hours=shuts))
        for day in range(3)
        for opens, shuts in hours
    ]


def told(measured: Measured) -> str:
    """In words."""
    of = "" if measured.buyers >= MILLION else f", reckoned up from {measured.buyers:,}"
    return "\n".join(
        (
            f"milliseconds a plan: in batches {measured.batch_ms:.3f} (of which {measured.weigh_ms:.3f} to "
            f"weigh the buyer), alone {measured.alone_ms:.2f}",
            f"a million buyers on two cores{of}: {measured.seconds:.0f} s of each, "
            f"{measured.wall_seconds:.0f} s by the clock, {measured.peak_mb:,.0f} MB",
            f"bare numpy: {measured.bare_seconds:.0f} s, ratio {measured.ratio:.2f}",
        )
    )
