"""The board as it stands for whoever looks: counted anew at most every few seconds, however many look."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from models.unit_of_work import Session
from verification.alarms import StandingAlarm, standing_alarms
from verification.board.agents import AgentDay, agents_today
from verification.board.queue import Queue, read_queue
from verification.board.rates import Day, read_day
from verification.routing.outages import Outage, outages
from verification.trial.stopping import ToldStop, tell_stop
from web.board.hours_now import CountryNow, countries_now, read_rules

_KEPT_SECONDS = 3.0
# A count of many orders is kept longer, so that counting takes a tenth of the time at most.
_TIMES_ITS_COST = 10


@dataclass(frozen=True)
class Snapshot:
    """Everything on the board at one instant."""

    queue: Queue
    day: Day
    agents: tuple[AgentDay, ...]
    alarms: tuple[StandingAlarm, ...]
    outages: tuple[Outage, ...]
    stop: ToldStop | None

    @property
    def at(self) -> datetime:
        """When it was so."""
        return self.queue.at


class KeptBoard:
    """One process's latest snapshot."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._until = 0.0
        self._hours: tuple[datetime, tuple[CountryNow, ...]] | None = None

    def get(
        self, session: Session, *, since: datetime, now: datetime, provider: str | None = None
    ) -> Snapshot:
        """The latest, counted anew when it is old; others who ask meanwhile wait for that one count.

        `provider` is the one that machines reach buyers through, None where they are simulated.
        """
        with self._lock:
            if self._snapshot is None or monotonic() > self._until:
                began = monotonic()
                self._snapshot = Snapshot(
                    read_queue(session, now=now, provider=provider),
                    read_day(session, since=since, now=now),
                    agents_today(session, since=since, now=now),
                    tuple(each for each in standing_alarms(session) if each.code != "provider_out"),
                    tuple(each for each in outages(session) if each.provider == provider),
                    tell_stop(session),
                )
                took = monotonic() - began
                self._until = began + took + max(_KEPT_SECONDS, took * _TIMES_ITS_COST)
            return self._snapshot

    def hours(self, session: Session, *, now: datetime) -> tuple[CountryNow, ...]:
        """How the countries stand in the minute of `now`."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if self._hours is None or self._hours[0] != minute:
                self._hours = minute, countries_now(read_rules(session), minute)
            return self._hours[1]

    def forget(self) -> None:
        """Count anew for whoever asks next."""
        with self._lock:
            self._snapshot = self._hours = None
