"""A seller, its buyers, an agent and the clock: what a story needs to be told over HTTP.

Everything is the real thing but the time, which is moved by hand, and the buyers, who follow scripts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, func, select

from channels.protocol import Channels
from channels.sandbox.answering import next_due_at
from channels.sandbox.scripted import Script, ScriptedBuyers
from channels.sandbox.sending import SandboxChannel
from models.outbox import OutboxDelivery
from models.sandbox import SandboxContact
from models.secrecy import Keyring
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, DeliveryState, Disposition, StepState
from scripts.jobs import JOBS, House, run_job
from scripts.simulating import Moved
from settings import Settings
from tests.orders import PAYLOAD
from tests.receiver import Receiver
from verification.accounts.sellers import create_seller
from verification.contact.beginning import begin
from verification.contact.claiming import Claim, claim
from verification.intake.merging import merge_patch
from verification.outcome.disposing import Disposed, dispose

_SECRET = "a secret of the stories, long enough for a key"
_STRIDE = timedelta(minutes=30)


def settings(data: Path, url: str) -> Settings:
    return Settings(data=data, database_url=url, secret_key=_SECRET, webhook_allow_private=True, api_rate=0)


def sandbox(engine: Engine, scripts: Mapping[str, Sequence[Script]]) -> Channels:
    buyers = ScriptedBuyers(scripts)
    return {
        channel: SandboxChannel(engine, channel, buyers, Decimal("0.01"))
        for channel in (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
    }


def open_shop(engine: Engine, receiver: Receiver, now: datetime) -> str:
    """A Saudi seller whose events go to the receiver; its API key."""
    keys = Keyring(_SECRET.encode())
    with unit_of_work(engine) as session:
        made = create_seller(session, "Noor Shop", "SA", receiver.url, keys=keys, now=now, allow_private=True)
    receiver.secret = made.webhook_secret
    return made.api_key


@dataclass
class Play:
    """One story. `clock` is the time that the API and the jobs live in."""

    engine: Engine
    app: Flask
    house: House
    clock: Moved
    key: str
    receiver: Receiver

    @classmethod
    def open(
        cls, app: Flask, receiver: Receiver, now: datetime, scripts: Mapping[str, Sequence[Script]]
    ) -> "Play":
        context = app.extensions["takeed"]
        context.clock = Moved(now)
        house = House(
            engine=context.engine,
            channels=sandbox(context.engine, scripts),
            keys=context.keys,
            clock=context.clock,
            holder="story",
            webhook_allow_private=True,
        )
        key = open_shop(context.engine, receiver, now)
        return cls(context.engine, app, house, context.clock, key, receiver)

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The answer's JSON over the API, after its status is checked."""
        answer = self.app.test_client().open(
            f"/api/v1{path}", method=method, json=body, headers={"Authorization": f"Bearer {self.key}"}
        )
        assert answer.status_code == status, answer.text
        return answer.json

    def send(self, external_id: str = "1047", **patch: Any) -> str:
        """A new order; its id."""
        body = merge_patch(PAYLOAD, {**patch, "external_id": external_id})
        return str(self.call("POST", "/orders", body, 201)["id"])

    def order(self, order_id: str) -> Any:
        return self.call("GET", f"/orders/{order_id}")

    def decision(self, order_id: str) -> tuple[str, str, str] | None:
        """Verdict, reason and via as the seller reads them."""
        found = self.order(order_id)["decision"]
        return (found["verdict"], found["reason"], found["via"]) if found else None

    def diary(self, order_id: str) -> list[str]:
        """The codes of the order's story."""
        return [entry["code"] for entry in self.call("GET", f"/orders/{order_id}/diary")["entries"]]

    def events(self, order_id: str) -> list[tuple[str, int]]:
        """What the seller's endpoint believed about an order, in the order of arrival: type and version."""
        assert len(self.receiver.verified) == len(self.receiver.requests)
        bodies = [json.loads(each.body) for each in self.receiver.verified]
        return [(body["type"], body["data"]["version"]) for body in bodies if body["data"]["id"] == order_id]

    def tick(self) -> None:
        """Every job once, at this instant."""
        for name in JOBS:
            run_job(self.house, name)

    def go(self, **how_far: float) -> None:
        """Live through that time, from one thing that happens to the next."""
        until = self.clock.at + timedelta(**how_far)
        self.tick()
        while self.clock.at < until:
            self.clock.at = min(until, max(self._next(), self.clock.at + timedelta(seconds=1)))
            self.tick()

    def _next(self) -> datetime:
        with unit_of_work(self.engine) as session:
            times = [
                next_due_at(session),
                session.scalar(select(func.min(Step.not_before)).where(Step.state == StepState.scheduled)),
                session.scalar(
                    select(func.min(OutboxDelivery.next_try_at)).where(
                        OutboxDelivery.state == DeliveryState.pending
                    )
                ),
            ]
        return min(at for at in (*times, self.clock.at + _STRIDE) if at is not None)

    def contacts(self) -> list[str]:
        """The channels of the contacts that the provider accepted, in their order."""
        with unit_of_work(self.engine) as session:
            found = session.scalars(select(SandboxContact.channel).order_by(SandboxContact.accepted_at))
            return list(found)

    def pick_up(self) -> Claim:
        """An agent takes the next case and dials."""
        with unit_of_work(self.engine) as session:
            [held] = claim(session, Channel.agent_call, "agent:huda", now=self.clock.at, names=["agent:huda"])
        with unit_of_work(self.engine) as session:
            begin(session, held, provider="agent", now=self.clock.at)
        return held

    def report(self, held: Claim, disposition: Disposition, *order_ids: str, **more: Any) -> None:
        """The agent says how the call ended, the same for each order."""
        choices = {UUID(order_id): Disposed(disposition, **more) for order_id in order_ids}
        with unit_of_work(self.engine) as session:
            dispose(session, held, choices, now=self.clock.at)
