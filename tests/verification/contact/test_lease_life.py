"""The life of claims and leases as a model: whatever happens in whatever order, the house stays in order."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, func, select

from channels.protocol import Contact, ContactEvent, Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.outbox import OutboxDelivery
from models.steps import Step, StepOrder
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Disposition, Outcome, StepState, Verdict
from tests import database
from tests.building import MACHINES, Clock, Provider, a_store, an_order, hear, reply, report
from tests.verification.planning import literal
from verification.contact.beginning import begin
from verification.contact.claiming import Claim, claim
from verification.contact.contacting import contact, settle
from verification.contact.promoting import promote
from verification.contact.watching import watch
from verification.intake.withdrawing import withdraw_order
from verification.outcome.disposing import Disposed, dispose
from verification.policy.values import default_policy
from verification.steps.transitions import Stale

Any_ = TypeVar("Any_")
ANY = st.integers(0, 1000)
PHONES = ["0551234561", "0551234562", "0551234563"]
REPORTS: list[dict[str, Any]] = [
    {"state": AttemptState.sent},
    {"state": AttemptState.delivered},
    {"state": AttemptState.reached},
    {"state": AttemptState.failed, "meaning": Meaning.no_such_channel},
    {"state": AttemptState.closed, "outcome": Outcome.no_answer},
    {"state": AttemptState.closed, "outcome": Outcome.answered},
    {"code": "unheard-of"},
]
BUTTONS = ["confirm", "cancel", "later", "question", "agent", "stop", "wrong_number", "parrot"]


def pick(things: Sequence[Any_], number: int) -> Any_:
    return things[number % len(things)]


class LeaseLife(RuleBasedStateMachine):
    engine: Engine
    url: str
    start: datetime

    @initialize()
    def open_house(self) -> None:
        self.engine.dispose()
        database.empty(self.url)
        self.clock = Clock(self.start)
        self.provider = Provider()
        self.stores = [a_store(self.engine, self.start) for _ in range(2)]
        self.claims: list[Claim] = []
        self.calling: list[Claim] = []
        self.sending: list[tuple[UUID, Contact]] = []
        self.heard: list[ContactEvent] = []
        self.orders: list[UUID] = []

    @rule(phone=st.sampled_from(PHONES), store=st.integers(0, 1), hours=st.sampled_from([1, 8, 48]))
    def order_arrives(self, phone: str, store: int, hours: int) -> None:
        ship_by = self.clock.at + timedelta(hours=hours)
        order = an_order(
            self.engine, self.stores[store], self.clock.at, phone=phone, ship_by=ship_by.isoformat()
        )
        self.orders.append(order)

    @rule()
    def due_steps_are_promoted(self) -> None:
        with unit_of_work(self.engine) as session:
            promote(session, now=self.clock.at)

    @rule(
        worker=st.sampled_from(["one", "two"]),
        channel=st.sampled_from([*MACHINES, Channel.whatsapp]),
        limit=st.integers(1, 3),
    )
    def worker_claims(self, worker: str, channel: Channel, limit: int) -> None:
        with unit_of_work(self.engine) as session:
            promote(session, now=self.clock.at)
            self.claims += claim(session, channel, worker, now=self.clock.at, limit=limit)

    @precondition(lambda self: self.claims)
    @rule(which=ANY)
    def worker_begins(self, which: int) -> None:
        held = self.claims.pop(which % len(self.claims))
        if not held.permitted:
            contact(self.engine, held, self.provider, self.clock)
            return
        try:
            with unit_of_work(self.engine) as session:
                self.sending.append(begin(session, held, provider="sandbox", now=self.clock.at))
        except Stale:
            return
        self._phone_may_ring(held.channel)

    def _phone_may_ring(self, channel: Channel) -> None:
        policy = default_policy("SA")
        hours = policy.call_hours if channel.is_call else policy.message_hours
        assert literal.is_open(hours, "Asia/Riyadh", self.clock.at)

    @precondition(lambda self: self.sending)
    @rule(which=ANY, taken=st.booleans(), result=st.sampled_from(["answer", "doubt", "death"]))
    def provider_is_called(self, which: int, taken: bool, result: str) -> None:
        attempt_id, wanted = self.sending.pop(which % len(self.sending))
        refusal = Refused("no", pick(list(Meaning), which))
        answer: Sent | Refused | Uncertain = self.provider.send(wanted) if taken else refusal
        if result == "death":
            return
        if result == "doubt":
            answer = Uncertain("timeout")
        with unit_of_work(self.engine) as session:
            settle(session, attempt_id, answer, now=self.clock.at)

    def _attempts(self) -> Sequence[Attempt]:
        with unit_of_work(self.engine) as session:
            return session.scalars(select(Attempt).order_by(Attempt.started_at, Attempt.reference)).all()

    @rule(which=ANY, told=st.sampled_from(REPORTS))
    def callback_arrives(self, which: int, told: dict[str, Any]) -> None:
        self._hear(which, lambda attempt: report(attempt, self.clock.at, **told))

    @rule(which=ANY, button=st.sampled_from(BUTTONS))
    def buyer_answers(self, which: int, button: str) -> None:
        self._hear(which, lambda attempt: reply(attempt, self.clock.at, button=button))

    def _hear(self, which: int, build: Any) -> None:
        attempts = [attempt for attempt in self._attempts() if attempt.channel is not Channel.agent_call]
        if attempts:
            self.heard.append(build(pick(attempts, which)))
            assert not hear(self.engine, self.heard[-1], self.clock.at).repeated

    @precondition(lambda self: self.heard)
    @rule(which=ANY)
    def an_event_comes_again(self, which: int) -> None:
        assert hear(self.engine, pick(self.heard, which), self.clock.at).repeated

    @rule()
    def agent_takes_a_case(self) -> None:
        try:
            with unit_of_work(self.engine) as session:
                promote(session, now=self.clock.at)
                held = claim(session, Channel.agent_call, "agent:1", now=self.clock.at)
                for case in held:
                    if case.permitted:
                        begin(session, case, provider="agent", now=self.clock.at)
        except Stale:
            return
        for case in held:
            if case.permitted:
                self._phone_may_ring(Channel.agent_call)
                self.calling.append(case)
            else:
                contact(self.engine, case, self.provider, self.clock)

    @precondition(lambda self: self.calling)
    @rule(which=ANY, disposition=st.sampled_from(Disposition))
    def agent_ends_the_call(self, which: int, disposition: Disposition) -> None:
        held = self.calling.pop(which % len(self.calling))
        with unit_of_work(self.engine) as session:
            covered = session.scalars(select(StepOrder.order_id).where(StepOrder.step_id == held.step_id))
            choices = dict.fromkeys(covered, Disposed(disposition))
            try:
                dispose(session, held, choices, now=self.clock.at)
            except Stale:
                session.rollback()

    @rule(minutes=st.sampled_from([1, 3, 20, 60, 180, 600]))
    def time_passes(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @rule()
    def night_watch(self) -> None:
        watch(self.engine, self.provider.channels, self.clock)

    @precondition(lambda self: self.orders)
    @rule(which=ANY)
    def seller_withdraws(self, which: int) -> None:
        with unit_of_work(self.engine) as session:
            withdraw_order(session, session.get_one(Order, pick(self.orders, which)), None, now=self.clock.at)

    @invariant()
    def every_open_order_has_one_live_step(self) -> None:
        with unit_of_work(self.engine) as session:
            live = dict(
                session.execute(
                    select(StepOrder.order_id, func.count())
                    .join(Step, Step.id == StepOrder.step_id)
                    .where(Step.live, StepOrder.live)
                    .group_by(StepOrder.order_id)
                ).all()
            )
            undecided = session.scalars(select(Order.id).where(Order.decision_id.is_(None))).all()
        assert {order: live.get(order, 0) for order in undecided} == dict.fromkeys(undecided, 1)
        assert set(live.values()) <= {1}

    @invariant()
    def nobody_is_held_or_contacted_twice(self) -> None:
        with unit_of_work(self.engine) as session:
            held = session.scalars(select(Step.buyer_id).where(Step.state == StepState.claimed)).all()
            tried = session.scalars(select(Attempt.step_id)).all()
            known = select(func.count()).where(
                Step.id == Attempt.step_id,
                Step.state == StepState.claimed,
                Attempt.channel != Channel.agent_call,
                Attempt.state.not_in((AttemptState.sending, AttemptState.uncertain)),
            )
            assert session.scalar(known) == 0
        assert len(set(held)) == len(held)
        assert len(set(tried)) == len(tried)
        assert set(Counter(sent.reference for sent in self.provider.sends).values()) <= {1}

    @invariant()
    def every_decision_is_proved_told_and_in_its_chain(self) -> None:
        with unit_of_work(self.engine) as session:
            decisions = session.scalars(select(Decision)).all()
            events = session.scalars(select(OutboxDelivery).order_by(OutboxDelivery.id)).all()
            orders = {order.id: order for order in session.scalars(select(Order))}
        told = Counter(event.decision_id for event in events)
        assert all(told[decision.id] == 1 for decision in decisions)
        assert all(decision.proof for decision in decisions if decision.verdict is Verdict.confirmed)
        superseded = {decision.supersedes_id for decision in decisions}
        current = {each.order_id: each.id for each in decisions if each.id not in superseded}
        assert current == {order.id: order.decision_id for order in orders.values() if order.decision_id}
        for order in orders.values():
            versions = [event.order_version for event in events if event.order_id == order.id]
            assert versions == list(range(2, order.version + 1))

    def teardown(self) -> None:
        """Left to the night watch alone, every order ends in a decision and nothing stays claimed."""
        if not hasattr(self, "clock"):
            return
        for _ in range(12):
            self.clock.move(hours=10)
            self.due_steps_are_promoted()
            self.night_watch()
        with unit_of_work(self.engine) as session:
            assert session.scalar(select(func.count()).where(Order.decision_id.is_(None))) == 0
            assert session.scalar(select(func.count()).where(Step.state == StepState.claimed)) == 0
            assert session.scalar(select(func.count()).where(Attempt.outcome.is_(None))) == 0
        self.every_decision_is_proved_told_and_in_its_chain()


def test_whatever_happens_the_house_stays_in_order(engine: Engine, database_url: str, now: datetime) -> None:
    house = type("House", (LeaseLife,), {"engine": engine, "url": database_url, "start": now})
    run_state_machine_as_test(
        house,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
