"""Everything about the case in an agent's hands; looking changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.buyers import Buyer, ContactPoint
from models.orders import Order, OrderContactPoint
from models.phones import mask
from models.reasons import Reason
from models.sellers import Seller, Store
from models.steps import Step
from models.users import User
from models.vocabulary import Channel, ContactKind, DialMode, MessageClass, StepState
from verification.accounts.sessions import SignedIn
from verification.desk.legs import call_of
from verification.desk.orders import Known, language_of, orders_of_step, shown
from verification.desk.shown import BestToday, ShownBuyer, ShownCase
from verification.desk.thread import contacts_of, thread_of, user_holder
from verification.desk.times import suggestions
from verification.hours.days import day_of
from verification.hours.places import where_of
from verification.hours.week import hours_of
from verification.learning.weeks import week_of_buyer
from verification.planning.facts import known_of
from verification.planning.permission import Touch, counted, permit
from verification.planning.plan import ASKED
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_for
from verification.policy.values import Policy

# Built once, because every look at a case asks them.
_HELD = (
    select(Step, Store, Seller, Buyer, Attempt, ContactPoint, User)
    .join(Store, Store.id == Step.store_id)
    .join(Seller, Seller.id == Store.seller_id)
    .join(Buyer, Buyer.id == Step.buyer_id)
    .outerjoin(Attempt, Attempt.step_id == Step.id)
    # Once the call has begun, the number is the one that was called.
    .outerjoin(
        ContactPoint,
        ContactPoint.id == func.coalesce(Attempt.contact_point_id, Step.contact_point_id),
    )
    .outerjoin(User, user_holder() == Step.lease_holder)
    .where(Step.id == bindparam("step"), Step.channel == Channel.agent_call, Step.state == StepState.claimed)
    .execution_options(populate_existing=True)
)
_ORDERS_KNOWN = select(func.count()).select_from(Order).where(Order.buyer_id == bindparam("buyer"))
_OTHER_PHONES = (
    select(func.count(OrderContactPoint.contact_point_id.distinct()))
    .join(ContactPoint, ContactPoint.id == OrderContactPoint.contact_point_id)
    .where(
        OrderContactPoint.order_id.in_(bindparam("orders", expanding=True)),
        OrderContactPoint.refused_at.is_(None),
        ContactPoint.phone.is_not(None),
        ContactPoint.id.is_distinct_from(bindparam("shown")),
    )
)


@dataclass(frozen=True)
class _Held:
    """A claimed step with what there is one of."""

    step: Step
    store: Store
    seller: Seller
    buyer: Buyer
    attempt: Attempt | None
    point: ContactPoint | None
    holder: User | None


def show_case(session: Session, step_id: UUID, agent: SignedIn, *, now: datetime) -> ShownCase | None:
    """The case of a claimed agent call; None when it is in nobody's hands any more.

    The number is given in full to its holder alone, and only once the call has begun from an own phone.
    """
    held = _held(session, step_id)
    if held is None:
        return None
    step, attempt, point = held.step, held.attempt, held.point
    orders = orders_of_step(session, step.id)
    policy = policy_for(session, held.store, step.country)
    is_mine = step.lease_holder == agent.holder
    claimed_at = step.claimed_at or now
    phone = point.phone if point else None
    call = call_of(session, attempt, now)
    is_own_phone = call is None and (attempt is not None or policy.dial_mode is DialMode.own_phone)
    permitted_now, slots = _times(session, held, policy, [known.order for known in orders], now)
    return ShownCase(
        step_id=step.id,
        token=step.lease_token,
        holder_name=held.holder.name if held.holder else "",
        is_mine=is_mine,
        claimed_at=claimed_at,
        lease_until=step.lease_expires_at or now,
        gives_back_at=None if attempt else claimed_at + timedelta(minutes=policy.case_look_minutes),
        why=Reason.from_json(step.reason),
        priority=step.priority,
        promised_at=_promised_at(orders),
        deadline=min(known.order.decide_by for known in orders),
        called_at=attempt.started_at if attempt else None,
        attempt_id=attempt.id if attempt else None,
        phone=phone if is_mine and attempt and is_own_phone else None,
        phone_masked=mask(phone) if phone else None,
        other_phones=_other_phones(session, orders, point),
        country=step.country,
        zone=where_of(step.country, step.place).zone,
        store_name=held.store.display_name,
        seller_name=held.seller.name,
        permitted_now=permitted_now,
        buyer=shown_buyer(session, held.buyer, orders),
        orders=tuple(shown(known, held.buyer) for known in orders),
        contacts=contacts_of(session, [known.order.id for known in orders], agent, before=step.id),
        thread=thread_of(session, step.buyer_id, held.seller.id),
        slots=slots,
        click_to_call=not is_own_phone,
        call=call,
        chance=step.chance,
        chosen=step.chosen,
        today=_today(session, held, policy, now),
    )


def _held(session: Session, step_id: UUID) -> _Held | None:
    row = session.execute(_HELD, {"step": step_id}).one_or_none()
    return _Held(*row) if row else None


def shown_buyer(session: Session, buyer: Buyer, orders: Sequence[Known]) -> ShownBuyer:
    """The buyer of these orders, under the name on the latest of them that has one."""
    details = [known.order.details for known in reversed(orders)]
    return ShownBuyer(
        name=next((each.buyer_name for each in details if each and each.buyer_name), None),
        language=language_of(orders[-1].order, buyer),
        tier=buyer.tier,
        tier_reasons=tuple(Reason.from_json(reason) for reason in buyer.tier_reasons),
        orders_known=session.scalars(_ORDERS_KNOWN, {"buyer": buyer.id}).one(),
    )


def _today(session: Session, held: _Held, policy: Policy, now: datetime) -> BestToday:
    """When this buyer answers calls today, of the hours that any may be made in."""
    where = where_of(held.step.country, held.step.place)
    local = now.astimezone(ZoneInfo(where.zone))
    week = week_of_buyer(session, held.buyer.id, where, now=now, with_contacts=False)
    day = day_of(where, local.date(), ContactKind.call, MessageClass.service, policy, calendar_of(session))
    hours = hours_of(day, where.zone)
    return BestToday(
        chances=week.chances[ContactKind.call][local.weekday()],
        open_hours=frozenset(hour for hour, found in hours.items() if found.minutes),
        hour=local.hour,
        contacts=week.contacts,
    )


def _promised_at(orders: Sequence[Known]) -> datetime | None:
    wishes = [known.order.wish for known in orders if known.order.wish]
    return min((datetime.fromisoformat(wish["at"]) for wish in wishes if wish.get("at")), default=None)


def _other_phones(session: Session, orders: Sequence[Known], point: ContactPoint | None) -> int:
    """How many more numbers of these orders may be tried."""
    wanted = {"orders": [known.order.id for known in orders], "shown": point.id if point else None}
    return session.scalars(_OTHER_PHONES, wanted).one()


def _times(
    session: Session, held: _Held, policy: Policy, orders: Sequence[Order], now: datetime
) -> tuple[bool, tuple[datetime, ...]]:
    """Whether the call may be made now, and times at which another may be promised, this one counted."""
    where, calendar = where_of(held.step.country, held.step.place), calendar_of(session)
    point = held.point
    touches: tuple[Touch, ...] = ()
    if point is not None:
        known = known_of(session, [point.id], now)[point.id]
        if Channel.agent_call in known.opted_out:
            return False, ()
        begun = held.attempt.started_at if held.attempt else None
        touches = tuple(touch for touch in known.touches if touch.at != begun)
    counting = counted(touches, owed=held.step.priority <= ASKED)
    permitted = permit(Channel.agent_call, counting, policy, where, now, calendar=calendar).at == now
    called = Touch(Channel.agent_call, held.attempt.started_at if held.attempt else now)
    owed = counted((*touches, called), owed=True)
    until = min(order.decide_by for order in orders)
    slots = tuple(
        at
        for at in suggestions(where, policy, calendar, now, until)
        if permit(Channel.agent_call, owed, policy, where, at, calendar=calendar).at == at
    )
    return permitted, slots
