"""A buyer calls us: matched to the orders that wait for an answer, and written down as a contact."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import Arrival
from models.attempts import Attempt
from models.base import new_id
from models.buyers import BuyerSign, ContactPoint
from models.messages import Message
from models.orders import Order, OrderContactPoint
from models.reasons import Reason
from models.secrecy import Keyring
from models.senders import Sender
from models.steps import Step, StepOrder
from models.vocabulary import (
    AttemptState,
    Channel,
    InboundState,
    Outcome,
    Purpose,
    SenderKind,
    SignOfLife,
    StepState,
)
from verification import diary
from verification.decision.ruling import Standing
from verification.decision.taking import standing_of
from verification.hours.places import where_of
from verification.hours.regime import local_hour_of_week, regime_at
from verification.outcome.storing import quarantine, store_once
from verification.planning.facts import past_of, place_of_case
from verification.planning.scheduling import lock_buyer, plan_case
from verification.policy.calendars import calendar_of
from verification.reachability import note_reached

ASKED, DECIDED = "called_us", "called_us_decided"
"""The reason of the step that a call in is kept under: orders waited for an answer, or none did any more."""

_CALL_LASTS = timedelta(minutes=3)
_OURS_NO_MORE = (Standing.shipped, Standing.withdrawn)


def call_in(session: Session, arrival: Arrival, keys: Keyring, *, now: datetime) -> str | None:
    """Take a call that came in; the reference of the contact that it became, None for an unknown caller.

    It counts as reached, and an agent calls soon unless the buyer presses a key: what they press goes
    through `take_in` under the reference. The same call again changes nothing and has the same answer.
    """
    event = store_once(session, arrival.source, arrival.external_id, kind="call", raw=arrival.raw, now=now)
    if event is None:
        return session.scalar(
            select(Attempt.reference).where(
                Attempt.provider == arrival.source, Attempt.provider_id == arrival.provider_id
            )
        )
    point = session.scalars(
        select(ContactPoint).where(
            ContactPoint.phone_hash == keys.phone_hash(arrival.phone), ContactPoint.erased_at.is_(None)
        )
    ).one_or_none()
    attempt = _take(session, arrival, point, now) if point is not None else None
    if attempt is None:
        quarantine(session, event, "unknown_caller")
        return None
    event.state, event.attempt_id = InboundState.applied, attempt.id
    session.flush()
    return attempt.reference


def _take(session: Session, arrival: Arrival, point: ContactPoint, now: datetime) -> Attempt | None:
    lock_buyer(session, point.buyer_id)
    orders = list(_orders_of(session, point))
    waiting = [order for order in orders if order.decision_id is None]
    if waiting:
        asked_about = _one_case(session, arrival, point, waiting)
        attempt = _write(session, arrival, point, asked_about, ASKED, now)
        _have_called(asked_about, now)
        plan_case(session, attempt.buyer_id, attempt.store_id, now=now)
        return attempt
    decided = [order for order in orders if standing_of(session, order) not in _OURS_NO_MORE]
    return _write(session, arrival, point, decided[-1:], DECIDED, now) if decided else None


def _orders_of(session: Session, point: ContactPoint) -> Sequence[Order]:
    """The caller's orders on this phone, oldest first."""
    return session.scalars(
        select(Order)
        .join(OrderContactPoint, OrderContactPoint.order_id == Order.id)
        .where(
            OrderContactPoint.contact_point_id == point.id,
            OrderContactPoint.refused_at.is_(None),
            Order.buyer_id == point.buyer_id,
        )
        .order_by(Order.created_at, Order.id)
        .execution_options(populate_existing=True)
    ).all()


def _one_case(
    session: Session, arrival: Arrival, point: ContactPoint, orders: Sequence[Order]
) -> list[Order]:
    """Those of one store and country: of the store that called them last, best from the number they call;
    else of the seller whose number it is; else of the oldest order."""
    stores = {order.store_id: order.seller_id for order in orders}
    calls = session.execute(
        select(Attempt.store_id, Attempt.sender)
        .where(
            Attempt.contact_point_id == point.id,
            Attempt.store_id.in_(stores),
            Attempt.channel.in_([channel for channel in Channel if channel.is_call]),
        )
        .order_by(Attempt.started_at.desc())
    ).all()
    called = [call.store_id for call in calls if call.sender == arrival.sender]
    owners = session.scalars(
        select(Sender.seller_id).where(
            Sender.kind == SenderKind.voice, Sender.address == arrival.sender, Sender.removed_at.is_(None)
        )
    ).all()
    owned = [store_id for store_id, seller_id in stores.items() if seller_id in owners]
    store_id = [*called, *owned, *(call.store_id for call in calls), *stores][0]
    first = next(order for order in orders if order.store_id == store_id)
    return [order for order in orders if order.store_id == store_id and order.country == first.country]


def _have_called(orders: Sequence[Order], now: datetime) -> None:
    """An agent calls whoever hangs up without an answer, once their own call is over by all likelihood."""
    for order in orders:
        wish = {"reason": Reason(ASKED).as_json(), "at": (now + _CALL_LASTS).isoformat()}
        kept_for = (order.wish or {}).get("for")
        order.wish = {**wish, "for": kept_for} if kept_for else wish
        order.last_outcome = Outcome.answered


def _write(
    session: Session,
    arrival: Arrival,
    point: ContactPoint,
    orders: Sequence[Order],
    reason: str,
    now: datetime,
) -> Attempt:
    first = orders[0]
    where = where_of(first.country, place_of_case(orders))
    past = past_of(session, [order.id for order in orders])
    step = Step(
        id=new_id(),
        buyer_id=first.buyer_id,
        store_id=first.store_id,
        contact_point_id=point.id,
        country=first.country,
        place=place_of_case(orders),
        purpose=Purpose.verify,
        channel=Channel.ivr,
        state=StepState.done,
        attempt_number=max(len(contacts) for contacts in past.values()) + 1,
        not_before=now,
        reason=Reason(reason).as_json(),
        created_at=now,
        ended_at=now,
        end_reason="called_in",
    )
    session.add(step)
    session.flush()
    session.add_all(
        StepOrder(step_id=step.id, order_id=order.id, purpose=Purpose.verify, live=False) for order in orders
    )
    attempt = Attempt(
        id=new_id(),
        step_id=step.id,
        buyer_id=step.buyer_id,
        store_id=step.store_id,
        contact_point_id=point.id,
        channel=Channel.ivr,
        reference=f"tk-{step.id.hex}",
        holder="buyer",
        provider=arrival.source,
        provider_id=arrival.provider_id,
        sender=arrival.sender,
        state=AttemptState.reached,
        outcome=Outcome.answered,
        called_in=True,
        attempt_number=step.attempt_number,
        order_age_seconds=max(0, int((now - first.created_at).total_seconds())),
        local_hour_of_week=local_hour_of_week(now, where.zone),
        regime=regime_at(now, where.zone, step.country, calendar_of(session)),
        propensity=1.0,
        started_at=now,
        answer_until=now,
        state_at=now,
        ended_at=now,
    )
    session.add(attempt)
    session.flush()
    session.add(
        Message(
            buyer_id=step.buyer_id,
            store_id=step.store_id,
            contact_point_id=point.id,
            attempt_id=attempt.id,
            direction="in",
            channel=Channel.ivr,
            sender=arrival.sender,
            said_at=now,
        )
    )
    session.add(BuyerSign(buyer_id=step.buyer_id, kind=SignOfLife.called_in, seen_at=now))
    note_reached(session, attempt, now)
    for order in orders:
        diary.write(
            session,
            at=now,
            kind="contact",
            actor="buyer",
            code="called_us",
            params={"attempt_id": str(attempt.id)},
            order_id=order.id,
        )
    session.flush()
    return attempt
