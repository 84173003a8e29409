"""The orders behind each number of the board, page by page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order, OrderDetails
from models.reasons import Reason
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import Channel, OrderState, Verdict
from verification.board.causes import Cause, TimeLeft, open_orders
from verification.telling.plan import told_plan, why_not_now
from verification.telling.state import order_state

ON_A_PAGE = 50


class CursorRefused(Exception):
    """A cursor that no page of ours ended with."""


class Today(StrEnum):
    """What happened to an order today."""

    received = "received"
    contacted = "contacted"
    confirmed = "confirmed"
    rejected = "rejected"
    unreachable = "unreachable"
    waived = "waived"
    withdrawn = "withdrawn"


@dataclass(frozen=True)
class Wanted:
    """Which orders to list; all conditions hold together, and none at all means every undecided order.

    `agent` holds a case of the order now, or has called about it today; by `channel` a contact was begun
    today. Beside a verdict of `today` they are who decided, and by what.
    """

    cause: Cause | None = None
    country: str | None = None
    time_left: TimeLeft | None = None
    state: OrderState | None = None
    today: Today | None = None
    agent: UUID | None = None
    channel: Channel | None = None

    @property
    def is_open(self) -> bool:
        """Whether only undecided orders are meant."""
        return bool(self.cause or self.time_left) or not (self.state or self.happened)

    @property
    def happened(self) -> bool:
        """Whether only orders with which something happened today are meant."""
        return bool(self.today or self.agent or self.channel)


@dataclass(frozen=True)
class NextContact:
    """The contact that is planned, at the earliest at `not_before`; `waits` says why it is not made now."""

    channel: Channel
    not_before: datetime
    reason: Reason
    chance: float | None
    waits: Reason | None


@dataclass(frozen=True)
class BoardOrder:
    """One order of a list; `cause` and `next` are None once it is decided, `city` when it is not known."""

    id: UUID
    number: str
    store: str
    country: str
    city: str | None
    placed_at: datetime
    decide_by: datetime
    state: OrderState
    cause: Cause | None
    next: NextContact | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Some orders, the nearest deadline first; `count` is of all pages, `following` None on the last."""

    count: int
    orders: tuple[BoardOrder, ...]
    following: str | None


def list_orders(
    session: Session,
    wanted: Wanted,
    *,
    since: datetime,
    now: datetime,
    cursor: str | None = None,
    provider: str | None = None,
) -> Page:
    """One page of the orders wanted; today began at `since`, `provider` as in `open_orders`.

    Raises `CursorRefused`.
    """
    # Counted in the same question, so that the orders are gone through once.
    found = _found(wanted, since, now, provider).cte("found")
    count = select(func.count()).select_from(found).scalar_subquery()
    query = select(found.c.decide_by, found.c.id, count)
    if cursor is not None:
        query = query.where(tuple_(found.c.decide_by, found.c.id) > tuple_(*_read_cursor(cursor)))
    rows = session.execute(query.order_by(found.c.decide_by, found.c.id).limit(ON_A_PAGE + 1)).all()
    page = rows[:ON_A_PAGE]
    return Page(
        count=page[0][2] if page else 0,
        orders=_shown(session, [row.id for row in page], now, provider),
        following=_cursor(page[-1].decide_by, page[-1].id) if len(rows) > ON_A_PAGE else None,
    )


def _found(wanted: Wanted, since: datetime, now: datetime, provider: str | None) -> Select[Any]:
    """Id and deadline of every order that is wanted."""
    of: Any = open_orders(now, provider=provider).c if wanted.is_open else Order
    query = select(of.id, of.decide_by)
    if wanted.cause is not None:
        query = query.where(of.cause == wanted.cause.value)
    if wanted.time_left is not None:
        query = query.where(of.time_left == wanted.time_left.value)
    if wanted.country is not None:
        query = query.where(of.country == wanted.country)
    if wanted.is_open and (wanted.state or wanted.happened):
        query = query.join(Order, Order.id == of.id)
    if wanted.state is not None:
        query = query.where(order_state() == wanted.state.value)
    if wanted.happened:
        query = query.where(_done(wanted, since))
    return query


def _done(wanted: Wanted, since: datetime) -> ColumnElement[bool]:
    today, channel = wanted.today, wanted.channel
    holder = None if wanted.agent is None else f"agent:{wanted.agent}"
    if today is not None and today.value in list(Verdict):
        decided = exists().where(
            Decision.id == Order.decision_id, Decision.verdict == today.value, Decision.decided_at >= since
        )
        if channel is not None:
            decided = decided.where(Decision.via == channel.value)
        return decided if holder is None else decided.where(Decision.actor == holder)
    if today is Today.received and holder is None and channel is None:
        return Order.created_at >= since
    tried = exists().where(
        StepOrder.order_id == Order.id, Attempt.step_id == StepOrder.step_id, Attempt.started_at >= since
    )
    if channel is not None:
        tried = tried.where(Attempt.channel == channel)
    if holder is not None:
        tried = tried.where(Attempt.holder == holder)
    if today is Today.received:
        return (Order.created_at >= since) & tried
    if today is Today.contacted or holder is None:
        return tried
    held = exists().where(
        StepOrder.order_id == Order.id,
        StepOrder.live,
        Step.id == StepOrder.step_id,
        Step.lease_holder == holder,
    )
    if channel is not None:
        held = held.where(Step.channel == channel)
    return or_(tried, held)


def _shown(
    session: Session, ids: Sequence[UUID], now: datetime, provider: str | None
) -> tuple[BoardOrder, ...]:
    waiting = open_orders(now, ids, provider=provider)
    rows = session.execute(
        select(
            Order.id,
            func.coalesce(Order.number, Order.external_id).label("number"),
            Store.display_name,
            Order.country,
            OrderDetails.city,
            Order.placed_at,
            Order.decide_by,
            order_state().label("state"),
            waiting.c.cause,
            waiting.c.channel,
            waiting.c.not_before,
            waiting.c.reason,
            waiting.c.chance,
            Order.plan,
            Decision.decided_at,
        )
        .select_from(Order)
        .join(Store, Store.id == Order.store_id)
        .outerjoin(OrderDetails, OrderDetails.order_id == Order.id)
        .outerjoin(waiting, waiting.c.id == Order.id)
        .outerjoin(Decision, Decision.id == Order.decision_id)
        .where(Order.id.in_(ids))
        .order_by(Order.decide_by, Order.id)
    )
    return tuple(
        BoardOrder(
            id=row.id,
            number=row.number,
            store=row.display_name,
            country=row.country,
            city=row.city,
            placed_at=row.placed_at,
            decide_by=row.decide_by,
            state=OrderState(row.state),
            cause=None if row.cause is None else Cause(row.cause),
            next=None if row.channel is None else _next(row, now),
            decided_at=row.decided_at,
        )
        for row in rows
    )


def _next(row: Any, now: datetime) -> NextContact:
    reason = Reason.from_json(row.reason)
    waits = why_not_now(told_plan(row.plan, ()).waits, reason) if row.not_before > now else None
    return NextContact(row.channel, row.not_before, reason, row.chance, waits)


def _cursor(decide_by: datetime, order_id: UUID) -> str:
    return urlsafe_b64encode(f"{decide_by.isoformat()} {order_id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        decide_by, _, order_id = urlsafe_b64decode(padded).decode().partition(" ")
        at, last_id = datetime.fromisoformat(decide_by), UUID(order_id)
    except ValueError:
        raise CursorRefused from None
    if at.tzinfo is None:
        raise CursorRefused
    return at, last_id
