"""An order's plan as its page shows it: what is told of it, and the hours between which it had to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.decisions import Decision
from models.orders import Order
from models.reasons import Reason
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import Channel, ContactKind, MessageClass, StepState
from verification.habits.picturing import BuyerWeek
from verification.hours.days import DayHours, day_of
from verification.hours.places import where_of
from verification.hours.week import OpenHour, week_hours
from verification.learning.weeks import week_of_buyer
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_for
from verification.telling.plan import ToldPlan, told_plan, why_not_now

_PAST, _LONGEST, _SHORTEST = timedelta(days=3), timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True)
class Unmade:
    """The contact that was next when the order was decided."""

    channel: Channel
    not_before: datetime
    chance: float | None
    reason: Reason


@dataclass(frozen=True)
class ShownPlan:
    """`told` holds what follows the next contact. `days` are the local days from `begins` to `ends` by kind
    of contact, `hours` those of the coming week. `unmade` and `decided_at` are there once it is decided."""

    told: ToldPlan
    begins: datetime
    ends: datetime
    zone: str
    days: Mapping[ContactKind, tuple[DayHours, ...]]
    hours: Mapping[ContactKind, Mapping[tuple[int, int], OpenHour]]
    week: BuyerWeek
    waits: Reason | None
    unmade: Unmade | None
    decided_at: datetime | None


def show_plan(
    session: Session, order: Order, step: Step | None, first: datetime | None, *, now: datetime
) -> ShownPlan:
    """The plan of an order whose live step is `step` and whose first contact was made at `first`."""
    where = where_of(order.country, order.place)
    told = told_plan(order.plan, order.ladder)
    decided_at = _decided_at(session, order)
    unmade = _unmade(session, order, decided_at) if decided_at else None
    begins, ends = _range(order, told, step, first, decided_at or now)
    reason = Reason.from_json(step.reason) if step else None
    waits = why_not_now(told.waits, reason) if reason and step and step.not_before > now else None
    policy = policy_for(session, session.get_one(Store, order.store_id), order.country)
    calendar, zone = calendar_of(session), ZoneInfo(where.zone)
    first_day, last_day = begins.astimezone(zone).date(), ends.astimezone(zone).date()
    days = [first_day + timedelta(days=ahead) for ahead in range((last_day - first_day).days + 1)]
    return ShownPlan(
        told=told,
        begins=begins,
        ends=ends,
        zone=where.zone,
        days={
            kind: tuple(day_of(where, day, kind, MessageClass.service, policy, calendar) for day in days)
            for kind in ContactKind
        },
        hours={
            kind: week_hours(where, kind, policy, calendar, now.astimezone(zone).date())
            for kind in ContactKind
        },
        week=week_of_buyer(session, order.buyer_id, where, now=now),
        waits=waits,
        unmade=unmade,
        decided_at=decided_at,
    )


def _range(
    order: Order, told: ToldPlan, step: Step | None, first: datetime | None, standing: datetime
) -> tuple[datetime, datetime]:
    """From the order or its first contact to the deadline or what comes later, as far as a picture has room;
    `standing`, now or the decision, is in it."""
    begins = max(min(order.created_at, first or order.created_at), standing - _PAST)
    planned = [rung.not_before for rung in told.rungs] + ([step.not_before] if step else [])
    ends = max([order.decide_by, standing, *planned])
    return begins, max(min(ends, begins + _LONGEST), begins + _SHORTEST)


def _decided_at(session: Session, order: Order) -> datetime | None:
    if order.decision_id is None:
        return None
    return session.get_one(Decision, order.decision_id).decided_at


def _unmade(session: Session, order: Order, decided_at: datetime) -> Unmade | None:
    step = session.scalars(
        select(Step)
        .join(StepOrder, StepOrder.step_id == Step.id)
        .where(
            StepOrder.order_id == order.id,
            Step.state == StepState.cancelled,
            Step.end_reason == "decided",
            Step.ended_at == decided_at,
        )
        .limit(1)
    ).first()
    if step is None:
        return None
    return Unmade(step.channel, step.not_before, step.chance, Reason.from_json(step.reason))
