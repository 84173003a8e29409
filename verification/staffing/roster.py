"""The week's agents as the house keeps it, and the record of who changed it."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from models.slots import StaffedHour
from verification import audit
from verification.staffing.week import Hour, Staff, Week, check

# Any number that no other lock has: two who save the week at once save one after the other.
_ONE_AT_A_TIME = 0x726F737465720000


_TOLD = select(StaffedHour.weekday, StaffedHour.hour, StaffedHour.agents, StaffedHour.calls_an_hour).order_by(
    StaffedHour.weekday, StaffedHour.hour
)


def read_week(session: Session) -> dict[Hour, Staff]:
    """What was told of the week; empty when nobody said."""
    rows = session.execute(_TOLD)
    return {(weekday, hour): Staff(agents, calls) for weekday, hour, agents, calls in rows}


def set_week(session: Session, week: Week, *, actor: str, now: datetime) -> bool:
    """Let this be the whole week from now on; False when it is already. Raises `RosterRefused`.

    Hours that it leaves out have nobody. A week without any hour takes back what was said.
    """
    check(week)
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    before = read_week(session)
    # Nobody anywhere is said by the hours that have nobody.
    after = {hour: staff for hour, staff in week.items() if staff.agents} or dict(week)
    if after == before:
        return False
    session.execute(delete(StaffedHour))
    rows = [
        {"weekday": weekday, "hour": hour, "agents": staff.agents, "calls_an_hour": staff.calls_an_hour}
        for (weekday, hour), staff in after.items()
    ]
    if rows:
        session.execute(insert(StaffedHour), rows)
    code = "staffing_set" if after else "staffing_cleared"
    audit.note(session, at=now, actor=actor, code=code, params={"before": _sum(before), "after": _sum(after)})
    session.flush()
    return True


def _sum(week: Week) -> dict[str, int]:
    """A week in the record: whether anybody said, then hours with somebody, agents' hours, calls."""
    return {
        "told": int(bool(week)),
        "hours": sum(staff.agents > 0 for staff in week.values()),
        "agent_hours": sum(staff.agents for staff in week.values()),
        "calls": sum(staff.calls for staff in week.values()),
    }
