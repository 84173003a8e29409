"""A world in virtual time: the real pipeline, simulated buyers and agents, a database of its own."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Engine, create_engine, func, make_url, select, text

from channels.protocol import Contact
from channels.registry import sandbox_channels
from channels.sandbox.agents import AgentCall, OrderAnswer, answer_agent
from channels.sandbox.answering import next_due_at
from channels.sandbox.orders import orders_of
from channels.sandbox.reacting import WorldBuyers
from channels.sandbox.world import World
from models.attempts import Attempt
from models.orders import Order
from models.policies import PolicyOverride
from models.secrecy import Keyring
from models.sellers import Store
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, Chooser, Disposition, Outcome, StepState
from scripts.jobs import House, hear_sandbox, keep_watch, learn, make_contacts, mark_run, promote_due
from scripts.migrating import migrate
from verification.accounts.sellers import create_seller
from verification.contact.beginning import begin
from verification.contact.claiming import Claim, claim
from verification.contact.contacting import drop_silenced
from verification.intake.cod import is_cod
from verification.intake.reading import read_order
from verification.intake.receiving import receive_order
from verification.outcome.disposing import Disposed, dispose
from verification.steps.transitions import Stale

_WATCH_EVERY = timedelta(minutes=15)
_ROUND = timedelta(minutes=1)
# One team: a call that any of them promised is any of theirs to make.
_AGENT = "agent:simulated"


@dataclass
class Moved:
    """A clock that is moved by hand."""

    at: datetime

    def __call__(self) -> datetime:
        """The virtual instant, aware UTC."""
        return self.at


@contextmanager
def own_database(url: str, name: str) -> Iterator[str]:
    """A database of this name beside the given one, migrated, and dropped at the end."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    quoted = admin.dialect.identifier_preparer.quote(name)
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {quoted}"))
        own = make_url(url).set(database=name).render_as_string(hide_password=False)
        try:
            migrate(own)
            yield own
        finally:
            with admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {quoted} WITH (FORCE)"))
    finally:
        admin.dispose()


@dataclass(frozen=True)
class _Call:
    """An agent on the phone."""

    ends_at: datetime
    number: int
    held: Claim
    told: AgentCall

    def __lt__(self, other: "_Call") -> bool:
        return (self.ends_at, self.number) < (other.ends_at, other.number)


def _no_number(contact: Contact) -> AgentCall:
    """A case without any phone to call: the agent can only say so."""
    orders = tuple(OrderAnswer(order.order_id, Disposition.unreachable) for order in contact.orders)
    return AgentCall(Outcome.unreachable, Disposition.unreachable, 30, Decimal(0), orders)


class Simulation:
    """One run: orders arrive, buyers answer, agents call, until every order is decided."""

    def __init__(
        self,
        engine: Engine,
        world: World,
        *,
        orders: int,
        days: int,
        seed: int,
        chooser: Chooser | None = None,
    ) -> None:
        self._engine = engine
        self._world = world
        self._seed = seed
        self._arrivals = orders_of(world, orders, days=days, seed=seed)
        self._arrived = 0
        self._clock = Moved(world.starts_at)
        self._keys = Keyring(b"simulation" * 4)
        channels = sandbox_channels(engine, WorldBuyers(world, seed), world.costs)
        self._house = House(engine, channels, self._keys, self._clock, holder="simulation")
        self._agents = max(2, orders // 50)
        self._calls: list[_Call] = []
        self._number = 0
        self._watched_at = self._watch_at = self._clock.at
        self._stores = self._open_stores(chooser)
        # There is nothing to learn before the first night.
        mark_run(engine, "learning_done", self._clock.at)

    def run(self, progress: Callable[[int], None]) -> None:
        """Go from event to event; `progress` is told how many orders are decided by now."""
        while True:
            self._one_round()
            open_orders, next_event = self._look_ahead()
            progress(self._arrived - open_orders)
            if self._arrived == len(self._arrivals) and open_orders == 0:
                return
            self._clock.at = max(self._clock.at + _ROUND, next_event)

    def _open_stores(self, chooser: Chooser | None) -> dict[str, UUID]:
        stores = {}
        with unit_of_work(self._engine) as session:
            for country in sorted({order.country for order in self._arrivals}):
                made = create_seller(
                    session, f"Simulated {country}", country, None, keys=self._keys, now=self._clock.at
                )
                stores[country] = made.store.id
                if chooser is not None:
                    said = PolicyOverride(country=country, name="chooser", value=chooser.value)
                    said.set_by, said.set_at = "simulation", self._clock.at
                    session.add(said)
        return stores

    def _one_round(self) -> None:
        self._receive()
        hear_sandbox(self._house)
        ended = self._end_calls()
        watching = self._clock.at >= self._watch_at
        if watching:
            keep_watch(self._house)
            learn(self._house)
            self._watched_at = self._clock.at
        ready = promote_due(self._house) or watching
        if ready:
            make_contacts(self._house)
        if ready or ended:
            self._begin_calls()

    def _receive(self) -> None:
        now = self._clock.at
        while self._arrived < len(self._arrivals) and self._arrivals[self._arrived].arrives_at <= now:
            arrival = self._arrivals[self._arrived]
            with unit_of_work(self._engine) as session:
                store = session.get_one(Store, self._stores[arrival.country])
                draft = read_order(arrival.payload, zone=store.time_zone)
                cod = is_cod(draft.payment_method)
                receive_order(session, store, draft, now=now, keys=self._keys, cod=cod)
            self._arrived += 1

    def _begin_calls(self) -> None:
        now = self._clock.at
        while len(self._calls) < self._agents:
            # A case stays with its agent until the call is over, however long the talk.
            with unit_of_work(self._engine) as session:
                held = claim(
                    session,
                    Channel.agent_call,
                    _AGENT,
                    now=now,
                    lease=timedelta(hours=1),
                    names=(_AGENT,),
                )
                if not held:
                    return
                contact = begin(session, held[0], provider="agent", now=now)[1] if held[0].permitted else None
            if contact is None:
                drop_silenced(self._engine, held[0], now)
                continue
            told = answer_agent(self._world, self._seed, contact) if contact.phone else _no_number(contact)
            self._number += 1
            ends_at = now + timedelta(seconds=told.seconds)
            heapq.heappush(self._calls, _Call(ends_at, self._number, held[0], told))

    def _end_calls(self) -> int:
        ended = 0
        while self._calls and self._calls[0].ends_at <= self._clock.at:
            call = heapq.heappop(self._calls)
            choices = {
                answer.order_id: Disposed(
                    answer.disposition,
                    reason=answer.reason,
                    soft=answer.soft,
                    call_back_at=call.told.callback_at,
                )
                for answer in call.told.orders
            }
            with unit_of_work(self._engine) as session:
                # The buyer may have answered elsewhere while the agent talked: then there is nothing to add.
                with suppress(Stale):
                    dispose(session, call.held, choices, now=self._clock.at)
                attempt = session.scalars(select(Attempt).where(Attempt.step_id == call.held.step_id)).one()
                attempt.cost = call.told.cost
            ended += 1
        return ended

    def _look_ahead(self) -> tuple[int, datetime]:
        """How many orders are undecided, and when something happens next."""
        undecided = select(func.count(), func.min(Order.decide_by)).where(Order.decision_id.is_(None))
        with unit_of_work(self._engine) as session:
            open_orders, deadline = session.execute(undecided).one()
            times = [
                next_due_at(session),
                session.scalar(select(func.min(Step.not_before)).where(Step.state == StepState.scheduled)),
            ]
        # In time for the next order that is still undecided.
        self._watch_at = self._watched_at + _WATCH_EVERY
        if deadline is not None:
            self._watch_at = min(self._watch_at, deadline - _ROUND)
        times.append(self._watch_at)
        times.extend(call.ends_at for call in self._calls[:1])
        if self._arrived < len(self._arrivals):
            times.append(self._arrivals[self._arrived].arrives_at)
        return open_orders, min(at for at in times if at is not None)
