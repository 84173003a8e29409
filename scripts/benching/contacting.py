"""Making contacts through Twilio's client: the contacting worker beside a bare loop of the same client.

Both ring a double of Twilio in a process of its own, which takes 20 ms for each answer and calls nobody back.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import update

from channels.protocol import Channels, Contact, ContactChannel, From
from channels.registry import build_channels
from channels.twilio.account import Account
from models.base import new_id
from models.senders import Sender
from models.unit_of_work import Engine, make_engine, unit_of_work
from models.vocabulary import Channel, SenderKind
from scripts.benching.filling import fill
from scripts.benching.working import NOW
from scripts.embedded import joined
from scripts.simulating import own_database
from scripts.twilio_double.serving import Double
from settings import ROOT
from verification.contact.streaming import Crew, make_all
from verification.routing.stored import add_sender

_SID, _TOKEN, _CALLER = "AC" + "be" * 16, "bench", "+966110000000"
_WIDE_OPEN = Decimal(1000)
_ANSWER_SECONDS = 0.02
_SETTLED_IN_SECONDS = 2.0
_MOST_A_SECOND = 400


@dataclass(frozen=True)
class Measured:
    """Calls a second of the worker and of the bare loop, their ratio, and what a rate of `bucket` came to."""

    threads: int
    rounds: int
    takeed: float
    bare: float
    ratio: float
    bucket: float
    bucketed: float

    @property
    def deviation(self) -> float:
        """How far the rate kept was from the rate set, as a share of it."""
        return abs(self.bucketed / self.bucket - 1)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "threads": self.threads,
            "rounds": self.rounds,
            "takeed": round(self.takeed, 1),
            "bare": round(self.bare, 1),
            "ratio": round(self.ratio, 3),
            "bucket": self.bucket,
            "bucketed": round(self.bucketed, 3),
            "deviation": round(self.deviation, 4),
        }


def measure(
    *,
    threads: int,
    rounds: int,
    seconds: float,
    bucket: float,
    bucket_seconds: float,
    say: Callable[[str], None],
) -> Measured:
    """Rounds of so many seconds, the worker and the bare loop in turn; then the worker on a slow sender."""
    ready = int(_MOST_A_SECOND * (rounds + 1) * seconds + bucket * bucket_seconds * 2)
    with _double() as base, _queue(ready, say) as engine:
        account = Account(_SID, _TOKEN, "https://takeed.example.com", base)
        channels = build_channels(
            engine, world=ROOT / "worlds" / "gulf-weekday.json", seed=1, account=account
        )
        sender = add_caller(engine)
        found = []
        for number in range(rounds + 1):
            pair = (
                worker_rate(engine, channels, threads, seconds),
                bare_rate(channels[Channel.ivr], threads, seconds),
            )
            if number:
                found.append(pair)
                say(f"round {number}: takeed {pair[0]:.0f}, bare {pair[1]:.0f} a second")
        _set_rate(engine, sender, Decimal(str(bucket)))
        bucketed = _paced(engine, channels, threads, bucket_seconds)
    return Measured(
        threads,
        rounds,
        median(one for one, _ in found),
        median(other for _, other in found),
        median(one / other for one, other in found),
        bucket,
        bucketed,
    )


def worker_rate(engine: Engine, channels: Channels, threads: int, seconds: float) -> float:
    """Calls a second of the contacting worker, as the scheduler runs it, its end included."""
    began = monotonic()
    made = make_all(_crew(engine, channels, threads, seconds), (Channel.ivr,))
    return made / (monotonic() - began)


def _paced(engine: Engine, channels: Channels, threads: int, seconds: float) -> float:
    """Calls a second once what an idle sender may do at once is used up."""
    calls = _Noting(channels[Channel.ivr])
    make_all(_crew(engine, {Channel.ivr: calls}, threads, seconds), (Channel.ivr,))
    steady = [at for at in calls.at if at - calls.at[0] >= _SETTLED_IN_SECONDS]
    return (len(steady) - 1) / (steady[-1] - steady[0])


def _crew(engine: Engine, channels: Channels, threads: int, seconds: float) -> Crew:
    until = monotonic() + seconds

    def pause(most: float) -> bool:
        sleep(max(0.0, min(most, until - monotonic())))
        return monotonic() >= until

    return Crew(engine, channels, _clock, "bench", threads=threads, pause=pause)


_STARTED = monotonic()


def _clock() -> datetime:
    # It goes as fast as the real one, from an hour at which calls are allowed.
    return NOW + timedelta(seconds=monotonic() - _STARTED)


class _Noting:
    """A channel that notes when it was used."""

    def __init__(self, channel: ContactChannel) -> None:
        self.at: list[float] = []
        self._channel = channel

    def send(self, contact: Contact) -> Any:
        self.at.append(monotonic())
        return self._channel.send(contact)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)


def bare_rate(channel: ContactChannel, threads: int, seconds: float) -> float:
    """Calls a second of threads that do nothing but call the client, with everything at hand."""
    began = monotonic()

    def loop(number: int) -> int:
        contact, made = _canned(number), 0
        while monotonic() - began < seconds:
            channel.send(contact)
            made += 1
        return made

    with ThreadPoolExecutor(threads) as pool:
        made = sum(pool.map(loop, range(threads)))
    return made / (monotonic() - began)


def _canned(number: int) -> Contact:
    return Contact(
        reference=f"tk-{new_id().hex}",
        channel=Channel.ivr,
        phone=f"+96656{number:07}",
        language="ar",
        country="SA",
        zone="Asia/Riyadh",
        store_name="Bench",
        orders=(),
        attempt_number=1,
        at=NOW,
        valid_until=NOW + timedelta(hours=8),
        sender=From(_CALLER),
    )


def add_caller(engine: Engine) -> UUID:
    with unit_of_work(engine) as session:
        kind, wide = SenderKind.voice, _WIDE_OPEN
        return add_sender(session, kind=kind, address=_CALLER, per_second=wide, actor="bench", now=NOW).id


def _set_rate(engine: Engine, sender: UUID, rate: Decimal) -> None:
    with unit_of_work(engine) as session:
        session.execute(update(Sender).where(Sender.id == sender).values(per_second=rate))


@contextmanager
def _queue(ready: int, say: Callable[[str], None]) -> Iterator[Engine]:
    with (
        tempfile.TemporaryDirectory(prefix="takeed-bench-") as folder,
        joined(Path(folder)) as server,
        own_database(server.url, "bench_contact") as url,
    ):
        say(f"filling: {ready:,} ready calls")
        engine = make_engine(url)
        fill(engine, ready=ready, future=0, now=NOW, channel=Channel.ivr)
        yield engine
        engine.dispose()


@contextmanager
def _double() -> Iterator[str]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_answer, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join(timeout=10)


def _answer(asked: Connection) -> None:
    with Double(_SID, _TOKEN, clock=lambda: datetime.now(UTC), delay=_ANSWER_SECONDS) as double:
        asked.send(double.base)
        asked.recv()
