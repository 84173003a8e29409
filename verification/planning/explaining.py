"""Everything that an order's plan rests on, for whoever asks why; looking changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.orders import Order
from models.sellers import Store
from models.vocabulary import Channel
from verification.habits.picturing import BuyerWeek
from verification.learning.weeks import week_of_buyer
from verification.planning.case import CaseFacts, Point
from verification.planning.choosing import asked_of, terms_of
from verification.planning.facts import case_facts, read_facts
from verification.planning.insights import read_insights
from verification.planning.opening import Action, alone
from verification.planning.permission import permit
from verification.planning.plan import plan
from verification.planning.planned import Ladder, Plan
from verification.planning.schedule import ladder_by_schedule
from verification.policy.stored import policy_for
from verification.policy.values import Policy
from verification.slots.asking import HOUR, Terms
from verification.slots.ladder import plan_batch
from verification.telling.plan import ToldPlan, told_plan
from verification.trial.stopping import standing_stop

_SOON = timedelta(days=1)


class Unknown(Exception):
    """No order has this id, number or external id."""


class Ambiguous(Exception):
    """Several orders have this number or external id; `order_ids` names the latest of them."""

    def __init__(self, order_ids: Sequence[UUID]) -> None:
        super().__init__("several orders")
        self.order_ids = order_ids


@dataclass(frozen=True)
class Chance:
    """A contact at the first instant at which it may be made, and the chance of a decision by it."""

    channel: Channel
    at: datetime
    chance: float


@dataclass(frozen=True)
class Explained:
    """An undecided order and the others of its case (`together`, itself counted).

    `kept` is the plan that stands. `week` is what is known of the buyer; `chances` are those of a contact as
    soon as may be when the last one has had its time, none without a number (`has_number`); `learned` and
    `schedule` what either way of choosing would plan now. `agent_prices` are the hours (aware UTC) of the
    next day in which an agent's time counts more than once.
    """

    order: Order
    zone: str
    together: int
    stopped: bool
    kept: ToldPlan
    week: BuyerWeek
    has_number: bool
    chances: tuple[Chance, ...]
    learned: Plan
    schedule: Ladder
    terms: Terms
    agent_prices: Mapping[datetime, float]


def order_named(session: Session, text: str) -> Order:
    """The order of that id, number or external id. Raises `Unknown` and `Ambiguous`."""
    try:
        order = session.get(Order, UUID(text))
    except ValueError:
        order = None
    if order is not None:
        return order
    bare = text.strip().lstrip("#").strip()
    if not bare or "\0" in bare:
        raise Unknown
    found = session.scalars(
        select(Order)
        .where(or_(Order.is_named(bare), Order.is_named(f"#{bare}")))
        .order_by(Order.created_at.desc(), Order.id.desc())
        .limit(10)
    ).all()
    if not found:
        raise Unknown
    if len(found) > 1:
        raise Ambiguous([each.id for each in found])
    return found[0]


def explain(session: Session, order: Order, *, now: datetime) -> Explained:
    """Why an undecided order is contacted as it is, as both ways of choosing see it now."""
    case = session.scalars(
        select(Order)
        .where(
            Order.buyer_id == order.buyer_id,
            Order.store_id == order.store_id,
            Order.country == order.country,
            Order.decision_id.is_(None),
        )
        .order_by(Order.created_at, Order.id)
    ).all()
    policy = policy_for(session, session.get_one(Store, order.store_id), order.country)
    insights = read_insights(session, [order.buyer_id], now)
    facts = case_facts(read_facts(session, [each.id for each in case], now), case, insights)
    where = facts.where
    return Explained(
        order=order,
        zone=where.zone,
        together=len(case),
        stopped=standing_stop(session) is not None,
        kept=told_plan(order.plan, order.ladder),
        week=week_of_buyer(session, order.buyer_id, where, now=now),
        has_number=any(point.usable for point in facts.points),
        chances=_chances(facts, policy, now),
        learned=plan(facts, policy, now),
        schedule=ladder_by_schedule(replace(facts, insight=None), policy, now),
        terms=terms_of(policy),
        agent_prices={
            hour: price
            for hour, price in sorted(insights.prices.items())
            if price > 1 and now - HOUR < hour < now + _SOON
        },
    )


def _chances(facts: CaseFacts, policy: Policy, now: datetime) -> tuple[Chance, ...]:
    """On each channel that the first usable phone still has, as soon as it may be."""
    point = next((point for point in facts.points if point.usable), None)
    if point is None or facts.insight is None or facts.decide_by <= now:
        return ()
    terms, asked = terms_of(policy), asked_of(facts, point, policy, now)
    actions = _actions(facts, point, policy, asked.now)
    lone = [alone(asked, terms, action) for action in actions]
    plans = [plan_batch(facts.insight.model, [each], its_terms)[0] for each, its_terms in lone]
    return tuple(
        Chance(action.channel, action.at, found.rungs[0].chance)
        for action, found in zip(actions, plans, strict=True)
        if found.rungs
    )


def _actions(facts: CaseFacts, point: Point, policy: Policy, since: datetime) -> list[Action]:
    found = []
    for channel in terms_of(policy).caps:
        at = permit(
            channel, point.touches, policy, facts.where, since, calendar=facts.calendar, until=facts.decide_by
        ).at
        if channel in point.usable and at is not None and at < facts.decide_by:
            found.append(Action(channel, at))
    return found
