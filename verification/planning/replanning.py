"""Open cases follow the kill switch: those that were planned before it turned are planned anew.

In small batches, each in a transaction of its own, so that a hundred thousand cases hold nobody up. Contacts
that are being made go on, and what was promised to buyers keeps its time, whoever plans. Whatever is broken
off in the middle goes on where it stood, because each plan says by which position of the switch it was made.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, Select, func, select, tuple_
from sqlalchemy.orm import Session
from structlog import get_logger

from models.jobs import JobRun
from models.orders import Order
from models.slots import PlannerStop
from models.unit_of_work import unit_of_work
from models.vocabulary import Arm
from verification.planning.scheduling import plan_cases
from verification.trial.stopping import standing_stop

log = get_logger()

FOLLOWED = "switch_followed"
"""The entry of `job_runs` that tells when all cases were last seen to follow."""
SETTLED = timedelta(minutes=1)
"""A plan that was being made when the switch turned is written by then."""

_BATCH = 50
Case = tuple[UUID, UUID]


def has_followed(session: Session) -> bool:
    """Whether all open cases were seen to follow the last turn of the switch."""
    changed = func.max(func.greatest(PlannerStop.began_at, PlannerStop.ended_at))
    turned = session.scalar(select(changed))
    seen = session.scalar(select(JobRun.ran_at).where(JobRun.job == FOLLOWED))
    return turned is None or (seen is not None and seen >= turned + SETTLED)


def count_waiting(session: Session) -> int:
    """How many open cases are still to be planned anew."""
    return session.scalar(select(func.count()).select_from(_waiting(session).subquery())) or 0


def plan_anew(
    engine: Engine, clock: Callable[[], datetime], tell: Callable[[int], None] = lambda done: None
) -> int:
    """Plan anew every open case that does not follow the switch yet; `tell` hears how many are done.

    A batch that fails is logged and left behind, so that it holds up no other. Returns how many were planned.
    """
    done, last = 0, None
    while cases := _next_cases(engine, last):
        last = cases[-1]
        try:
            with unit_of_work(engine) as session:
                plan_cases(session, cases, now=clock())
        except Exception:
            log.exception("switch.not_followed", cases=len(cases))
            continue
        done += len(cases)
        tell(done)
    return done


def _next_cases(engine: Engine, last: Case | None) -> Sequence[Case]:
    with unit_of_work(engine) as session:
        waiting = _waiting(session).order_by(Order.buyer_id, Order.store_id).limit(_BATCH)
        if last is not None:
            waiting = waiting.where(tuple_(Order.buyer_id, Order.store_id) > last)
        return [(row.buyer_id, row.store_id) for row in session.execute(waiting)]


def _waiting(session: Session) -> Select[UUID, UUID]:
    """Cases planned by the other position of the switch; only those that what was learned may plan."""
    is_stopped = standing_stop(session) is not None
    return (
        select(Order.buyer_id, Order.store_id)
        .where(
            Order.decision_id.is_(None),
            Order.arm == Arm.learned,
            Order.plan["stopped"].as_boolean() == (not is_stopped),
        )
        .distinct()
    )
