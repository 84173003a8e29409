"""The life of claims and leases as a model: whatever happens in whatever order, the house stays in order."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar
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
from tests.building import MACHINES, Clock, Provider, a_store, an_order, hear, reply, report
from tests.database import Sweep
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

Thing = TypeVar("Thing")
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
RESULTS = st.lists(st.sampled_from(["taken", "refused", "lost", "lost and taken", "died"]), max_size=3)


def pick(things: Sequence[Thing], number: int) -> Thing:
    return things[number % len(things)]


class LeaseLife(RuleBasedStateMachine):
    engine: Engine
    sweep: ClassVar[Sweep]
    start: datetime

    @initialize()
    def open_house(self) -> None:
        self.engine.dispose()
        self.sweep()
        self.clock = Clock(self.start)
        self.provider = Provider()
        self.stores = [a_store(self.engine, self.start) for _ in range(2)]
        self.claims: list[Claim] = []
        self.calling: list[Claim] = []
        self.sending: list[tuple[UUID, Contact]] = []
        self.begun: list[UUID] = []
        self.heard: list[ContactEvent] = []
        self.orders: list[UUID] = []
        for place in (0, 1):
            self._order(PHONES[place], place, 48)

    # Few rules, each with many turns: of many rules, most runs would meet only some.

    @rule(
        phone=st.sampled_from(PHONES),
        store=st.integers(0, 1),
        hours=st.sampled_from([1, 8, 48, 48]),
        withdrawn=st.none() | ANY,
    )
    def seller_sends_or_withdraws(self, phone: str, store: int, hours: int, withdrawn: int | None) -> None:
        if withdrawn is None:
            self._order(phone, store, hours)
            return
        with unit_of_work(self.engine) as session:
            order = session.get_one(Order, pick(self.orders, withdrawn))
            withdraw_order(session, order, None, now=self.clock.at)

    def _order(self, phone: str, store: int, hours: int) -> None:
        ship_by = (self.clock.at + timedelta(hours=hours)).isoformat()
        self.orders.append(
            an_order(self.engine, self.stores[store], self.clock.at, phone=phone, ship_by=ship_by)
        )

    @rule(limit=st.integers(1, 3), begins=st.integers(1, 4), results=RESULTS)
    def worker_one(self, limit: int, begins: int, results: list[str]) -> None:
        self._work("one", limit, begins, results)

    @rule(limit=st.integers(1, 3), begins=st.integers(0, 4), results=RESULTS)
    def worker_two(self, limit: int, begins: int, results: list[str]) -> None:
        self._work("two", limit, begins, results)

    def _work(self, worker: str, limit: int, begins: int, results: list[str]) -> None:
        """Claims over every channel, begins some contacts and brings some to their end: the rest hangs."""
        self._promote()
        for channel in MACHINES:
            with unit_of_work(self.engine) as session:
                self.claims += claim(session, channel, worker, now=self.clock.at, limit=limit)
        for _ in range(min(begins, len(self.claims))):
            self._begin(self.claims.pop(begins % len(self.claims)))
        for result in results[: len(self.sending)]:
            self._send(*self.sending.pop(limit % len(self.sending)), result)

    def _promote(self) -> None:
        with unit_of_work(self.engine) as session:
            promote(session, now=self.clock.at)

    def _begin(self, held: Claim) -> None:
        if not held.permitted:
            contact(self.engine, held, self.provider, self.clock)
            return
        try:
            with unit_of_work(self.engine) as session:
                self.sending.append(begin(session, held, provider="sandbox", now=self.clock.at))
        except Stale:
            return
        self.begun.append(self.sending[-1][0])
        self._phone_may_ring(held.channel)

    def _phone_may_ring(self, channel: Channel) -> None:
        policy = default_policy("SA")
        hours = policy.call_hours if channel.is_call else policy.message_hours
        assert literal.is_open(hours, "Asia/Riyadh", self.clock.at)

    def _send(self, attempt_id: UUID, wanted: Contact, result: str) -> None:
        answer: Sent | Refused | Uncertain = Uncertain("timeout")
        if result in ("taken", "lost and taken", "died"):
            sent = self.provider.send(wanted)
            answer = sent if result == "taken" else answer
        elif result == "refused":
            answer = Refused("no", pick(list(Meaning), len(self.begun)))
        if result != "died":
            with unit_of_work(self.engine) as session:
                settle(session, attempt_id, answer, now=self.clock.at)

    @precondition(lambda self: self.begun)
    @rule(which=ANY, told=st.sampled_from(REPORTS) | st.sampled_from(BUTTONS), again=st.booleans())
    def something_comes_back(self, which: int, told: dict[str, Any] | str, again: bool) -> None:
        with unit_of_work(self.engine) as session:
            attempt = session.get_one(Attempt, pick(self.begun, which))
        if again and self.heard:
            assert hear(self.engine, pick(self.heard, which), self.clock.at).repeated
            return
        event = (
            reply(attempt, self.clock.at, button=told)
            if isinstance(told, str)
            else report(attempt, self.clock.at, **told)
        )
        self.heard.append(event)
        assert not hear(self.engine, event, self.clock.at).repeated

    @rule(which=ANY, disposition=st.none() | st.sampled_from(Disposition))
    def agent_takes_or_ends_a_call(self, which: int, disposition: Disposition | None) -> None:
        if disposition is not None and self.calling:
            self._end_call(self.calling.pop(which % len(self.calling)), disposition)
            return
        self._promote()
        with unit_of_work(self.engine) as session:
            held = claim(session, Channel.agent_call, "agent:1", now=self.clock.at)
            for case in held:
                if case.permitted:
                    begin(session, case, provider="agent", now=self.clock.at)
                    self._phone_may_ring(Channel.agent_call)
                    self.calling.append(case)
        for case in held:
            if not case.permitted:
                contact(self.engine, case, self.provider, self.clock)

    def _end_call(self, held: Claim, disposition: Disposition) -> None:
        with unit_of_work(self.engine) as session:
            covered = session.scalars(select(StepOrder.order_id).where(StepOrder.step_id == held.step_id))
            choices = dict.fromkeys(covered, Disposed(disposition))
            try:
                dispose(session, held, choices, now=self.clock.at)
            except Stale:
                session.rollback()

    @rule(minutes=st.none() | st.sampled_from([0, 1, 3, 20, 400]), watched=st.booleans())
    def time_passes(self, minutes: int | None, watched: bool) -> None:
        """So many minutes, or until the next step comes due."""
        if minutes is not None:
            self.clock.move(minutes=minutes)
        else:
            with unit_of_work(self.engine) as session:
                due = session.scalar(
                    select(func.min(Step.not_before)).where(Step.state == StepState.scheduled)
                )
            self.clock.at = max(self.clock.at, due or self.clock.at)
        if watched:
            watch(self.engine, self.provider.channels, self.clock)

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
            self._promote()
            watch(self.engine, self.provider.channels, self.clock)
        with unit_of_work(self.engine) as session:
            assert session.scalar(select(func.count()).where(Order.decision_id.is_(None))) == 0
            assert session.scalar(select(func.count()).where(Step.state == StepState.claimed)) == 0
            assert session.scalar(select(func.count()).where(Attempt.outcome.is_(None))) == 0
        self.every_decision_is_proved_told_and_in_its_chain()


def test_whatever_happens_the_house_stays_in_order(engine: Engine, sweep: Sweep, now: datetime) -> None:
    house = type("House", (LeaseLife,), {"engine": engine, "sweep": staticmethod(sweep), "start": now})
    run_state_machine_as_test(
        house,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
