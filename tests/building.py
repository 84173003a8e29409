"""The stages behind intake at work: orders taken in as the API does, a provider that does as it is told, a
clock moved by hand."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select

from channels.protocol import Contact, ContactEvent, EventKind, Sent, Uncertain
from channels.registry import sandbox_channels
from channels.sandbox.answering import next_due_at
from channels.sandbox.described_buyers import Costs
from channels.sandbox.scripted import Script, ScriptedBuyers
from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.outbox import OutboxDelivery
from models.policies import PolicyOverride
from models.sellers import Store
from models.steps import Step, StepOrder
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, StepState, Verdict
from scripts.jobs import House, hear_sandbox, keep_watch, make_contacts, promote_due
from tests.orders import KEYS, draft, make_seller, received
from verification.contact.claiming import Claim, claim
from verification.contact.promoting import promote
from verification.outcome.taking_in import TakenIn, take_in

PHONE, E164 = "0551234567", "+966551234567"
OTHER, OTHER_E164 = "0559876543", "+966559876543"
MACHINES = (Channel.whatsapp, Channel.sms, Channel.ivr)

_numbers = count(1)


@dataclass
class Clock:
    """Aware UTC, moved by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


def a_store(engine: Engine, now: datetime) -> UUID:
    """The store of a new Saudi seller."""
    with unit_of_work(engine) as session:
        return make_seller(session, now, name=f"Seller {next(_numbers)}").store.id


def an_order(
    engine: Engine, store_id: UUID, now: datetime, *, phone: str = PHONE, country: str = "SA", **patch: Any
) -> UUID:
    """An order through intake, in a transaction of its own."""
    buyer = {"phone": phone} | patch.pop("buyer", {})
    external_id = patch.pop("external_id", f"n-{next(_numbers)}")
    with unit_of_work(engine) as session:
        wanted = draft(external_id, buyer=buyer, address={"country": country}, **patch)
        return received(session, session.get_one(Store, store_id), wanted, now).id


def set_policy(engine: Engine, now: datetime, values: Mapping[str, Any], **scope: Any) -> None:
    """Override policy values for a country, a seller or a store."""
    with unit_of_work(engine) as session:
        for name, value in values.items():
            session.add(PolicyOverride(name=name, value=value, set_by="test", set_at=now, **scope))


@dataclass
class Provider:
    """A provider that answers each send as `script` says (what to return or raise) and knows what it took."""

    script: Callable[[Contact], Sent | Exception] | None = None
    provider: str = "sandbox"
    needs_sender: bool = False
    sends: list[Contact] = field(default_factory=list)
    taken: dict[str, Sent] = field(default_factory=dict)
    cannot_say: bool = False
    lookups: int = 0

    def send(self, contact: Contact) -> Sent:
        self.sends.append(contact)
        answer = self.script(contact) if self.script else self.accept(contact)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def accept(self, contact: Contact) -> Sent:
        return self.taken.setdefault(
            contact.reference, Sent(f"p-{contact.reference}", cost=Decimal("0.01"), sender="+1")
        )

    def find(self, contact: Contact, *, known: Collection[str]) -> Sent | None:
        self.lookups += 1
        if self.cannot_say:
            raise Uncertain("down")
        return self.taken.get(contact.reference)

    @property
    def channels(self) -> dict[Channel, "Provider"]:
        return dict.fromkeys((*MACHINES, Channel.agent_call), self)


class Town:
    """One store and its buyers, who follow scripts phone by phone (E.164) and are silent afterwards."""

    def __init__(
        self, engine: Engine, now: datetime, scripts: Mapping[str, Sequence[Script]] | None = None
    ) -> None:
        self.engine = engine
        self.clock = Clock(now)
        self.store_id = a_store(engine, now)
        costs = Costs.model_validate(dict.fromkeys(Costs.model_fields, Decimal("0.01")))
        channels = sandbox_channels(engine, ScriptedBuyers(scripts or {}), costs)
        self.house = House(engine, channels, KEYS, self.clock, holder="worker")

    def order(self, **patch: Any) -> UUID:
        return an_order(self.engine, self.store_id, self.clock.at, **patch)

    def tick(self) -> None:
        """Everything the scheduler does, once, at this instant."""
        hear_sandbox(self.house)
        promote_due(self.house)
        make_contacts(self.house)
        keep_watch(self.house)

    def run(self, most: timedelta) -> None:
        """Go from event to event, half an hour at most, until nothing is open or the time is over."""
        end = self.clock.at + most
        while True:
            self.tick()
            with unit_of_work(self.engine) as session:
                undecided = select(func.count()).select_from(Order).where(Order.decision_id.is_(None))
                next_step = select(func.min(Step.not_before)).where(Step.state == StepState.scheduled)
                deadline = select(func.min(Order.decide_by)).where(Order.decision_id.is_(None))
                due = [
                    next_due_at(session),
                    session.scalar(next_step),
                    session.scalar(deadline),
                    self.clock.at + timedelta(minutes=30),
                ]
                if not session.scalar(undecided) and due[0] is None:
                    return
            following = min(at for at in due if at is not None and at > self.clock.at)
            if following > end:
                self.clock.at = end
                self.tick()
                return
            self.clock.at = following


def ready_claims(
    engine: Engine,
    now: datetime,
    channel: Channel = Channel.whatsapp,
    limit: int = 10,
    holder: str = "worker",
) -> list[Claim]:
    """Promote what is due and claim it."""
    with unit_of_work(engine) as session:
        promote(session, now=now)
    with unit_of_work(engine) as session:
        return claim(session, channel, holder, now=now, limit=limit)


def reply(
    attempt: Attempt, at: datetime, button: str | None = None, text: str | None = None, **more: Any
) -> ContactEvent:
    """Something the buyer says in answer to an attempt."""
    return an_event(attempt, at, kind=EventKind.reply, button=button, text=text, **more)


def report(attempt: Attempt, at: datetime, state: AttemptState | None = None, **more: Any) -> ContactEvent:
    """A transport report about an attempt."""
    return an_event(attempt, at, kind=EventKind.transport, state=state, **more)


def an_event(attempt: Attempt, at: datetime, **more: Any) -> ContactEvent:
    values: dict[str, Any] = {
        "source": "sandbox",
        "external_id": f"e-{next(_numbers)}",
        "at": at,
        "raw": "{}",
        "reference": attempt.reference,
    }
    return ContactEvent(**(values | more))


def hear(engine: Engine, event: ContactEvent, now: datetime) -> TakenIn:
    """Take an event in, in a transaction of its own."""
    with unit_of_work(engine) as session:
        return take_in(session, event, now=now)


def order_row(engine: Engine, order_id: UUID) -> Order:
    with unit_of_work(engine) as session:
        return session.get_one(Order, order_id)


def steps_of(engine: Engine, order_id: UUID, *, live: bool | None = None) -> list[Step]:
    """The steps that cover an order, oldest first."""
    with unit_of_work(engine) as session:
        query = select(Step).join(StepOrder, StepOrder.step_id == Step.id)
        query = query.where(StepOrder.order_id == order_id)
        if live is not None:
            query = query.where(Step.live == live)
        return list(session.scalars(query.order_by(Step.created_at, Step.id)))


def live_step(engine: Engine, order_id: UUID) -> Step:
    """The one live step of an order."""
    [step] = steps_of(engine, order_id, live=True)
    return step


def attempts_of(engine: Engine, order_id: UUID) -> list[Attempt]:
    """The attempts made about an order, oldest first."""
    with unit_of_work(engine) as session:
        query = select(Attempt).join(StepOrder, StepOrder.step_id == Attempt.step_id)
        query = query.where(StepOrder.order_id == order_id)
        return list(session.scalars(query.order_by(Attempt.started_at, Attempt.id)))


def decisions_of(engine: Engine, order_id: UUID) -> list[Decision]:
    """The decisions on an order, oldest first."""
    with unit_of_work(engine) as session:
        query = select(Decision).where(Decision.order_id == order_id)
        return list(session.scalars(query.order_by(Decision.decided_at, Decision.id)))


def verdict_of(engine: Engine, order_id: UUID) -> Verdict | None:
    """The order's current verdict."""
    decision_id = order_row(engine, order_id).decision_id
    return next((one.verdict for one in decisions_of(engine, order_id) if one.id == decision_id), None)


def events_of(engine: Engine, order_id: UUID) -> list[OutboxDelivery]:
    """What the seller was told about an order, oldest first."""
    with unit_of_work(engine) as session:
        query = select(OutboxDelivery).where(OutboxDelivery.order_id == order_id)
        return list(session.scalars(query.order_by(OutboxDelivery.order_version)))
