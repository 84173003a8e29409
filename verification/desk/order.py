"""Everything about one order, for whoever looks it up; and its numbers in full, which leaves a trace."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from models.buyers import Buyer, ContactPoint
from models.decisions import Decision
from models.diary import DiaryEntry
from models.messages import Message, MessageBody
from models.orders import Order, OrderContactPoint, Shipment
from models.phones import mask
from models.promises import Promise
from models.reasons import Reason
from models.sellers import Seller, Store
from models.steps import Step, StepOrder
from models.users import User
from models.vocabulary import OrderState
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.desk.case import shown_buyer
from verification.desk.orders import Known, address_of, items_of, known_order, missing_of, number_of
from verification.desk.seller_words import seller_words
from verification.desk.shown_order import (
    DiaryLine,
    NextContact,
    OrderPage,
    PastDecision,
    ShownPhone,
    ShownPromise,
    ShownShipment,
)
from verification.desk.shown_plan import show_plan
from verification.desk.thread import contacts_of, thread_of, user_holder
from verification.hours.places import where_of
from verification.routing.waiting import provider_is_out, told_reason
from verification.telling.state import order_state


def show_order(session: Session, order_id: UUID, *, now: datetime) -> OrderPage | None:
    """The page of an order as it stands; None for an unknown id. Phones are masked, whoever looks."""
    known = known_order(session, order_id)
    if known is None:
        return None
    order = known.order
    buyer, store, seller, state = session.execute(
        select(Buyer, Store, Seller, order_state())
        .select_from(Order)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .join(Store, Store.id == Order.store_id)
        .join(Seller, Seller.id == Order.seller_id)
        .where(Order.id == order_id)
    ).one()
    step, next_contact = _next_contact(session, order_id)
    contacts = contacts_of(session, [order_id])
    first = contacts[0].at if contacts else None
    return OrderPage(
        id=order.id,
        number=number_of(order),
        external_id=order.external_id,
        seller_name=seller.name,
        store_name=store.display_name,
        country=order.country,
        zone=where_of(order.country, order.place).zone,
        placed_at=order.placed_at,
        created_at=order.created_at,
        decide_by=order.decide_by,
        ship_by=order.ship_by,
        currency=order.currency,
        total_minor=order.total_minor,
        items=items_of(order),
        note=order.details.note if order.details else None,
        address=address_of(order.details),
        missing=missing_of(order),
        flags=tuple(Reason.from_json(flag) for flag in order.flags),
        state=OrderState(state),
        standing=known.standing,
        disputed=known.disputed,
        buyer=shown_buyer(session, buyer, [known]),
        phones=_phones(session, order_id),
        next_contact=next_contact,
        plan=show_plan(session, order, step, first, now=now),
        decisions=_decisions(session, known),
        contacts=contacts,
        thread=thread_of(session, order.buyer_id, seller.id),
        seller_words=seller_words(session, [order_id])[order_id],
        promises=_promises(session, order_id),
        shipments=_shipments(session, order_id),
        diary=_diary(session, order_id),
    )


def reveal(session: Session, agent: SignedIn, order_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """The numbers of an order (E.164), in the order in which they are tried; who asked stands in the diary.

    Empty, and without a trace, when the order is unknown or no number of it is kept.
    """
    phones = tuple(phone for phone, _ in _numbers(session, order_id))
    if phones:
        diary.write(
            session, at=now, kind="contact", actor=agent.holder, code="number_revealed", order_id=order_id
        )
        session.flush()
    return phones


def _numbers(session: Session, order_id: UUID) -> Sequence[tuple[str, bool]]:
    rows = session.execute(
        select(ContactPoint.phone, OrderContactPoint.refused_at)
        .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
        .where(OrderContactPoint.order_id == order_id)
        .order_by(OrderContactPoint.position, ContactPoint.id)
    )
    return [(phone, refused_at is not None) for phone, refused_at in rows if phone is not None]


def _phones(session: Session, order_id: UUID) -> tuple[ShownPhone, ...]:
    return tuple(ShownPhone(mask(phone), refused) for phone, refused in _numbers(session, order_id))


def _next_contact(session: Session, order_id: UUID) -> tuple[Step | None, NextContact | None]:
    row = session.execute(
        select(Step, User.name)
        .join(StepOrder, StepOrder.step_id == Step.id)
        .outerjoin(User, user_holder() == Step.lease_holder)
        .where(StepOrder.order_id == order_id, StepOrder.live)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None, None
    step, name = row
    reason = Reason.from_json(told_reason(step, is_out=provider_is_out(session, [step])))
    return step, NextContact(step.id, step.channel, step.not_before, reason, name, step.chosen, step.chance)


def _decisions(session: Session, known: Known) -> tuple[PastDecision, ...]:
    said = cast(Message.id, Text) == Decision.proof["message_id"].astext
    words = (
        select(MessageBody.body)
        .join(Message, Message.id == MessageBody.message_id)
        .where(said, Message.buyer_id == known.order.buyer_id)
        .correlate(Decision)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Decision, User.name, words)
        .outerjoin(User, user_holder() == Decision.actor)
        .where(Decision.order_id == known.order.id)
        .order_by(Decision.decided_at, Decision.id)
    )
    return tuple(
        PastDecision(
            verdict=decision.verdict,
            reason=decision.reason,
            via=decision.via,
            soft=decision.soft,
            at=decision.decided_at,
            actor=_kind_of(decision.actor),
            by=name,
            proof=decision.proof,
            words=body,
            changes=decision.changes,
            is_current=decision.id == known.order.decision_id,
        )
        for decision, name, body in rows
    )


def _promises(session: Session, order_id: UUID) -> tuple[ShownPromise, ...]:
    rows = session.execute(
        select(Promise, User.name)
        .outerjoin(User, user_holder() == Promise.made_by)
        .where(Promise.order_id == order_id)
        .order_by(Promise.made_at, Promise.id)
    )
    return tuple(
        ShownPromise(made.promised_at, made.made_at, name, made.via, made.result) for made, name in rows
    )


def _shipments(session: Session, order_id: UUID) -> tuple[ShownShipment, ...]:
    reports = session.scalars(
        select(Shipment)
        .where(Shipment.order_id == order_id)
        .order_by(Shipment.reported_at, Shipment.received_at, Shipment.id)
    )
    return tuple(
        ShownShipment(each.reported_at, each.status, each.status_raw, each.carrier, each.tracking)
        for each in reports
    )


def _diary(session: Session, order_id: UUID) -> tuple[DiaryLine, ...]:
    rows = session.execute(
        select(DiaryEntry, User.name)
        .outerjoin(User, user_holder() == DiaryEntry.actor)
        .where(DiaryEntry.order_id == order_id)
        .order_by(DiaryEntry.id)
    )
    return tuple(
        DiaryLine(line.at, line.kind, _kind_of(line.actor), name, Reason(line.code, line.params))
        for line, name in rows
    )


def _kind_of(actor: str) -> str:
    return actor.partition(":")[0]
