"""Making contacts as long as there are any: written down and settled by the batch, made by several threads.

The calling thread claims and writes down, one more settles: those that call wait for the provider alone.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, TypeVar

from structlog import get_logger

from channels.protocol import Channels
from models.unit_of_work import Engine, unit_of_work
from models.vocabulary import Channel
from verification.contact.beginning import Begun, PageAt, Road, begin_all
from verification.contact.claiming import Claim, claim
from verification.contact.contacting import Answer, Clock, drop_silenced, send, settle_all

log = get_logger()
_One = TypeVar("_One")
_Made = TypeVar("_Made")

Pause = Callable[[float], bool]

_BATCH = 24
# Contacts that are written down wait this long for a thread, so that few are in doubt after a crash.
_QUEUED_SECONDS = 0.5
_MOST_QUEUED = 12
_GATHER_SECONDS = 0.03
_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Crew:
    """Who makes contacts: `holder` claims them, `threads` make them (0: the caller alone does everything).

    `pause` waits for so many seconds of real time, and is true when the process is to stop; without it
    nothing is waited for, as where the time is moved by hand. `page_at` gives the address of the buyer's
    page for a token.
    """

    engine: Engine
    channels: Channels
    clock: Clock
    holder: str
    threads: int = 0
    pause: Pause | None = None
    page_at: PageAt | None = None


def make_all(crew: Crew, machines: Sequence[Channel]) -> int:
    """Carry out the ready steps of these channels until none is left that may be made now; returns how many.

    A crash leaves leases that run out, and attempts in `sending` that the night watch looks up.
    """
    if not crew.threads:
        return _Stream(crew, machines, _AtOnce(), _AtOnce()).run()
    with ThreadPoolExecutor(crew.threads) as callers, ThreadPoolExecutor(1) as settler:
        return _Stream(crew, machines, callers, settler).run()


class _AtOnce(Executor):
    """No other thread: what is submitted is done."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **named))
        return done


class _Stream:
    def __init__(self, crew: Crew, machines: Sequence[Channel], callers: Executor, settler: Executor) -> None:
        self._crew = crew
        self._machines = machines
        self._callers = callers
        self._settler = settler
        self._settling: Future[None] | None = None
        self._roads = {
            one: Road(crew.channels[one].provider, crew.channels[one].needs_sender) for one in machines
        }
        self._answers: SimpleQueue[tuple[Begun, Answer]] = SimpleQueue()
        self._under_way = 0
        self._send_seconds = _QUEUED_SECONDS

    def run(self) -> int:
        made, waited = 0, 0.0
        while True:
            taken = 0 if self._stops(0) else self._take()
            if self._under_way:
                answers = self._gather()
                made += len(answers)
                waited = 0.0
                self._await_settler()
                self._settling = self._settler.submit(self._settle, answers)
            elif not taken:
                # A sender's next slot is seldom far: what waits for it is made when it comes.
                self._await_settler()
                if waited >= _PATIENCE_SECONDS or self._crew.pause is None or self._stops(_LOOK_SECONDS):
                    return made
                waited += _LOOK_SECONDS

    def _await_settler(self) -> None:
        if self._settling is not None:
            self._settling.result()

    def _stops(self, seconds: float) -> bool:
        return self._crew.pause is not None and self._crew.pause(seconds)

    def _depth(self) -> int:
        """How many contacts may be under way: enough that no thread waits for the next."""
        if not self._crew.threads:
            return _BATCH
        queued = min(_MOST_QUEUED, _QUEUED_SECONDS / max(self._send_seconds, 0.001))
        return self._crew.threads + int(self._crew.threads * queued)

    def _take(self) -> int:
        """Claim what there is room for and send it on its way; returns how many claims there were."""
        depth = self._depth()
        if self._under_way > depth * 2 // 3:
            return 0
        found = 0
        for channel in self._machines:
            room = min(_BATCH, depth - self._under_way)
            if room <= 0:
                break
            claims = self._claims(channel, room)
            found += len(claims)
            for begun in self._begin(claims):
                self._under_way += 1
                self._callers.submit(self._send, channel, begun)
        # Next time another channel comes first, so that a long queue of one holds up no other.
        self._machines = (*self._machines[1:], self._machines[0])
        return found

    def _claims(self, channel: Channel, limit: int) -> list[Claim]:
        crew, road = self._crew, self._roads[channel]
        with unit_of_work(crew.engine) as session:
            return claim(
                session,
                channel,
                crew.holder,
                now=crew.clock(),
                limit=limit,
                provider=road.provider,
                needs_sender=road.needs_sender,
            )

    def _begin(self, claims: Sequence[Claim]) -> list[Begun]:
        for one in claims:
            if not one.permitted:
                drop_silenced(self._crew.engine, one, self._crew.clock())
        return _together([one for one in claims if one.permitted], self._begin_batch)

    def _begin_batch(self, claims: Sequence[Claim]) -> list[Begun]:
        crew = self._crew
        with unit_of_work(crew.engine) as session:
            begun = begin_all(session, claims, self._roads, now=crew.clock(), page_at=crew.page_at)
        for one in claims:
            if one.step_id not in begun:
                log.info("contact.stale", step_id=str(one.step_id))
        return list(begun.values())

    def _send(self, channel: Channel, begun: Begun) -> None:
        began = monotonic()
        answer = send(self._crew.channels[channel], begun, self._crew.clock())
        self._send_seconds += (monotonic() - began - self._send_seconds) / 8
        self._answers.put((begun, answer))

    def _gather(self) -> list[tuple[Begun, Answer]]:
        """The answers that are there, and those that come in a moment: together they cost less."""
        gathered = [self._answers.get()]
        until = monotonic() + _GATHER_SECONDS
        while len(gathered) < min(_BATCH, self._under_way):
            try:
                gathered.append(self._answers.get(timeout=max(0.0, until - monotonic())))
            except Empty:
                break
        self._under_way -= len(gathered)
        return gathered

    def _settle(self, answers: Sequence[tuple[Begun, Answer]]) -> None:
        settled = _together(answers, self._settle_batch)
        results = Counter(
            f"{begun.contact.channel.value}_{type(answer).__name__.lower()}" for begun, answer in settled
        )
        log.info("contacts.made", **results)

    def _settle_batch(self, answers: Sequence[tuple[Begun, Answer]]) -> list[tuple[Begun, Answer]]:
        with unit_of_work(self._crew.engine) as session:
            by_attempt = {begun.attempt_id: answer for begun, answer in answers}
            settle_all(session, by_attempt, now=self._crew.clock())
        return list(answers)


def _together(ones: Sequence[_One], work: Callable[[Sequence[_One]], list[_Made]]) -> list[_Made]:
    """All in one transaction; where that breaks each in its own, so that one holds up no other.

    What still breaks is left to the night watch.
    """
    if not ones:
        return []
    try:
        return work(ones)
    except Exception:
        log.exception("contact.batch_broke", size=len(ones))
    done = []
    for one in ones if len(ones) > 1 else ():
        try:
            done.extend(work([one]))
        except Exception:
            log.exception("contact.bookkeeping_broke")
    return done
