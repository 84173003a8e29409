"""Whether a call may be promised for a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.steps import Step
from verification.desk.held import policy_of
from verification.desk.permitting import permissions_of
from verification.desk.refusals import DeskRefusal, PromiseRefused, Why
from verification.desk.times import suggestions
from verification.hours.places import where_of
from verification.policy.calendars import calendar_of
from verification.steps.covering import orders_of


def check_promise(session: Session, step_id: UUID, at: datetime, *, now: datetime) -> None:
    """Raises `PromiseRefused` when the buyers of a case cannot be called at `at`.

    Rules are those of the claim (hours, caps), `past`, and `after_deadline`, because the order is decided by
    then.
    """
    step = session.get(Step, step_id)
    if step is None:
        raise DeskRefusal(Why.stale)
    if at <= now:
        raise PromiseRefused(["past"], promise_times(session, step, now=now))
    until = _until(session, step)
    if at >= until:
        raise PromiseRefused(["after_deadline"], promise_times(session, step, now=now))
    permission = permissions_of(session, step, now=now)(at)
    if permission.at != at:
        raise PromiseRefused(permission.reasons, _around(session, step, permission.at, now, until))


def promise_times(session: Session, step: Step, *, now: datetime) -> tuple[datetime, ...]:
    """Times that an agent may offer, all permitted and in time for the case's orders."""
    until = _until(session, step)
    where = where_of(step.country, step.place)
    offered = suggestions(where, policy_of(session, step), calendar_of(session), now, until)
    permission = permissions_of(session, step, now=now)
    return tuple(at for at in offered if permission(at).at == at)


def _around(
    session: Session, step: Step, opens: datetime | None, now: datetime, until: datetime
) -> Sequence[datetime]:
    offered = promise_times(session, step, now=now)
    return sorted({*offered, *([opens] if opens is not None and opens < until else [])})


def _until(session: Session, step: Step) -> datetime:
    """The soonest deadline of the orders still to be decided; where all are, the soonest of all."""
    orders = orders_of(session, step.id)
    undecided = [order for order in orders if order.decision_id is None]
    return min(order.decide_by for order in undecided or orders)
