"""Releasing an order that is not worth a contact, where the seller's policy says so: with the numbers."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.decisions import Decision
from models.diary import DiaryEntry
from models.orders import Order
from models.reasons import Reason
from models.steps import Step, StepOrder
from models.vocabulary import DecisionReason, StepState, Verdict, Via
from verification import diary
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.policy.values import Policy
from verification.tiers.recomputing import retier
from verification.worth.asking import asking_cost
from verification.worth.risk import refusals_of
from verification.worth.waiving import ground_to_waive
from verification.worth.worth import worth_of

RULING = Ruling(Verdict.waived, DecisionReason.low_risk, Via.policy)


def needs_no_contact(session: Session, order: Order, policy: Policy, *, now: datetime) -> Reason | None:
    """Why the order, screened already, is released without contact; None when its buyer is asked.

    Only an order that nobody has any doubt about: not flagged, not asked about before or being asked about
    now, never decided otherwise and never disputed. The tier is that of this very day.
    """
    if not policy.waive_low_risk or order.flags or order.wish:
        return None
    buyer = retier(session, order.buyer_id, now=now, cause="order")
    refusal = refusals_of(session, [order])[order.id]
    ground = ground_to_waive(buyer.tier, worth_of(refusal, asking_cost(policy), policy), policy)
    return None if ground is None or _was_looked_at(session, order) else ground


def waive(session: Session, order: Order, ground: Reason, *, now: datetime) -> None:
    """Release the order and keep why, in its diary and with the decision."""
    stored = ground.as_json()
    diary.write(
        session,
        at=now,
        kind="decision",
        actor="system",
        code=ground.code,
        params=ground.params,
        order_id=order.id,
    )
    decide(session, order, RULING, now=now, actor="system", proof={"ground": stored})


def is_waived(session: Session, order: Order) -> bool:
    """Whether the order stands released because it was not worth a contact."""
    decision = session.get_one(Decision, order.decision_id) if order.decision_id else None
    return decision is not None and decision.reason is DecisionReason.low_risk


def _was_looked_at(session: Session, order: Order) -> bool:
    steps = select(StepOrder.step_id).where(StepOrder.order_id == order.id)
    found = session.scalar(
        select(
            or_(
                exists().where(Decision.order_id == order.id, Decision.verdict != Verdict.waived),
                exists().where(DiaryEntry.order_id == order.id, DiaryEntry.code == "decision_disputed"),
                exists().where(Step.id.in_(steps), Step.state == StepState.claimed),
                exists().where(Attempt.step_id.in_(steps)),
            )
        )
    )
    return bool(found)
