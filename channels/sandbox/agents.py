"""How a buyer answers a simulated agent: pure, and the same for the same seed and contact."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from channels.protocol import Contact, ContactOrder
from channels.sandbox.buyers import (
    Habits,
    Line,
    chance_of_answering,
    habits_of,
    luck_of,
    mind_of,
    pick,
    when_awake,
)
from channels.sandbox.reacting import nobody_there, within
from channels.sandbox.world import World
from models.vocabulary import DecisionReason, Disposition, Outcome


@dataclass(frozen=True)
class OrderAnswer:
    """What the agent notes for one order of the case; `soft` is an "inshallah"."""

    order_id: UUID
    disposition: Disposition
    reason: DecisionReason | None = None
    soft: bool = False


@dataclass(frozen=True)
class AgentCall:
    """One call by an agent, as the desk would report it.

    `disposition` and `reason` are those of the first order; `seconds` is the whole call with its ringing;
    `callback_at` (aware UTC, a full quarter of an hour) is set when the buyer asked for another time; `cost`
    in US dollars.
    """

    outcome: Outcome
    disposition: Disposition
    seconds: int
    cost: Decimal
    orders: tuple[OrderAnswer, ...]
    reason: DecisionReason | None = None
    callback_at: datetime | None = None


_UNTAKEN = {
    Outcome.busy: Disposition.busy,
    Outcome.voicemail: Disposition.voicemail,
    Outcome.no_answer: Disposition.no_answer,
    Outcome.unreachable: Disposition.unreachable,
}


def answer_agent(world: World, seed: int, contact: Contact) -> AgentCall:
    """The call that an agent makes at `contact.at`: who takes it, and what is agreed for each order."""
    habits = habits_of(world, seed, contact.phone, contact.country)
    numbers = sorted(order.number for order in contact.orders)
    luck = luck_of(seed, "agent", contact.phone, contact.attempt_number, contact.store_name, *numbers)
    channel = world.channels.agent_call
    rings, talks = within(luck, world.delays.ring), within(luck, world.delays.talk)
    if habits.line is Line.dead:
        return _alike(world, contact, Outcome.unreachable, Disposition.unreachable, rings)
    if luck.random() >= chance_of_answering(world, habits, contact):
        outcome = nobody_there(luck, channel.busy, channel.voicemail)
        return _alike(world, contact, outcome, _UNTAKEN[outcome], rings)
    if habits.line is Line.wrong:
        return _alike(world, contact, Outcome.wrong_number, Disposition.wrong_number, rings, talks / 3)
    if luck.random() < world.detours.get("stop", 0):
        return _alike(world, contact, Outcome.opted_out, Disposition.stop, rings, talks / 3)
    if luck.random() >= channel.decides:
        another_time = contact.at + within(luck, world.delays.call_back)
        asked = _alike(world, contact, Outcome.answered, Disposition.call_back, rings, talks / 3)
        return replace(asked, callback_at=_full_quarter(when_awake(habits, another_time, contact.zone, luck)))
    orders = tuple(_agreed(world, seed, habits, contact, luck, order) for order in contact.orders)
    return _call(world, Outcome.answered, orders, rings, talks)


def _full_quarter(at: datetime) -> datetime:
    # People name times on the quarter; the clocks of all served zones are whole quarters apart.
    floor = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    return floor if floor == at else floor + timedelta(minutes=15)


def _agreed(
    world: World, seed: int, habits: Habits, contact: Contact, luck: Random, order: ContactOrder
) -> OrderAnswer:
    if mind_of(world, seed, habits, contact.phone, order.number) == "cancel":
        return OrderAnswer(order.order_id, Disposition.reject, pick(luck, world.refusals))
    soft = luck.random() < world.soft
    return OrderAnswer(order.order_id, Disposition.confirm, DecisionReason.buyer_confirmed, soft)


def _alike(
    world: World,
    contact: Contact,
    outcome: Outcome,
    disposition: Disposition,
    rings: timedelta,
    talks: timedelta = timedelta(0),
) -> AgentCall:
    orders = tuple(OrderAnswer(order.order_id, disposition) for order in contact.orders)
    return _call(world, outcome, orders, rings, talks)


def _call(
    world: World, outcome: Outcome, orders: tuple[OrderAnswer, ...], rings: timedelta, talks: timedelta
) -> AgentCall:
    minutes = Decimal(round(talks.total_seconds())) / 60
    cost = (world.costs.agent_call + world.costs.agent_minute * minutes).quantize(Decimal("0.000001"))
    seconds = round((rings + talks).total_seconds())
    return AgentCall(outcome, orders[0].disposition, seconds, cost, orders, reason=orders[0].reason)
