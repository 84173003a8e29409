"""An agent who works: each press of a button in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AgentState, Disposition, Role
from tests.building import Clock
from tests.orders import KEYS
from tests.verification.desk.staff import somebody
from verification.accounts.sessions import SignedIn
from verification.contact.promoting import promote
from verification.desk import calling, fixing, holding, outcomes, shifts, taking, undoing
from verification.outcome.disposing import Disposed
from verification.steps.covering import covered

Result = TypeVar("Result")


@dataclass
class AtWork:
    """One agent at one desk; `clock` is everybody's."""

    engine: Engine
    clock: Clock
    agent: SignedIn

    @classmethod
    def called(cls, engine: Engine, clock: Clock, name: str = "Sara", role: Role = Role.agent) -> "AtWork":
        return cls(engine, clock, somebody(engine, clock(), name, role))

    def act(self, work: Callable[[Session], Result]) -> Result:
        with unit_of_work(self.engine) as session:
            return work(session)

    def next(self) -> UUID | None:
        self.act(lambda session: promote(session, now=self.clock()))
        return self.act(lambda session: holding.next_case(session, self.agent, now=self.clock()))

    def step(self, step_id: UUID) -> Step:
        return self.act(lambda session: session.get_one(Step, step_id))

    def token(self, step_id: UUID) -> int:
        return self.step(step_id).lease_token

    def call(self, step_id: UUID, token: int | None = None) -> None:
        token = self.token(step_id) if token is None else token
        self.act(lambda session: calling.call(session, self.agent, step_id, token, now=self.clock()))

    def next_called(self) -> UUID:
        step_id = self.next()
        assert step_id is not None
        self.call(step_id)
        return step_id

    def record(
        self, step_id: UUID, disposition: Disposition, *, token: int | None = None, **chosen: Any
    ) -> None:
        token = self.token(step_id) if token is None else token

        def work(session: Session) -> None:
            choice = Disposed(disposition, **chosen)
            choices = dict.fromkeys(covered(session, step_id), choice)
            outcomes.record(session, self.agent, step_id, token, choices, now=self.clock())
            holding.renew(session, self.agent, now=self.clock())

        self.act(work)

    def undo(self, step_id: UUID) -> None:
        self.act(lambda session: undoing.undo(session, self.agent, step_id, now=self.clock()))

    def pulse(self) -> None:
        self.act(lambda session: holding.renew(session, self.agent, now=self.clock()))

    def take(self, order_id: UUID) -> UUID:
        return self.act(lambda session: taking.take_order(session, self.agent, order_id, now=self.clock()))

    def take_over(self, step_id: UUID) -> None:
        self.act(lambda session: holding.take_over(session, self.agent, step_id, now=self.clock()))

    def fix_phone(self, step_id: UUID, order_id: UUID, phone: str) -> UUID:
        token = self.token(step_id)
        return self.act(
            lambda session: fixing.fix_phone(
                session, self.agent, step_id, token, order_id, phone, now=self.clock(), keys=KEYS
            )
        )

    @property
    def state(self) -> AgentState | None:
        interval = self.act(lambda session: shifts.current(session, self.agent.id, self.clock()))
        return interval.state if interval else None
