"""When a case's buyer may be called."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.steps import Step
from models.vocabulary import Channel
from verification.desk.held import policy_of
from verification.planning.facts import known_of, zone_of
from verification.planning.permission import Permission, counted, permit
from verification.planning.plan import ASKED


def permission_of(session: Session, step: Step, at: datetime, *, now: datetime | None = None) -> Permission:
    """The first instant not before `at` at which an agent may call; silence asked for is never permitted.

    `now` is when it is asked, by default `at` itself.
    """
    known = None
    if step.contact_point_id is not None:
        known = known_of(session, [step.contact_point_id], now or at)[step.contact_point_id]
        if Channel.agent_call in known.opted_out:
            return Permission(None, ("opted_out",))
    touches = counted(known.touches, owed=step.priority <= ASKED) if known else ()
    return permit(Channel.agent_call, touches, policy_of(session, step), zone_of(step.country), at)
