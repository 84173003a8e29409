"""Leaving every open order with exactly one live step or a decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
from models.vocabulary import Arm, Channel, Choice, Chooser, DecisionReason, StepState
from verification.decision.ruling import given_up
from verification.decision.taking import decide
from verification.habits.folding import fold
from verification.planning.case import CaseFacts
from verification.planning.facts import case_facts, place_of_case, read_facts
from verification.planning.insights import read_insights
from verification.planning.permission import permit
from verification.planning.plan import asked_priority, plan_all, reservation
from verification.planning.planned import Plan, Planned, ranked
from verification.planning.recording import Ground, expected, recorded
from verification.planning.standing import is_as_good, is_same
from verification.planning.writing import draw_step, write_steps
from verification.policy.stored import policy_book, policy_for
from verification.policy.values import Policy
from verification.steps.covering import covered, orders_under
from verification.steps.ending import cancel_live_steps, live_steps
from verification.trial.arms import arm_of
from verification.trial.stopping import standing_stop
from verification.worth.asking import expected_cost
from verification.worth.risk import refusals_of
from verification.worth.worth import Worth, rank_of, worth_of

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
    by_case: dict[tuple[UUID, UUID, str], list[Order]] = {}
    for order in orders:
        step_id = under.get(order.id)
        if step_id is None or live[step_id].state is not StepState.claimed:
            by_case.setdefault((order.buyer_id, order.store_id, order.country), []).append(order)
    book = policy_book(session)
    planner = _Planner(session, frozenset(under), now, tell_at)
    planner.plan_together(
        [
            (
                by_case[case],
                book.policy(store_id=case[1], seller_id=by_case[case][0].seller_id, country=case[2]),
            )
            for case in sorted(by_case)
        ]
    )
    write_steps(session, planner.drawn, now)


@dataclass(frozen=True)
class _Group:
    """Orders that are contacted together, oldest first, and by what their contacts are chosen."""

    orders: Sequence[Order]
    policy: Policy
    ground: Ground

    @property
    def is_learned(self) -> bool:
        """Whether what was learned chooses."""
        return self.ground.arm is Arm.learned and not self.ground.stopped


class _Planner:
    """Plans cases from what is read once for all of them; `live` are the orders that a live step covers."""

    def __init__(
        self, session: Session, live: frozenset[UUID], now: datetime, tell_at: datetime | None
    ) -> None:
        self.drawn: list[tuple[Step, Sequence[UUID]]] = []
        self._session = session
        self._live = live
        self._now = now
        self._tell_at = tell_at

    def plan_together(self, cases: Sequence[tuple[Sequence[Order], Policy]]) -> None:
        """Orders that have had all the contacts an order may have wait apart, the others go on."""
        if not cases:
            return
        orders = [order for case, _ in cases for order in case]
        stopped = standing_stop(self._session) is not None
        grounds = [_ground_of(case, policy, stopped=stopped) for case, policy in cases]
        learned = [
            case[0].buyer_id
            for (case, _), ground in zip(cases, grounds, strict=True)
            if ground.arm is Arm.learned and not stopped
        ]
        if learned:
            fold(self._session, learned, now=self._now)
        self._insights = read_insights(self._session, learned, self._now) if learned else None
        self._read = read_facts(self._session, [order.id for order in orders], self._now)
        self._refusals = refusals_of(self._session, orders)
        groups = []
        for (case, policy), ground in zip(cases, grounds, strict=True):
            going_on = [
                each for each in case if len(self._read.past[each.id]) < policy.max_attempts_per_order
            ]
            spent_out = [each for each in case if each not in going_on]
            groups += [_Group(part, policy, ground) for part in (going_on, spent_out) if part]
        while groups:
            groups = self._plan(groups)

    def _plan(self, groups: Sequence[_Group]) -> list[_Group]:
        """Plan groups of orders; those to plan again, in parts."""
        facts = [self._facts(group) for group in groups]
        plans = plan_all([(each, group.policy) for each, group in zip(facts, groups, strict=True)], self._now)
        again: list[_Group] = []
        for group, each, made in zip(groups, facts, plans, strict=True):
            rank = min(rank_of(self._worth(order, group.policy, made)) for order in group.orders)
            again += self._settle(group, each, ranked(made, rank))
        return again

    def _facts(self, group: _Group) -> CaseFacts:
        return case_facts(self._read, group.orders, self._insights if group.is_learned else None)

    def _worth(self, order: Order, policy: Policy, made: Plan) -> Worth:
        """What the order is worth, with what the contacts of its plan are expected to cost."""
        contacts = [(each.channel, each.chance) for each in (made.next, *made.ladder) if each is not None]
        return worth_of(self._refusals[order.id], expected_cost(contacts, policy), policy)

    def _settle(self, group: _Group, facts: CaseFacts, made: Plan) -> list[_Group]:
        """One contact in time for all; without one, the soonest deadline decides for its orders alone."""
        soonest = min(order.decide_by for order in group.orders)
        later = [order for order in group.orders if order.decide_by > soonest]
        if later and (made.next is None or made.next.channel is Channel.page):
            first = [order for order in group.orders if order not in later]
            return [replace(group, orders=part) for part in (first, later)]
        if made.next is not None:
            self._draw(group, facts, made, made.next)
            return []
        ruling = given_up(DecisionReason(made.stop.value if made.stop else "no_response"))
        for order in group.orders:
            self._record(group, facts, made, order)
            decide(self._session, order, ruling, now=self._now, actor="system", not_before=self._tell_at)
        return []

    def _draw(self, group: _Group, facts: CaseFacts, made: Plan, following: Planned) -> None:
        ids = [order.id for order in group.orders]
        place = place_of_case(group.orders)
        number = max(len(self._read.past[order_id]) for order_id in ids) + 1
        standing = live_steps(self._session, ids) if not self._live.isdisjoint(ids) else ()
        same = False
        for step in standing:
            covers = covered(self._session, step.id)
            same = same or is_same(step, covers, following, place, ids)
            if not same and is_as_good(
                step,
                covers,
                made,
                place,
                ids,
                facts=facts,
                policy=group.policy,
                number=number,
                before=group.orders[0].plan or {},
                now=self._now,
            ):
                return
        for order in group.orders:
            self._record(group, facts, made, order)
        if same:
            return
        if standing:
            cancel_live_steps(self._session, ids, now=self._now, reason="planned_anew")
        version = facts.insight.version if facts.insight and following.chance is not None else None
        step = draw_step(
            following,
            group.orders,
            place=place,
            attempt_number=number,
            model_version=version,
            now=self._now,
        )
        self.drawn.append((step, ids))

    def _record(self, group: _Group, facts: CaseFacts, made: Plan, order: Order) -> None:
        order.ladder = [expected(rung, facts) for rung in made.ladder]
        worth = self._worth(order, group.policy, made)
        order.plan = recorded(made, facts, group.ground, order.arm, worth, self._now)


def _ground_of(case: Sequence[Order], policy: Policy, *, stopped: bool) -> Ground:
    """By what a case is planned; an order's arm is drawn with its first plan and stays."""
    for order in case:
        if order.arm is None:
            order.arm = arm_of(order.id, policy, stopped=stopped)
    arm = case[0].arm
    if arm is None or policy.chooser is Chooser.fixed:
        arm = Arm.fixed
    return Ground(arm, stopped)


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
        chosen=Choice.owed,
    )
    number = len(facts.past) + 1
    step = draw_step(planned, [order], place=order.place, attempt_number=number, now=now)
    write_steps(session, [(step, [order.id])], now)
