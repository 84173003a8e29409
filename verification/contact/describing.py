"""What a contact is about: read for many steps at once, because every contact needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from channels.protocol import Contact, ContactOrder, From
from models.attempts import Attempt
from models.buyers import ContactPoint
from models.money import decimal_text
from models.orders import Order
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import AttemptState, MessageClass
from verification.hours.calendar import Calendar
from verification.hours.deciding import closes_at
from verification.hours.places import where_of
from verification.hours.where import Where
from verification.planning.permission import kind_of
from verification.policy.calendars import calendar_of
from verification.policy.stored import PolicyBook, policy_book
from verification.policy.values import Policy
from verification.steps.covering import orders_by_step

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_same = aliased(StepOrder)
# Built once, because every contact asks it.
_MADE = (
    select(StepOrder.step_id, func.count(Attempt.id.distinct()))
    .join(_same, _same.order_id == StepOrder.order_id)
    .join(Step, Step.id == StepOrder.step_id)
    .join(Attempt, (Attempt.step_id == _same.step_id) & (Attempt.channel == Step.channel))
    .where(
        StepOrder.step_id == any_(_IDS),
        Attempt.step_id != StepOrder.step_id,
        Attempt.state != AttemptState.failed,
    )
    .group_by(StepOrder.step_id)
)
_STORES = select(Store).where(Store.id == any_(_IDS))
_POINTS = select(ContactPoint).where(ContactPoint.id == any_(_IDS)).order_by(ContactPoint.id)
_LOCKED_POINTS = _POINTS.with_for_update(key_share=True)


@dataclass(frozen=True)
class Ground:
    """What the contacts of some steps stand on; `made` counts the contacts before them on their channel."""

    stores: Mapping[UUID, Store]
    points: Mapping[UUID, ContactPoint]
    orders: Mapping[UUID, list[Order]]
    made: Mapping[UUID, int]
    book: PolicyBook
    calendar: Calendar

    def policy(self, step: Step) -> Policy:
        """The values that hold for a step."""
        store = self.stores[step.store_id]
        return self.book.policy(store_id=store.id, seller_id=store.seller_id, country=step.country)

    def where(self, step: Step) -> Where:
        """Where its buyer is, as far as known."""
        return where_of(step.country, step.place)

    def describe(
        self,
        step: Step,
        attempt: Attempt,
        *,
        at: datetime,
        link: str | None = None,
        sender: From | None = None,
    ) -> Contact:
        """The contact that the attempt makes, without wording."""
        store, orders, policy = self.stores[step.store_id], self.orders[step.id], self.policy(step)
        point = self.points.get(step.contact_point_id) if step.contact_point_id else None
        where, kind = self.where(step), kind_of(step.channel)
        return Contact(
            reference=attempt.reference,
            channel=step.channel,
            phone=(point.phone if point else None) or "",
            language=orders[0].language or "ar",
            country=step.country,
            zone=where.zone,
            store_name=store.display_name,
            orders=tuple(_asked_about(order) for order in orders),
            attempt_number=self.made.get(step.id, 0) + 1,
            at=at,
            valid_until=closes_at(kind, MessageClass.service, where, policy, self.calendar, at),
            link=link,
            sender=sender,
            may_record=policy.record_calls,
            ring_seconds=policy.ring_seconds,
        )


def _asked_about(order: Order) -> ContactOrder:
    return ContactOrder(
        order.id,
        order.number or order.external_id,
        decimal_text(order.total_minor, order.currency),
        order.currency,
        tuple(item.title for item in order.items),
    )


def ground_of(session: Session, steps: Sequence[Step], *, locking_phones: bool = False) -> Ground:
    """Read it; the phones are locked on request, because several buyers may share one."""
    step_ids = [step.id for step in steps]
    points = sorted({step.contact_point_id for step in steps if step.contact_point_id})
    stores = session.scalars(_STORES, {"ids": list({step.store_id for step in steps})})
    phones = _LOCKED_POINTS if locking_phones else _POINTS
    return Ground(
        stores={store.id: store for store in stores},
        points={point.id: point for point in session.scalars(phones, {"ids": points})} if points else {},
        orders=orders_by_step(session, step_ids, with_items=True),
        made=dict(session.execute(_MADE, {"ids": step_ids}).all()),
        book=policy_book(session),
        calendar=calendar_of(session),
    )


def contact_of(session: Session, attempt: Attempt) -> Contact:
    """The contact that an attempt made, told again; without its link and wording."""
    step = session.get_one(Step, attempt.step_id)
    sender = From(attempt.sender) if attempt.sender else None
    return ground_of(session, [step]).describe(step, attempt, at=attempt.started_at, sender=sender)
