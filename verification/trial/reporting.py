"""The numbers of the trial, counted by the database: one statement for the arms, one for what the lot chose.

Orders are found by when they were taken in and contacts and decisions by when they were, each by a BRIN index
on that time, so that a window costs what is in it and not what was kept before; a case's first order is found
by the index on buyer and time. Only sums for each country, store and arm leave the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Row,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from models.attempts import Attempt
from models.countries import SERVED
from models.decisions import Decision
from models.orders import Order, Shipment
from models.steps import StepOrder
from models.vocabulary import Arm, AttemptState, Channel, Outcome, ShipmentStatus, Verdict
from verification.policy.stored import policy_book
from verification.trial.layers import CHANNELS, Counted, Spent, Sums

_BY_BUYER = (Verdict.confirmed, Verdict.rejected)
_CAME_BACK = (ShipmentStatus.refused, ShipmentStatus.undeliverable, ShipmentStatus.returned)
_ENDS = (*_CAME_BACK, ShipmentStatus.delivered, ShipmentStatus.partly_returned, ShipmentStatus.exchanged)
_REACHED = (Outcome.answered, Outcome.replied, Outcome.opted_out, Outcome.wrong_number)


@dataclass(frozen=True)
class Window:
    """Orders taken in from `since` on whose deadline is before `until`, in one country or all."""

    since: datetime
    until: datetime
    country: str | None = None

    def cohort(self) -> tuple[ColumnElement[bool], ...]:
        """Which orders count."""
        wanted: tuple[ColumnElement[bool], ...] = (
            Order.created_at >= self.since,
            Order.decide_by <= self.until,
            Order.arm.in_((Arm.learned, Arm.control)),
            ~_joined_a_case(),
        )
        return wanted if self.country is None else (*wanted, Order.country == self.country)


def count_decided(session: Session, window: Window) -> list[Counted]:
    """Cases and those decided in time alone, which is all that watching needs."""
    answers = _answers(window)
    rows = session.execute(
        select(
            Order.country,
            Order.store_id,
            Order.arm,
            func.count().label("cases"),
            func.count().filter(_in_time(answers)).label("decided"),
        )
        .select_from(Order)
        .outerjoin(answers, answers.c.order_id == Order.id)
        .where(*window.cohort())
        .group_by(Order.country, Order.store_id, Order.arm)
    )
    return [
        Counted(row.country, str(row.store_id), Arm(row.arm), row.cases, Spent(row.decided)) for row in rows
    ]


def count_cases(session: Session, window: Window) -> list[Counted]:
    """Everything that is compared, for each country, store and arm.

    A contact costs what its provider asked; an agent's call what the country's policy says, where that is
    more, because nobody sends a bill for an agent's time.
    """
    cases = _cases(session, window)
    layer = (cases.c.country, cases.c.store_id, cases.c.arm)
    sums: list[ColumnElement[Any]] = [
        func.count().label("cases"),
        *_sums("all", cases, cases.c.in_time),
        func.sum(cases.c.all_cost).filter(cases.c.in_time).label("cost_of_decided"),
        func.count().filter(cases.c.complained).label("complaints"),
        func.count().filter(cases.c.parcel.in_(_ENDS)).label("parcels"),
        func.count().filter(cases.c.parcel.in_(_CAME_BACK)).label("returned"),
    ]
    for channel in CHANNELS:
        sums += _sums(channel.value, cases, and_(cases.c.in_time, cases.c.via == channel.value))
    rows = session.execute(select(*layer, *sums).group_by(*layer))
    return [_counted(row) for row in rows]


def _cases(session: Session, window: Window) -> Subquery:
    """A row for each case, with what it had."""
    answers, contacts, parcels = _answers(window), _contacts(session, window), _parcels(window)
    return (
        select(
            Order.country,
            Order.store_id,
            Order.arm,
            func.coalesce(_in_time(answers), literal(value=False)).label("in_time"),
            answers.c.via,
            parcels.c.status.label("parcel"),
            func.coalesce(contacts.c.complained, literal(value=False)).label("complained"),
            *(
                func.coalesce(contacts.c[f"{name}_{what}"], 0).label(f"{name}_{what}")
                for name in ("all", *CHANNELS)
                for what in ("contacts", "cost")
            ),
        )
        .select_from(Order)
        .outerjoin(answers, answers.c.order_id == Order.id)
        .outerjoin(contacts, contacts.c.order_id == Order.id)
        .outerjoin(parcels, parcels.c.order_id == Order.id)
        .where(*window.cohort())
        .subquery()
    )


def _joined_a_case() -> ColumnElement[bool]:
    """Whether an earlier order of the same buyer at the same store was still open when this one came."""
    earlier, decided = aliased(Order), aliased(Decision)
    return exists(
        select(literal(1))
        .select_from(earlier)
        .outerjoin(decided, decided.id == earlier.decision_id)
        .where(
            earlier.buyer_id == Order.buyer_id,
            earlier.store_id == Order.store_id,
            tuple_(earlier.created_at, earlier.id) < tuple_(Order.created_at, Order.id),
            or_(decided.id.is_(None), decided.decided_at > Order.created_at),
        )
        .correlate(Order)
    )


def _answers(window: Window) -> Subquery:
    """What the buyer of each order decided first, also where it was taken back or decided otherwise later."""
    return (
        select(Decision.order_id, Decision.decided_at, Decision.via)
        .where(Decision.decided_at >= window.since, Decision.verdict.in_(_BY_BUYER))
        .ext(distinct_on(Decision.order_id))
        .order_by(Decision.order_id, Decision.decided_at)
        .subquery()
    )


def _in_time(answers: Subquery) -> ColumnElement[bool]:
    return answers.c.decided_at <= Order.decide_by


def _parcels(window: Window) -> Subquery:
    """Where the parcel of each confirmed order stood at last, by the courier."""
    return (
        select(Shipment.order_id, Shipment.status)
        .join(Order, Order.id == Shipment.order_id)
        .join(Decision, Decision.id == Order.decision_id)
        .where(Order.created_at >= window.since, Decision.verdict == Verdict.confirmed)
        .ext(distinct_on(Shipment.order_id))
        .order_by(Shipment.order_id, Shipment.reported_at.desc(), Shipment.received_at.desc())
        .subquery()
    )


def _contacts(session: Session, window: Window) -> Subquery:
    """The contacts about each order, by channel."""
    # Of two million sums those of floating numbers take a third of the time.
    cost = cast(func.greatest(Attempt.cost, _agent_cost(session)), Double)
    columns: list[ColumnElement[Any]] = [
        func.count().label("all_contacts"),
        func.sum(cost).label("all_cost"),
        func.bool_or(Attempt.outcome == Outcome.opted_out).label("complained"),
    ]
    for channel in CHANNELS:
        on_it = Attempt.channel == channel
        columns += [
            func.count().filter(on_it).label(f"{channel}_contacts"),
            func.sum(cost).filter(on_it).label(f"{channel}_cost"),
        ]
    return (
        select(StepOrder.order_id, *columns)
        .join(Attempt, Attempt.step_id == StepOrder.step_id)
        .join(Order, Order.id == StepOrder.order_id)
        .where(Attempt.started_at >= window.since, Order.created_at >= window.since, *made())
        .group_by(StepOrder.order_id)
        .subquery()
    )


def made() -> tuple[ColumnElement[bool], ...]:
    """Contacts that we made: the provider took them, and no buyer called us."""
    not_taken = and_(Attempt.state == AttemptState.failed, Attempt.provider_id.is_(None))
    return not_(not_taken), ~Attempt.called_in


def _agent_cost(session: Session) -> ColumnElement[Any]:
    """What an agent's call costs by its country's policy; 0 of any other contact."""
    book = policy_book(session)
    reached = Attempt.outcome.in_(_REACHED)
    by_country = [
        (Order.country == country, case((reached, ring + talk), else_=ring))
        for country in SERVED
        for policy in [book.policy(country=country)]
        for ring, talk in [(Decimal(policy.agent_cost), Decimal(policy.agent_talk_cost))]
    ]
    return case((Attempt.channel == Channel.agent_call, case(*by_country, else_=0)), else_=0)


def _sums(name: str, cases: Subquery, decided: ColumnElement[bool]) -> list[ColumnElement[Any]]:
    """The sums of one channel, or of all."""
    columns: list[ColumnElement[Any]] = [func.count().filter(decided).label(f"{name}_decided")]
    for what in ("contacts", "cost"):
        each = cases.c[f"{name}_{what}"]
        columns += [
            func.sum(each).label(f"{name}_{what}"),
            func.sum(each * each).label(f"{name}_{what}_squares"),
        ]
    return columns


def _counted(row: Row[Any]) -> Counted:
    found = row._asdict()
    return Counted(
        country=row.country,
        layer=str(row.store_id),
        arm=row.arm,
        cases=row.cases,
        all=_spent(found, "all"),
        channels={each: spent for each in CHANNELS if (spent := _spent(found, each)) != Spent()},
        cost_of_decided=float(row.cost_of_decided or 0),
        complaints=row.complaints,
        parcels=row.parcels,
        returned=row.returned,
    )


def _spent(found: Mapping[str, Any], name: str) -> Spent:
    contacts, cost = (
        Sums(*(float(found[f"{name}_{what}{more}"] or 0) for more in ("", "_squares")))
        for what in ("contacts", "cost")
    )
    return Spent(found[f"{name}_decided"], contacts, cost)
