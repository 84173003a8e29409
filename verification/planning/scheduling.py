"""Leaving every open order with exactly one live step or a decision."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.buyers import Buyer
from models.orders import Order
from models.reasons import Reason
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import Channel, DecisionReason, StepState
from verification import diary
from verification.decision.ruling import given_up
from verification.decision.taking import decide
from verification.planning.facts import case_facts, past_of, place_of_case
from verification.planning.permission import permit
from verification.planning.plan import PROMISED, Past, Planned, asked_priority, plan, reservation
from verification.planning.writing import write_step
from verification.policy.stored import policy_for
from verification.policy.values import Policy
from verification.steps.covering import covered
from verification.steps.ending import cancel_live_steps, live_steps

_LOCK_BUYERS = (
    select(Buyer.id)
    .where(Buyer.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Buyer.id)
    .with_for_update(key_share=True)
)


def lock_buyer(session: Session, buyer_id: UUID) -> None:
    """Take the one lock that everybody who changes a buyer's case takes first."""
    # Not a full row lock: that would also wait for every row elsewhere that only names the buyer.
    session.execute(select(Buyer.id).where(Buyer.id == buyer_id).with_for_update(key_share=True))


def lock_buyers(session: Session, buyer_ids: Collection[UUID]) -> None:
    """The same for many, in one order, so that two who do so never wait for each other in a ring."""
    session.execute(_LOCK_BUYERS, {"ids": list(buyer_ids)})


def open_orders(session: Session, buyer_id: UUID, store_id: UUID) -> Sequence[Order]:
    """The undecided orders of a buyer at a store, oldest first."""
    return session.scalars(
        select(Order)
        .where(Order.buyer_id == buyer_id, Order.store_id == store_id, Order.decision_id.is_(None))
        .order_by(Order.created_at, Order.id)
        .execution_options(populate_existing=True)
    ).all()


def plan_case(
    session: Session, buyer_id: UUID, store_id: UUID, *, now: datetime, tell_at: datetime | None = None
) -> None:
    """Plan anew what the open orders of one buyer at one store need, as one contact.

    Orders under a contact that is being made right now are left to it: whoever ends it plans again. Orders
    for which nothing is left to try are given up, and their sellers told at `tell_at`, by default at once.
    One country is one case; where its orders go to several places, none counts as known.
    """
    lock_buyer(session, buyer_id)
    orders = open_orders(session, buyer_id, store_id)
    if not orders:
        return
    session.flush()
    busy = _orders_in_hand(session, [order.id for order in orders])
    store = session.get_one(Store, store_id)
    for country in sorted({order.country for order in orders}):
        free = [order for order in orders if order.country == country and order.id not in busy]
        if free:
            _plan_together(session, free, policy_for(session, store, country), now, tell_at)


def _orders_in_hand(session: Session, order_ids: Sequence[UUID]) -> set[UUID]:
    steps = live_steps(session, order_ids)
    claimed = [step.id for step in steps if step.state is StepState.claimed]
    if not claimed:
        return set()
    return set(session.scalars(select(StepOrder.order_id).where(StepOrder.step_id.in_(claimed))))


def _plan_together(
    session: Session, orders: Sequence[Order], policy: Policy, now: datetime, tell_at: datetime | None
) -> None:
    """Orders that have had all the contacts an order may have are kept apart: they wait, the others go on."""
    spent = past_of(session, [order.id for order in orders])
    going_on = [order for order in orders if len(spent[order.id]) < policy.max_attempts_per_order]
    spent_out = [order for order in orders if order not in going_on]
    for group in (going_on, spent_out):
        if group:
            _plan_group(session, group, policy, spent, now, tell_at)


def _plan_group(
    session: Session,
    orders: Sequence[Order],
    policy: Policy,
    spent: Mapping[UUID, tuple[Past, ...]],
    now: datetime,
    tell_at: datetime | None,
) -> None:
    """One contact in time for all; where there is none, the soonest deadline decides for its orders alone."""
    planned = plan(case_facts(session, orders, spent, now), policy, now)
    soonest = min(order.decide_by for order in orders)
    later = [order for order in orders if order.decide_by > soonest]
    if later and (planned.next is None or planned.next.channel is Channel.page):
        for group in ([order for order in orders if order not in later], later):
            _plan_group(session, group, policy, spent, now, tell_at)
        return
    if planned.next is not None:
        attempt_number = max(len(spent[order.id]) for order in orders) + 1
        _write(session, orders, planned.next, planned.ladder, attempt_number, now)
        return
    reason = DecisionReason(planned.stop.value if planned.stop else "no_response")
    for order in orders:
        decide(session, order, given_up(reason), now=now, actor="system", not_before=tell_at)


def _write(
    session: Session,
    orders: Sequence[Order],
    following: Planned,
    ladder: Sequence[Planned],
    attempt_number: int,
    now: datetime,
) -> None:
    ids = [order.id for order in orders]
    expected = [_expectation(rung) for rung in ladder]
    for order in orders:
        order.ladder = expected
    place = place_of_case(orders)
    if any(_is_as_planned(session, step, following, place, ids) for step in live_steps(session, ids)):
        return
    cancel_live_steps(session, ids, now=now, reason="planned_anew")
    step = write_step(
        session,
        following,
        ids,
        buyer_id=orders[0].buyer_id,
        store_id=orders[0].store_id,
        country=orders[0].country,
        place=place,
        attempt_number=attempt_number,
        now=now,
    )
    for order in orders:
        _note(session, order.id, step, now)


def _is_as_planned(
    session: Session, step: Step, following: Planned, place: str | None, order_ids: Sequence[UUID]
) -> bool:
    """Whether the live step is this contact already; one that waits its turn in the queue keeps its place."""
    contact = (step.channel, step.contact_point_id, step.place, step.priority, step.reserved_for)
    wanted = (following.channel, following.point_id, place, following.priority, following.reserved_for)
    if contact != wanted:
        return False
    in_queue = step.state is StepState.ready and step.priority != PROMISED
    if step.not_before != following.not_before and not (in_queue and step.not_before < following.not_before):
        return False
    return set(covered(session, step.id)) == set(order_ids)


def _expectation(rung: Planned) -> dict[str, object]:
    return {
        "channel": rung.channel.value,
        "not_before": rung.not_before.isoformat(),
        "reason": rung.reason.as_json(),
    }


def _note(session: Session, order_id: UUID, step: Step, now: datetime) -> None:
    diary.write(
        session,
        at=now,
        kind="plan",
        actor="system",
        code="contact_planned",
        params={
            "channel": step.channel.value,
            "not_before": step.not_before.isoformat(),
            "reason": step.reason,
        },
        order_id=order_id,
    )


def plan_review(
    session: Session, order: Order, *, now: datetime, reason: Reason, reserved_for: str | None = None
) -> None:
    """Give a decided order to an agent to look at again; without effect while a step is live for it.

    The review ends with an agent's disposition or, unanswered, after the policy's `review_hours`.
    """
    lock_buyer(session, order.buyer_id)
    if live_steps(session, [order.id]):
        return
    policy = policy_for(session, session.get_one(Store, order.store_id), order.country)
    facts = case_facts(session, [order], past_of(session, [order.id]), now)
    point = next((point for point in facts.points if Channel.agent_call in point.usable), None)
    permission = permit(Channel.agent_call, (), policy, facts.where, now, calendar=facts.calendar)
    not_before = permission.at or now + timedelta(hours=1)
    step = write_step(
        session,
        Planned(
            Channel.agent_call,
            point.id if point else None,
            not_before,
            reason,
            asked_priority(reserved_for),
            *reservation(reserved_for, policy, not_before),
        ),
        [order.id],
        buyer_id=order.buyer_id,
        store_id=order.store_id,
        country=order.country,
        place=order.place,
        attempt_number=len(facts.past) + 1,
        now=now,
    )
    _note(session, order.id, step, now)
