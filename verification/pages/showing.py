"""What the buyer's page shows; looking changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.buyers import ContactPoint
from models.drafts import ADDRESS_LINES
from models.orders import Item, Order, OrderContactPoint
from models.pages import PageLink
from models.sellers import Store
from models.steps import StepOrder
from models.vocabulary import Channel
from verification.decision.ruling import Standing
from verification.decision.taking import standing_of
from verification.hours.places import where_of
from verification.planning.facts import Known, known_of, place_of_case
from verification.planning.permission import counted, permit
from verification.planning.slots import call_slots
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_for

_SHOWN_DIGITS = 3
_SILENT = frozenset({Channel.sms, Channel.whatsapp})
FINAL = (Standing.shipped, Standing.withdrawn)
"""Where it is too late for any choice of the buyer's."""
_AREAS = ("city", "district")


@dataclass(frozen=True)
class ShownOrder:
    """One order as its buyer may see it.

    `address` holds the lines that are filled in, None when they are no longer kept; once nothing can be
    changed any more, only the area. `call_at` is a promised call (aware UTC), `will_call` one without a time.
    """

    id: UUID
    number: str
    standing: Standing
    asked_since: datetime
    currency: str
    total_minor: int
    items: Sequence[Item]
    country: str
    address: Mapping[str, str] | None
    call_at: datetime | None
    will_call: bool

    @property
    def content(self) -> str:
        """A name of what the buyer is asked about, another one after each correction of it."""
        return self.asked_since.isoformat()

    @property
    def charges_minor(self) -> int:
        """What the total adds to the items, for delivery above all; below zero for a discount."""
        return self.total_minor - sum(item.quantity * item.unit_price_minor for item in self.items)

    @property
    def is_open(self) -> bool:
        """Whether a yes would be a decision."""
        return self.standing in (Standing.open, Standing.unreachable)

    @property
    def is_final(self) -> bool:
        """Whether it is too late for any choice."""
        return self.standing in FINAL

    @property
    def can_be_cancelled(self) -> bool:
        """Whether a no would be a decision."""
        return self.standing is not Standing.rejected and not self.is_final

    @property
    def can_be_corrected(self) -> bool:
        """Whether another address would still be of use."""
        return self.can_be_cancelled and self.address is not None


@dataclass(frozen=True)
class Shown:
    """The page behind a link: the orders of its contact, and what else may be asked for.

    `phone_end` are the last digits of the number that was contacted; `slots` the times (aware UTC, of
    `zone`) at which a call may be promised; `silenced` says that no more messages go to that number.
    """

    store_name: str
    language: str | None
    zone: str
    phone_end: str
    orders: Sequence[ShownOrder]
    slots: Sequence[datetime]
    silenced: bool


def show(session: Session, link: PageLink, now: datetime) -> Shown | None:
    """What the link opens; None when nothing is left that concerns whoever was contacted.

    An order that was corrected to another number, or whose buyer this number is not, is not shown any more.
    """
    attempt = session.get_one(Attempt, link.attempt_id)
    point = session.get(ContactPoint, attempt.contact_point_id) if attempt.contact_point_id else None
    if point is None or point.phone is None:
        return None
    orders = _orders(session, attempt, point)
    if not orders:
        return None
    known = known_of(session, [point.id], now)[point.id]
    return Shown(
        store_name=session.get_one(Store, attempt.store_id).display_name,
        language=orders[0].language,
        zone=where_of(orders[0].country, place_of_case(orders)).zone,
        phone_end=point.phone[-_SHOWN_DIGITS:],
        orders=[_shown(session, order) for order in orders],
        slots=_slots(session, [order for order in orders if order.decision_id is None], known, now),
        silenced=known.opted_out >= _SILENT,
    )


def _orders(session: Session, attempt: Attempt, point: ContactPoint) -> Sequence[Order]:
    return session.scalars(
        select(Order)
        .join(StepOrder, StepOrder.order_id == Order.id)
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(
            StepOrder.step_id == attempt.step_id,
            Order.buyer_id == attempt.buyer_id,
            OrderContactPoint.contact_point_id == point.id,
            OrderContactPoint.refused_at.is_(None),
        )
        .order_by(Order.created_at, Order.id)
    ).all()


def _shown(session: Session, order: Order) -> ShownOrder:
    standing = standing_of(session, order)
    wish = order.wish if standing is Standing.open else None
    at = (wish or {}).get("at")
    reviewed = standing is not Standing.open and _has_live_step(session, order.id)
    return ShownOrder(
        id=order.id,
        number=order.number or order.external_id,
        standing=standing,
        asked_since=order.asked_since,
        currency=order.currency,
        total_minor=order.total_minor,
        items=order.items,
        country=order.country,
        address=_address(order, standing),
        call_at=datetime.fromisoformat(at) if at else None,
        will_call=reviewed or (wish is not None and at is None),
    )


def _address(order: Order, standing: Standing) -> Mapping[str, str] | None:
    if order.details is None:
        return None
    lines = _AREAS if standing in FINAL else ADDRESS_LINES
    return {name: line for name in lines if (line := getattr(order.details, name))}


def _has_live_step(session: Session, order_id: UUID) -> bool:
    covering = select(StepOrder.step_id).where(StepOrder.order_id == order_id, StepOrder.live)
    return session.scalar(covering) is not None


def _slots(session: Session, orders: Sequence[Order], known: Known, now: datetime) -> Sequence[datetime]:
    """Hours that the policy allows for a call in time for all open orders, less those that caps forbid."""
    if not orders or Channel.agent_call in known.opted_out:
        return ()
    country = orders[0].country
    policy = policy_for(session, session.get_one(Store, orders[0].store_id), country)
    where, calendar = where_of(country, place_of_case(orders)), calendar_of(session)
    touches = counted(known.touches, owed=True)
    until = min(order.decide_by for order in orders)
    return tuple(
        at
        for at in call_slots(where, policy, calendar, now, until)
        if permit(Channel.agent_call, touches, policy, where, at, calendar=calendar, until=until).at == at
    )
