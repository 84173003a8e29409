"""An order that an agent found becomes their case, whatever was planned for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orders import Order
from models.reasons import Reason
from models.steps import Step
from models.vocabulary import AgentState, Channel, StepState
from verification import diary
from verification.accounts.sessions import SignedIn
from verification.decision.ruling import Standing
from verification.decision.taking import standing_of
from verification.desk import shifts
from verification.desk.held import LEASE, lock_agent
from verification.desk.holding import return_looked_at
from verification.desk.permitting import permission_of
from verification.desk.refusals import DeskRefusal, Why
from verification.planning.scheduling import lock_buyer, plan_case, plan_review
from verification.steps.ending import live_steps
from verification.steps.transitions import seize


def take_order(session: Session, agent: SignedIn, order_id: UUID, *, now: datetime) -> UUID:
    """Put the order's buyer in the agent's hands now; returns the case's step.

    A decided order is reviewed; a case that was only looked at goes back to the queue. Raises `DeskRefusal`:
    somebody else has the buyer in hand, the parcel has left or the order is withdrawn, or this is no time to
    call.
    """
    lock_agent(session, agent)
    buyer_id = session.scalar(select(Order.buyer_id).where(Order.id == order_id))
    if buyer_id is None:
        raise DeskRefusal(Why.nothing_to_take)
    lock_buyer(session, buyer_id)
    order = session.get_one(Order, order_id, populate_existing=True)
    step = _live_step(session, order)
    if step is not None and step.state is StepState.claimed:
        if step.lease_holder == agent.holder:
            return step.id
        raise DeskRefusal(Why.held_by_other)
    return_looked_at(session, agent, now=now)
    if step is None or step.channel is not Channel.agent_call:
        step = _plan_call(session, agent, order, now)
    diary.write(session, at=now, kind="contact", actor=agent.holder, code="case_opened", order_id=order.id)
    return bring(session, agent, step, now=now)


def bring(session: Session, agent: SignedIn, step: Step, *, now: datetime) -> UUID:
    """Claim this very step for the agent, ahead of its turn; the caller holds the buyer's lock."""
    permission = permission_of(session, step, now)
    if permission.at != now:
        raise DeskRefusal(Why.not_permitted_now, rules=permission.reasons, at=permission.at)
    if not seize(session, step, agent.holder, expires_at=now + LEASE, now=now):
        raise DeskRefusal(Why.held_by_other)
    shifts.enter(session, agent.id, AgentState.preview, now=now, step_id=step.id)
    return step.id


def _live_step(session: Session, order: Order) -> Step | None:
    return next(iter(live_steps(session, [order.id])), None)


def _plan_call(session: Session, agent: SignedIn, order: Order, now: datetime) -> Step:
    reason, standing = Reason("agent_opened"), standing_of(session, order)
    if standing in (Standing.shipped, Standing.withdrawn):
        raise DeskRefusal(Why.decided)
    if standing is Standing.open:
        order.wish = {"reason": reason.as_json(), "at": None, "for": agent.holder}
        session.flush()
        plan_case(session, order.buyer_id, order.store_id, now=now)
    else:
        plan_review(session, order, now=now, reason=reason, reserved_for=agent.holder)
    step = _live_step(session, order)
    if step is None or step.channel is not Channel.agent_call:
        raise DeskRefusal(Why.nothing_to_take)
    return step
