"""Writing down that a contact is about to be made, before it is."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.protocol import Contact, ContactOrder
from models.attempts import Attempt
from models.base import new_id
from models.buyers import ContactPoint
from models.messages import Message
from models.money import decimal_text
from models.orders import Order
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import AttemptState, Channel, MessageClass
from verification import diary
from verification.contact.claiming import Claim
from verification.hours.calendar import Calendar
from verification.hours.deciding import closes_at
from verification.hours.places import where_of
from verification.pages.linking import make_link
from verification.planning.facts import known_of
from verification.planning.permission import Touch, counted, kind_of, permit
from verification.planning.plan import ASKED
from verification.planning.regime import local_hour_of_week, regime_at
from verification.planning.scheduling import lock_buyer
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_for
from verification.policy.values import Policy
from verification.promises import keep
from verification.steps.covering import orders_of
from verification.steps.transitions import Stale, hold


def begin(
    session: Session,
    claim: Claim,
    *,
    provider: str,
    now: datetime,
    page_at: Callable[[str], str] | None = None,
) -> tuple[UUID, Contact]:
    """Record the attempt as `sending` under our own reference; returns its id and the contact to make.

    `page_at` gives the address of the buyer's page for a token; with it, a message gets a link of its own.

    Commit before the provider is called. Raises `Stale` when the step is no longer held, or when since the
    claim the lease ran out, the hours ended, a cap filled up or the buyer asked for silence: the step comes
    back with its lease and is judged anew.
    """
    lock_buyer(session, claim.buyer_id)
    step = hold(session, claim.step_id, claim.token)
    store = session.get_one(Store, step.store_id)
    policy = policy_for(session, store, step.country)
    calendar, orders = calendar_of(session), orders_of(session, step.id)
    if now >= claim.expires_at or not _permitted(session, step, orders, policy, calendar, now):
        raise Stale
    attempt = _attempt(step, orders, claim, provider, policy, calendar, now)
    session.add(attempt)
    session.flush()
    link = None
    if page_at is not None and step.channel.is_message:
        link = page_at(make_link(session, attempt, orders, step.purpose, policy, now))
    session.add(
        Message(
            buyer_id=step.buyer_id,
            store_id=step.store_id,
            contact_point_id=step.contact_point_id,
            attempt_id=attempt.id,
            direction="out",
            channel=step.channel,
            said_at=now,
        )
    )
    for order in orders:
        diary.write(
            session,
            at=now,
            kind="contact",
            actor=claim.actor,
            code="contact_begun",
            params={"channel": step.channel.value, "attempt_id": str(attempt.id)},
            order_id=order.id,
        )
    if step.channel is Channel.agent_call:
        grace = policy.promise_grace_minutes
        keep(session, [order.id for order in orders], actor=claim.actor, grace_minutes=grace, now=now)
    return attempt.id, _contact(session, step, store, policy, calendar, orders, attempt, link, now)


def _permitted(
    session: Session, step: Step, orders: list[Order], policy: Policy, calendar: Calendar, now: datetime
) -> bool:
    """Whether the contact may be made at this instant, the phone locked: several buyers may share one."""
    touches: Sequence[Touch] = ()
    if step.contact_point_id is not None:
        held = select(ContactPoint.id).where(ContactPoint.id == step.contact_point_id)
        session.execute(held.with_for_update(key_share=True))
        known = known_of(session, [step.contact_point_id], now)[step.contact_point_id]
        if step.channel in known.opted_out:
            return False
        touches = known.touches
    counting = counted(touches, owed=step.priority <= ASKED)
    where, until = where_of(step.country, step.place), min(order.decide_by for order in orders)
    return permit(step.channel, counting, policy, where, now, calendar=calendar, until=until).at == now


def _number_on_channel(session: Session, step: Step) -> int:
    """Which contact on its channel this is, without those that failed; the attempt is already stored."""
    same_orders = select(StepOrder.order_id).where(StepOrder.step_id == step.id)
    steps = select(StepOrder.step_id).where(StepOrder.order_id.in_(same_orders))
    return session.scalars(
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.step_id.in_(steps),
            Attempt.channel == step.channel,
            Attempt.state != AttemptState.failed,
        )
    ).one()


def _attempt(
    step: Step,
    orders: list[Order],
    claim: Claim,
    provider: str,
    policy: Policy,
    calendar: Calendar,
    now: datetime,
) -> Attempt:
    zone = where_of(step.country, step.place).zone
    return Attempt(
        id=new_id(),
        step_id=step.id,
        buyer_id=step.buyer_id,
        store_id=step.store_id,
        contact_point_id=step.contact_point_id,
        channel=step.channel,
        reference=f"tk-{step.id.hex}",
        holder=claim.holder,
        provider=provider,
        state=AttemptState.sending,
        attempt_number=step.attempt_number,
        order_age_seconds=max(0, int((now - orders[0].created_at).total_seconds())),
        local_hour_of_week=local_hour_of_week(now, zone),
        regime=regime_at(now, zone, step.country, calendar),
        propensity=step.propensity,
        started_at=now,
        answer_until=now + timedelta(minutes=_wait_minutes(step.channel, policy)),
        state_at=now,
    )


def _wait_minutes(channel: Channel, policy: Policy) -> int:
    if channel is Channel.agent_call:
        return policy.outcome_wait_minutes
    return policy.call_result_minutes if channel.is_call else policy.answer_wait_minutes


def contact_of(session: Session, attempt: Attempt) -> Contact:
    """The contact that an attempt made, told again; without its link."""
    step, store = session.get_one(Step, attempt.step_id), session.get_one(Store, attempt.store_id)
    policy = policy_for(session, store, step.country)
    orders = orders_of(session, step.id)
    calendar = calendar_of(session)
    return _contact(session, step, store, policy, calendar, orders, attempt, None, attempt.started_at)


def _contact(
    session: Session,
    step: Step,
    store: Store,
    policy: Policy,
    calendar: Calendar,
    orders: list[Order],
    attempt: Attempt,
    link: str | None,
    now: datetime,
) -> Contact:
    where, kind = where_of(step.country, step.place), kind_of(step.channel)
    point = session.get(ContactPoint, step.contact_point_id) if step.contact_point_id else None
    return Contact(
        reference=attempt.reference,
        channel=step.channel,
        phone=(point.phone if point else None) or "",
        language=orders[0].language or "ar",
        country=step.country,
        zone=where.zone,
        store_name=store.display_name,
        orders=tuple(
            ContactOrder(
                order.id,
                order.number or order.external_id,
                decimal_text(order.total_minor, order.currency),
                order.currency,
                tuple(item.title for item in order.items),
            )
            for order in orders
        ),
        attempt_number=_number_on_channel(session, step),
        at=now,
        valid_until=closes_at(kind, MessageClass.service, where, policy, calendar, now),
        link=link,
    )
