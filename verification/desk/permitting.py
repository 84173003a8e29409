"""When a case's buyer may be called."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from models.steps import Step
from models.vocabulary import Channel
from verification.desk.held import policy_of
from verification.hours.places import where_of
from verification.planning.facts import known_of
from verification.planning.permission import Permission, counted, ended, permit
from verification.planning.plan import ASKED
from verification.policy.calendars import calendar_of


def permission_of(session: Session, step: Step, at: datetime) -> Permission:
    """The first instant not before `at`, which is now, at which an agent may call."""
    return permissions_of(session, step, now=at)(at)


def permissions_of(session: Session, step: Step, *, now: datetime) -> Callable[[datetime], Permission]:
    """What tells the first instant not before another at which an agent may call, as asked now.

    Silence asked for is never permitted.
    """
    known = None
    if step.contact_point_id is not None:
        known = known_of(session, [step.contact_point_id], now)[step.contact_point_id]
        if Channel.agent_call in known.opted_out:
            return lambda at: Permission(None, ("opted_out",))
    going_on = counted(known.touches, owed=step.priority <= ASKED) if known else ()
    policy, calendar = policy_of(session, step), calendar_of(session)
    where = where_of(step.country, step.place)

    def permission(at: datetime) -> Permission:
        # By a later time the call that goes on now is over, be it this one.
        touches = going_on if at <= now else ended(going_on)
        return permit(Channel.agent_call, touches, policy, where, at, calendar=calendar)

    return permission
