"""The desk under a call centre's load, beside the same pages drawn from canned values."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine, text

from models.unit_of_work import make_engine
from scripts.benching.browsing import Plan, Seen, browse
from scripts.benching.staffing import staff
from scripts.embedded import joined
from scripts.migrating import migrate
from scripts.serve import free_port, is_ready, web_command
from settings import ROOT

LATE_MS = 1000
"""A page that waits longer for its pulse shows old numbers for a noticeable time."""

_CASES_A_SECOND = 100  # more than a machine of this size works off
_CASES_LEFT = 300  # more than the rail counts, so that it looks the same throughout
_WARM_UP_SECONDS = 3.0
_START_SECONDS = 60
_SERVERS = ("takeed", "canned")


@dataclass(frozen=True)
class Measured:
    """What the browsers of both servers saw, and what the database says about the real one afterwards.

    Times in milliseconds; `double_claims` are cases that two agents had under one token, or that have more
    than one call, or orders with more than one decision in force.
    """

    seconds: float
    working: int
    polling: int
    call_seconds: float
    by_server: dict[str, dict[str, float]]
    double_claims: int
    lost_outcomes: int
    errors: dict[str, int]

    @property
    def ratios(self) -> dict[str, float]:
        """The real desk's median over the canned one's."""
        real, canned = (self.by_server[server] for server in _SERVERS)
        return {name: real[name] / canned[name] for name in ("next_case_median", "pulse_median")}

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "seconds": self.seconds,
            "working": self.working,
            "polling": self.polling,
            "call_seconds": self.call_seconds,
            "double_claims": self.double_claims,
            "lost_outcomes": self.lost_outcomes,
            "errors": self.errors,
            **{
                server: {name: round(value, 3) for name, value in seen.items()}
                for server, seen in self.by_server.items()
            },
            "ratios": {name: round(ratio, 2) for name, ratio in self.ratios.items()},
        }


def measure(
    *,
    seconds: float,
    working: int,
    polling: int,
    call_seconds: float,
    say: Callable[[str], None],
    warm_up: float = _WARM_UP_SECONDS,
) -> Measured:
    """Both servers in turn: the real one as `scripts/run` starts it, then the canned for as many seconds."""
    warm_up += call_seconds  # before the first outcome nothing can be counted
    cases = int((seconds + warm_up) * _CASES_A_SECOND) + _CASES_LEFT
    with tempfile.TemporaryDirectory(prefix="takeed-bench-") as folder, joined(Path(folder)) as server:
        migrate(server.url)
        engine = make_engine(server.url)
        say(f"filling: {cases:,} due cases, {working + polling} agents")
        tokens = staff(engine, cases=cases, agents=working + polling, now=datetime.now(UTC))
        seen = {}
        for name in _SERVERS:
            say(f"{name}: {working} working, {polling} polling for {seconds:g} s")
            with _serving(name, Path(folder)) as port:
                plan = Plan(port, seconds, warm_up, call_seconds, tokens[:working], tokens[working:])
                seen[name] = _elsewhere(plan)
        doubled, lost = double_claims(seen["takeed"], engine), _lost_outcomes(seen["takeed"], engine)
        engine.dispose()
    return Measured(
        seconds,
        working,
        polling,
        call_seconds,
        {name: _figures(each, seconds) for name, each in seen.items()},
        doubled,
        lost,
        dict(Counter(f"{name}: {error}" for name, each in seen.items() for error in each.errors)),
    )


def _elsewhere(plan: Plan) -> Seen:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(browse, plan).result()


@contextmanager
def _serving(name: str, folder: Path) -> Iterator[int]:
    """The port of a server on the folder's database; what it says goes into a file there."""
    port = free_port()
    command = [sys.executable, "-m", "scripts.serve", "--port", str(port), "--data", str(folder)]
    if name == "canned":
        command = [*web_command(port, 2), "--config", "python:scripts.benching.canned"]
    ours = ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TAKEED_DEMO", "TAKEED_PROXIES")
    environ = {**os.environ, **dict.fromkeys(ours, "")}
    environ |= {"TAKEED_DATA": str(folder), "TAKEED_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    said = folder / f"{name}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not is_ready(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"the server did not start: {said.read_text(encoding='utf-8')[-2000:]}"
                    )
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _figures(seen: Seen, seconds: float) -> dict[str, float]:
    late = sum(took > LATE_MS for took in seen.pulses)
    return {
        "cases_a_second": len(seen.outcomes) / seconds,
        "next_case_median": median(seen.outcomes or [0]),
        "next_case_p99": _p99(seen.outcomes),
        "pulses": len(seen.pulses),
        "pulse_median": median(seen.pulses or [0]),
        "pulse_p99": _p99(seen.pulses),
        "pulses_late": late / max(1, len(seen.pulses)),
    }


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98] if len(times) > 1 else 0.0


def double_claims(seen: Seen, engine: Engine) -> int:
    """How many cases two agents had under one token, or have two calls, or orders two decisions."""
    holders = Counter((step, token) for _, step, token in set(seen.held))
    return sum(count > 1 for count in holders.values()) + _count(
        engine,
        """
        SELECT (SELECT count(*) FROM (SELECT FROM attempts GROUP BY step_id HAVING count(*) > 1) AS calls)
            + (SELECT count(*) FROM (SELECT FROM decisions GROUP BY order_id HAVING count(*) > 1) AS decided)
        """,
    )


def _lost_outcomes(seen: Seen, engine: Engine) -> int:
    """How many outcomes more or less the database has than the agents were told."""
    return abs(
        len(seen.recorded) - _count(engine, "SELECT count(*) FROM dispositions WHERE undone_at IS NULL")
    )


def _count(engine: Engine, question: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(question)).scalar_one())
