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


def open_cases(session: Session, now: datetime) -> Iterator[OpenCase]:
    """Every case with undecided orders, read in batches and without locks; nothing is changed.

    Orders that have had all the contacts that they may have are left out.
    """
    last: UUID | None = None
    while True:
        page = _OPEN_BUYERS if last is None else _OPEN_BUYERS.where(Order.buyer_id > last)
        buyers = session.scalars(page.limit(_BATCH)).all()
        if not buyers:
            return
        yield from _of_buyers(session, buyers, now)
        last = buyers[-1]


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
