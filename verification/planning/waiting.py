"""Why a contact is not made now, pure."""

from datetime import datetime

from models.reasons import Reason
from models.vocabulary import Channel, Choice
from verification.planning.case import CaseFacts
from verification.planning.permission import counted
from verification.planning.planned import ASKED, PROMISED, Planned, permit_case
from verification.policy.values import Policy
from verification.slots.staffing import hour_of

CAPS = frozenset({"min_gap", "day_cap", "day_call_cap", "week_call_cap", "on_the_phone"})


def why_not_now(
    planned: Planned, facts: CaseFacts, policy: Policy, now: datetime, said: Reason | None
) -> Reason | None:
    """Why the contact waits, None where it does not; `said` is what the choice of the hour says itself."""
    if planned.not_before <= now:
        return None
    if planned.channel is Channel.page:
        return planned.reason
    if planned.priority == PROMISED:
        return Reason("promised")
    point = next((point for point in facts.points if point.id == planned.point_id), None)
    touches = counted(point.touches, owed=planned.priority <= ASKED) if point else ()
    permission = permit_case(planned.channel, touches, facts, policy, now)
    if permission.reasons and (permission.at is None or permission.at >= planned.not_before):
        code = "cap" if permission.reasons[-1] in CAPS else "outside_hours"
        return Reason(code, {"held_by": list(permission.reasons)})
    if said is not None:
        return said
    if planned.channel is Channel.agent_call and _are_busy(facts, now, planned.not_before):
        return Reason("agents_busy")
    if any(past.open for past in facts.past) or planned.chosen is Choice.schedule:
        return Reason("waiting_for_answer")
    return planned.reason


def _are_busy(facts: CaseFacts, now: datetime, then: datetime) -> bool:
    """Whether agents' time is dearer now than when the call is to be made."""
    prices = facts.insight.agent_prices if facts.insight else {}
    return prices.get(hour_of(now), 1.0) > prices.get(hour_of(then), 1.0)
