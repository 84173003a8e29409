"""Whether a contact that is planned already stays as it is when the case is planned anew, pure."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models.steps import Step
from models.vocabulary import Channel, Choice, StepState
from verification.planning.case import CaseFacts, Insight
from verification.planning.planned import PROMISED, Plan, Planned, class_of, permit_case
from verification.policy.values import Policy
from verification.slots.staffing import hour_of

_CHOSEN = frozenset({Choice.best, Choice.random})
_CLEARLY = 0.02
"""So much more likely a decision must become for a contact to be moved to another hour or channel."""


def is_same(
    step: Step, covers: Collection[UUID], following: Planned, place: str | None, ids: Collection[UUID]
) -> bool:
    """Whether the step is this contact already; one that waits its turn in the queue keeps its place."""
    if set(covers) != set(ids):
        return False
    contact = (step.channel, step.contact_point_id, step.place, class_of(step.priority), step.reserved_for)
    wanted = (
        following.channel,
        following.point_id,
        place,
        class_of(following.priority),
        following.reserved_for,
    )
    if contact != wanted:
        return False
    in_queue = step.state is StepState.ready and step.priority != PROMISED
    return step.not_before == following.not_before or (in_queue and step.not_before < following.not_before)


def is_as_good(
    step: Step,
    covers: Collection[UUID],
    made: Plan,
    place: str | None,
    ids: Collection[UUID],
    *,
    facts: CaseFacts,
    policy: Policy,
    number: int,
    before: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Whether the step was chosen by what was learned, may still be made, and nothing new speaks for another.

    While time passes and nothing else happens, the best hour wavers; moving the contact each time would help
    nobody. `number` is that of the attempt to come, `before` what its orders keep of the standing plan.
    """
    following = made.next
    if following is None or facts.insight is None or set(covers) != set(ids) or step.place != place:
        return False
    if step.chosen not in _CHOSEN or following.chosen not in _CHOSEN or step.attempt_number != number:
        return False
    if class_of(step.priority) != class_of(following.priority):
        return False
    if any(before.get(name) != told for name, told in known_by(facts.insight).items()):
        return False
    point = next((point for point in facts.points if point.id == step.contact_point_id), None)
    if point is None or step.channel not in point.usable:
        return False
    at = max(step.not_before, now)
    if step.channel is Channel.agent_call and facts.insight.agent_prices.get(hour_of(at), 1.0) > 1:
        return False  # agents are short in that hour: the call is to move where it is worth less
    if at >= facts.decide_by or permit_case(step.channel, point.touches, facts, policy, at).at != at:
        return False
    return (made.chance or 0.0) < (before.get("chance") or 0.0) + _CLEARLY


def known_by(insight: Insight) -> dict[str, int]:
    """What a plan rested on, in two numbers: the model's version, and how much was counted of the buyer."""
    return {"model": insight.version, "counted": sum(insight.counts.cells.values())}
