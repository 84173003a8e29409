"""What a contact waits for that has come due and has not been made."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.steps import Step
from models.vocabulary import Channel, StepState
from verification.routing.outages import outages


def provider_is_out(session: Session, steps: Iterable[Step]) -> bool:
    """Whether machines would have made one of these contacts by now, were the provider not out."""
    return any(is_in_line(step) for step in steps) and bool(outages(session))


def is_in_line(step: Step) -> bool:
    """Whether a machine makes the contact as soon as it can."""
    return step.state is StepState.ready and step.channel not in (Channel.agent_call, Channel.page)


def told_reason(step: Step, *, is_out: bool) -> Mapping[str, Any]:
    """The step's reason, as stored; while the provider `is_out`, that is what holds it back."""
    if not (is_out and is_in_line(step)):
        return step.reason
    return {**step.reason, "params": {**step.reason.get("params", {}), "held_by": ["provider_out"]}}
