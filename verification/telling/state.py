"""Where an order stands, derived in the database from its decision, its live step and its attempts."""

from sqlalchemy import ColumnElement, Text, case, exists, select, type_coerce

from models.attempts import Attempt
from models.decisions import Decision
from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Channel, OrderState, StepState


def order_state() -> ColumnElement[str]:
    """The `OrderState` word of the enclosing query's `Order`, as text.

    The decision's verdict, else what the live step is doing: claimed by a machine is `contacting`, waiting
    for or held by an agent `with_agent`; an order once contacted is `waiting`, any other `queued`.
    """
    live = (
        exists()
        .where(StepOrder.order_id == Order.id, StepOrder.live, Step.id == StepOrder.step_id)
        .correlate(Order)
    )
    contacting = live.where(Step.state == StepState.claimed, Step.channel != Channel.agent_call)
    with_agent = live.where(
        Step.state.in_((StepState.ready, StepState.claimed)), Step.channel == Channel.agent_call
    )
    tried = (
        exists().where(StepOrder.order_id == Order.id, Attempt.step_id == StepOrder.step_id).correlate(Order)
    )
    verdict = (
        select(type_coerce(Decision.verdict, Text))
        .where(Decision.id == Order.decision_id)
        .correlate(Order)
        .scalar_subquery()
    )
    return case(
        (Order.decision_id.is_not(None), verdict),
        (contacting, OrderState.contacting.value),
        (with_agent, OrderState.with_agent.value),
        (tried, OrderState.waiting.value),
        else_=OrderState.queued.value,
    )
