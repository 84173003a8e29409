"""An order whose buyer has just been asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from models.attempts import Attempt
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel
from tests.building import Provider, a_store, an_order, attempts_of, ready_claims
from verification.contact.beginning import begin
from verification.contact.claiming import Claim
from verification.contact.contacting import contact


def asked(
    engine: Engine, now: datetime, channel: Channel = Channel.whatsapp, **patch: object
) -> tuple[UUID, Attempt]:
    """An order and the contact made about it over the first rung that is on this channel."""
    order = an_order(engine, a_store(engine, now), now, **patch)
    ask(engine, now, channel)
    return order, attempts_of(engine, order)[-1]


def ask(engine: Engine, now: datetime, channel: Channel = Channel.whatsapp) -> None:
    """Make every contact that is due on a channel."""
    for held in ready_claims(engine, now, channel):
        contact(engine, held, Provider(), lambda: now)


def call(engine: Engine, now: datetime, agent: str = "agent:1") -> Claim:
    """An agent takes the next case and dials."""
    [held] = ready_claims(engine, now, Channel.agent_call, limit=1, holder=agent)
    with unit_of_work(engine) as session:
        begin(session, held, provider="agent", now=now)
    return held
