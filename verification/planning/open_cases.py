"""All cases that still need contacts, for whoever looks at the work to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orders import Order
from models.vocabulary import Arm
from verification.planning.case import CaseFacts
from verification.planning.facts import case_facts, read_facts
from verification.planning.insights import read_insights
from verification.policy.stored import policy_book
from verification.policy.values import Policy

_BATCH = 500
_OPEN_BUYERS = select(Order.buyer_id).where(Order.decision_id.is_(None)).distinct().order_by(Order.buyer_id)
_OPEN = (
    select(Order)
    .where(Order.decision_id.is_(None))
    .order_by(Order.buyer_id, Order.store_id, Order.country, Order.created_at, Order.id)
)
_same_case = attrgetter("buyer_id", "store_id", "country")


@dataclass(frozen=True)
class OpenCase:
    """The undecided orders of one buyer at one store, oldest first, as they are planned together.

    `facts` hold an insight unless the case is on the fixed schedule (its oldest order's `arm`).
    """

    buyer_id: UUID
    store_id: UUID
    orders: tuple[Order, ...]
    facts: CaseFacts
    policy: Policy


def open_buyers(session: Session) -> Sequence[UUID]:
    """Everybody with an undecided order."""
    return session.scalars(_OPEN_BUYERS).all()


def open_cases(
    session: Session, now: datetime, buyer_ids: Sequence[UUID] | None = None
) -> Iterator[OpenCase]:
    """Every case with undecided orders, of these buyers or of all; read in batches and without locks, and
    nothing is changed.

    Orders that have had all the contacts that they may have are left out.
    """
    wanted = open_buyers(session) if buyer_ids is None else buyer_ids
    for first in range(0, len(wanted), _BATCH):
        yield from _of_buyers(session, wanted[first : first + _BATCH], now)


def _of_buyers(session: Session, buyer_ids: Sequence[UUID], now: datetime) -> Iterator[OpenCase]:
    orders = session.scalars(_OPEN.where(Order.buyer_id.in_(buyer_ids))).all()
    read, book = read_facts(session, [order.id for order in orders], now), policy_book(session)
    insights = read_insights(session, buyer_ids, now)
    for (buyer_id, store_id, country), group in groupby(orders, _same_case):
        case = list(group)
        policy = book.policy(store_id=store_id, seller_id=case[0].seller_id, country=country)
        going_on = tuple(order for order in case if len(read.past[order.id]) < policy.max_attempts_per_order)
        if going_on:
            is_learned = case[0].arm is Arm.learned
            facts = case_facts(read, going_on, insights if is_learned else None)
            yield OpenCase(buyer_id, store_id, going_on, facts, policy)
