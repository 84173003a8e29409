"""The plan of an order as its seller reads it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import StepState
from verification.routing.waiting import provider_is_out
from verification.telling.plan import ToldRung, rounded, told_plan
from verification.telling.resource import instant_text, next_contact, reason_json


def plan_resource(session: Session, order: Order, language: str) -> dict[str, Any]:
    """What is planned for an order, the next contact first; nothing once it is decided or being contacted."""
    step = session.scalars(
        select(Step)
        .join(StepOrder, StepOrder.step_id == Step.id)
        .where(
            StepOrder.order_id == order.id,
            StepOrder.live,
            Step.state.in_((StepState.scheduled, StepState.ready)),
        )
    ).one_or_none()
    plan = told_plan(order.plan, order.ladder)
    going_on = order.decision_id is None and step is not None
    return {
        "chooser": plan.chooser.value if plan.chooser else None,
        "stop": plan.stop if going_on else None,
        "planned_at": instant_text(plan.planned_at) if plan.planned_at else None,
        "next_contact": next_contact(order, step, is_out=provider_is_out(session, [step]), language=language)
        if step
        else None,
        "ladder": [_rung(rung, language) for rung in plan.rungs] if going_on else [],
    }


def _rung(rung: ToldRung, language: str) -> dict[str, Any]:
    return {
        "channel": rung.channel.value,
        "not_before": instant_text(rounded(rung.not_before)),
        "reason": reason_json(rung.reason.as_json(), language),
    }
