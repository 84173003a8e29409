"""What contacts cost: by channel, by seller, by what was decided, and for each order confirmed.

Costs are those that the provider asked for contacts begun in a span of time, in US dollars. A contact about
several orders is paid for in equal parts by each; an order counts under the decision that holds now. Where a
provider has not named its price yet, the contact counts with what is known so far and as `unknown`. What the
provider never took is no contact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.sellers import Seller, Store
from models.steps import StepOrder
from models.vocabulary import AttemptState, Channel, Verdict

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """The contacts of one channel, or for one seller; of `unknown` of them the price is still to come."""

    name: str
    contacts: int
    cost: Decimal
    unknown: int
    confirmed: int

    @property
    def each(self) -> Decimal | None:
        """What one contact cost."""
        return self.cost / self.contacts if self.contacts else None

    @property
    def per_confirmed(self) -> Decimal | None:
        """What was spent for each order confirmed; None without any."""
        return self.cost / self.confirmed if self.confirmed else None


@dataclass(frozen=True)
class Verdicts:
    """What the orders cost that came to one verdict, or to none yet (None)."""

    verdict: Verdict | None
    orders: int
    cost: Decimal

    @property
    def each(self) -> Decimal:
        """What one of the orders cost."""
        return self.cost / self.orders


@dataclass(frozen=True)
class Costs:
    """All of it, the dearest first. `all` is the sum; channels, sellers and verdicts each add up to it."""

    since: datetime
    until: datetime
    all: Line
    channels: tuple[Line, ...]
    sellers: tuple[Line, ...]
    verdicts: tuple[Verdicts, ...]


def read_costs(session: Session, *, since: datetime, until: datetime, seller_id: UUID | None = None) -> Costs:
    """What contacts begun from `since` to before `until` cost, of all sellers or of one.

    Confirmed are the orders of which the decision that holds fell in that time; under a channel, those
    confirmed over it. Sellers are named by their slugs.
    """
    begun = and_(Attempt.started_at >= since, Attempt.started_at < until, not_(_not_taken()), *_of(seller_id))
    confirmed = _confirmed(session, since, until, seller_id)
    rows = session.execute(
        select(
            Attempt.channel,
            Seller.slug,
            func.count(),
            func.sum(Attempt.cost),
            func.count().filter(_unknown()),
        )
        .join(Store, Store.id == Attempt.store_id)
        .join(Seller, Seller.id == Store.seller_id)
        .where(begun)
        .group_by(Attempt.channel, Seller.slug)
    ).all()
    spent = [Line("", count, cost, unknown, 0) for _, _, count, cost, unknown in rows]
    channels = {channel.value for channel, *_ in rows} | ({via for via, _ in confirmed} & set(Channel))
    slugs = {slug for _, slug, *_ in rows} | {slug for _, slug in confirmed}
    return Costs(
        since,
        until,
        _sum("", spent, sum(confirmed.values())),
        _dearest(
            _sum(
                name,
                [line for line, (channel, *_) in zip(spent, rows, strict=True) if channel == name],
                sum(count for (via, _), count in confirmed.items() if via == name),
            )
            for name in channels
        ),
        _dearest(
            _sum(
                name,
                [line for line, (_, slug, *_) in zip(spent, rows, strict=True) if slug == name],
                sum(count for (_, slug), count in confirmed.items() if slug == name),
            )
            for name in slugs
        ),
        _by_verdict(session, begun),
    )


def _of(seller_id: UUID | None) -> Sequence[ColumnElement[bool]]:
    if seller_id is None:
        return ()
    return (Attempt.store_id.in_(select(Store.id).where(Store.seller_id == seller_id)),)


def _not_taken() -> ColumnElement[bool]:
    """Whether the provider never took the contact, so that none was made."""
    return and_(Attempt.state == AttemptState.failed, Attempt.provider_id.is_(None))


def _unknown() -> ColumnElement[bool]:
    in_doubt = Attempt.state.in_((AttemptState.sending, AttemptState.uncertain))
    return and_(Attempt.cost_final_at.is_(None), or_(Attempt.provider_id.is_not(None), in_doubt))


def _confirmed(
    session: Session, since: datetime, until: datetime, seller_id: UUID | None
) -> dict[tuple[str, str], int]:
    """How many orders were confirmed, by what they were confirmed over and the seller's slug."""
    asked = (
        select(Decision.via, Seller.slug, func.count())
        .join(Order, Order.decision_id == Decision.id)
        .join(Seller, Seller.id == Order.seller_id)
        .where(
            Decision.verdict == Verdict.confirmed,
            Decision.decided_at >= since,
            Decision.decided_at < until,
        )
        .group_by(Decision.via, Seller.slug)
    )
    if seller_id is not None:
        asked = asked.where(Order.seller_id == seller_id)
    return {(via.value, slug): count for via, slug, count in session.execute(asked)}


def _by_verdict(session: Session, begun: ColumnElement[bool]) -> tuple[Verdicts, ...]:
    others = StepOrder.__table__.alias("others")
    shared = (
        select(func.count())
        .select_from(others)
        .where(others.c.step_id == Attempt.step_id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Decision.verdict, func.count(Order.id.distinct()), func.sum(Attempt.cost / shared))
        .select_from(Attempt)
        .join(StepOrder, StepOrder.step_id == Attempt.step_id)
        .join(Order, Order.id == StepOrder.order_id)
        .outerjoin(Decision, Decision.id == Order.decision_id)
        .where(begun)
        .group_by(Decision.verdict)
    )
    found = (Verdicts(verdict, orders, cost) for verdict, orders, cost in rows)
    return tuple(sorted(found, key=lambda each: (-each.cost, each.verdict or "")))


def _sum(name: str, lines: Sequence[Line], confirmed: int) -> Line:
    return Line(
        name,
        sum(line.contacts for line in lines),
        sum((line.cost for line in lines), _NOTHING),
        sum(line.unknown for line in lines),
        confirmed,
    )


def _dearest(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.cost, line.name)))
