"""Claiming and ending steps: Takeed's own code beside the same statements in a bare loop."""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Self

from models.unit_of_work import make_engine
from scripts.benching.filling import fill
from scripts.benching.working import NOW, Statements, prepare, recorded, work
from scripts.embedded import joined
from scripts.simulating import own_database

WORKERS = (1, 4)
_WARM_UP = 50

Rates = dict[str, dict[int, float]]


@dataclass(frozen=True)
class Measured:
    """Steps a second by what did them and by workers, and their ratios; `statements` a step took."""

    rates: Rates
    ratios: Rates
    statements: int
    rounds: int
    future: int
    workers: ClassVar[tuple[int, ...]] = WORKERS

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "future": self.future,
            "rounds": self.rounds,
            "statements": self.statements,
            "rates": {name: {n: round(rate, 1) for n, rate in by.items()} for name, by in self.rates.items()},
            "ratios": {
                name: {n: round(each, 3) for n, each in by.items()} for name, by in self.ratios.items()
            },
        }


def measure(*, future: int, rounds: int, items: int, say: Callable[[str], None]) -> Measured:
    """Rounds of `items` steps a worker in turn: ours and bare, on an empty future and on a full one.

    On a server of its own that keeps its promises to the disk as in production.
    """
    ready = (rounds * items + _WARM_UP) * 2 * sum(WORKERS) + _WARM_UP
    with _databases(ready, future, say) as urls:
        statements = recorded(urls["none"])
        found: dict[tuple[str, str, int], list[float]] = {}
        for workers in WORKERS:
            with _Team(workers, urls, statements) as team:
                for number in range(rounds + 1):
                    for who in ("takeed", "psycopg"):
                        for queue in urls:
                            rate = team.run(who, queue, items if number else _WARM_UP)
                            if number:
                                found.setdefault((who, queue, workers), []).append(rate)
            say(f"{workers} worker(s): {rounds} rounds done")
    rates: Rates = {}
    for (who, queue, workers), each in found.items():
        rates.setdefault(f"{who}, {future if queue == 'future' else 0:,} future steps", {})[workers] = median(
            each
        )
    ratios = {
        f"takeed, {future:,} : 0": _ratio(found, ("takeed", "future"), ("takeed", "none")),
        "takeed : psycopg, 0": _ratio(found, ("takeed", "none"), ("psycopg", "none")),
        f"takeed : psycopg, {future:,}": _ratio(found, ("takeed", "future"), ("psycopg", "future")),
    }
    return Measured(rates, ratios, sum(map(len, statements)), rounds, future)


def _ratio(
    found: dict[tuple[str, str, int], list[float]], one: tuple[str, str], other: tuple[str, str]
) -> dict[int, float]:
    # Of each round by itself: what slows the machine for seconds slows both sides of a round.
    return {n: median(a / b for a, b in zip(found[*one, n], found[*other, n], strict=True)) for n in WORKERS}


@contextmanager
def _databases(ready: int, future: int, say: Callable[[str], None]) -> Iterator[dict[str, str]]:
    with (
        tempfile.TemporaryDirectory(prefix="takeed-bench-") as folder,
        joined(Path(folder)) as server,
        own_database(server.url, "bench_none") as none,
        own_database(server.url, "bench_future") as full,
    ):
        urls = {"none": none, "future": full}
        for name, steps in (("none", 0), ("future", future)):
            say(f"filling: {ready:,} ready and {steps:,} future steps")
            engine = make_engine(urls[name])
            fill(engine, ready=ready, future=steps, now=NOW)
            engine.dispose()
        yield urls


class _Team:
    """Worker processes that do the same thing at the same time."""

    def __init__(self, size: int, urls: dict[str, str], statements: Statements) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._size = size
        self._pool = ProcessPoolExecutor(size, spawn, prepare, (urls, statements, spawn.Barrier(size)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def run(self, who: str, queue: str, items: int) -> float:
        """Steps a second of all workers together, `items` each."""
        runs = [self._pool.submit(work, who, queue, items) for _ in range(self._size)]
        spans = [each.result() for each in runs]
        return items * self._size / (max(end for _, end in spans) - min(start for start, _ in spans))
