"""Leaving every open order with exactly one live step or a decision."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.buyers import Buyer
from models.orders import Order
from models.reasons import Reason
from models.sellers import Store
from models.steps import Step
from models.vocabulary import Channel, DecisionReason, StepState
from verification.decision.ruling import given_up
from verification.decision.taking import decide
from verification.planning.facts import Read, case_facts, place_of_case, read_facts
from verification.planning.permission import permit
from verification.planning.plan import PROMISED, Planned, asked_priority, plan, reservation
from verification.planning.writing import draw_step, write_steps
from verification.policy.stored import policy_book, policy_for
from verification.policy.values import Policy
from verification.steps.covering import covered, orders_under
from verification.steps.ending import cancel_live_steps, live_steps

_LOCK_BUYERS = (
    select(Buyer.id)
    .where(Buyer.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Buyer.id)
    .with_for_update(key_share=True)
)


_OPEN = (
    select(Order)
    .where(Order.buyer_id == any_(bindparam("ids", type_=ARRAY(Uuid))), Order.decision_id.is_(None))
    .order_by(Order.created_at, Order.id)
    .execution_options(populate_existing=True)
)


def lock_buyer(session: Session, buyer_id: UUID) -> None:
    """Take the one lock that everybody who changes a buyer's case takes first."""
    # Not a full row lock: that would also wait for every row elsewhere that only names the buyer.
    session.execute(select(Buyer.id).where(Buyer.id == buyer_id).with_for_update(key_share=True))


def lock_buyers(session: Session, buyer_ids: Collection[UUID]) -> None:
    """The same for many, in one order, so that two who do so never wait for each other in a ring."""
    session.execute(_LOCK_BUYERS, {"ids": list(buyer_ids)})


def plan_case(
    session: Session, buyer_id: UUID, store_id: UUID, *, now: datetime, tell_at: datetime | None = None
) -> None:
    """Plan anew what the open orders of one buyer at one store need, as one contact.

    Orders under a contact that is being made right now are left to it: whoever ends it plans again. Orders
    for which nothing is left to try are given up, and their sellers told at `tell_at`, by default at once.
    One country is one case; where its orders go to several places, none counts as known.
    """
    plan_cases(session, [(buyer_id, store_id)], now=now, tell_at=tell_at)


def plan_cases(
    session: Session, cases: Collection[tuple[UUID, UUID]], *, now: datetime, tell_at: datetime | None = None
) -> None:
    """The same for many cases at once, each a buyer and a store."""
    buyer_ids = {buyer_id for buyer_id, _ in cases}
    lock_buyers(session, buyer_ids)
    found = session.scalars(_OPEN, {"ids": list(buyer_ids)})
    orders = [order for order in found if (order.buyer_id, order.store_id) in cases]
    if not orders:
        return
    session.flush()
    ids = [order.id for order in orders]
    live = {step.id: step for step in live_steps(session, ids)}
    under = orders_under(session, list(live)) if live else {}
    read, book = read_facts(session, ids, now), policy_book(session)
    planner = _Planner(session, read, frozenset(under), now, tell_at)
    by_case: dict[tuple[UUID, UUID, str], list[Order]] = {}
    for order in orders:
        step_id = under.get(order.id)
        if step_id is None or live[step_id].state is not StepState.claimed:
            by_case.setdefault((order.buyer_id, order.store_id, order.country), []).append(order)
    for case in sorted(by_case):
        _, store_id, country = case
        seller_id = by_case[case][0].seller_id
        policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
        planner.plan_together(by_case[case], policy)
    write_steps(session, planner.drawn, now)


class _Planner:
    """Plans cases from what was read for all of them; `live` are the orders that a live step covers."""

    def __init__(
        self, session: Session, read: Read, live: frozenset[UUID], now: datetime, tell_at: datetime | None
    ) -> None:
        self.drawn: list[tuple[Step, Sequence[UUID]]] = []
        self._session = session
        self._read = read
        self._live = live
        self._now = now
        self._tell_at = tell_at

    def plan_together(self, orders: Sequence[Order], policy: Policy) -> None:
        """Orders that have had all the contacts an order may have wait apart, the others go on."""
        going_on = [each for each in orders if len(self._read.past[each.id]) < policy.max_attempts_per_order]
        spent_out = [each for each in orders if each not in going_on]
        for group in (going_on, spent_out):
            if group:
                self._plan_group(group, policy)

    def _plan_group(self, orders: Sequence[Order], policy: Policy) -> None:
        """One contact in time for all; without one, the soonest deadline decides for its orders alone."""
        planned = plan(case_facts(self._read, orders), policy, self._now)
        soonest = min(order.decide_by for order in orders)
        later = [order for order in orders if order.decide_by > soonest]
        if later and (planned.next is None or planned.next.channel is Channel.page):
            for group in ([order for order in orders if order not in later], later):
                self._plan_group(group, policy)
            return
        if planned.next is not None:
            self._draw(orders, planned.next, planned.ladder)
            return
        ruling = given_up(DecisionReason(planned.stop.value if planned.stop else "no_response"))
        for order in orders:
            decide(self._session, order, ruling, now=self._now, actor="system", not_before=self._tell_at)

    def _draw(self, orders: Sequence[Order], following: Planned, ladder: Sequence[Planned]) -> None:
        ids = [order.id for order in orders]
        expected = [_expectation(rung) for rung in ladder]
        for order in orders:
            order.ladder = expected
        place = place_of_case(orders)
        if not self._live.isdisjoint(ids):
            standing = live_steps(self._session, ids)
            if any(_is_as_planned(self._session, step, following, place, ids) for step in standing):
                return
            cancel_live_steps(self._session, ids, now=self._now, reason="planned_anew")
        number = max(len(self._read.past[order_id]) for order_id in ids) + 1
        step = draw_step(following, orders, place=place, attempt_number=number, now=self._now)
        self.drawn.append((step, ids))


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
    facts = case_facts(read_facts(session, [order.id], now), [order])
    point = next((point for point in facts.points if Channel.agent_call in point.usable), None)
    permission = permit(Channel.agent_call, (), policy, facts.where, now, calendar=facts.calendar)
    not_before = permission.at or now + timedelta(hours=1)
    planned = Planned(
        Channel.agent_call,
        point.id if point else None,
        not_before,
        reason,
        asked_priority(reserved_for),
        *reservation(reserved_for, policy, not_before),
    )
    number = len(facts.past) + 1
    step = draw_step(planned, [order], place=order.place, attempt_number=number, now=now)
    write_steps(session, [(step, [order.id])], now)
