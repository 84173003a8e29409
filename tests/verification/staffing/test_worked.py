"""The week as it was worked lately."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from models.shifts import AgentInterval
from models.vocabulary import AgentState, Role
from tests.web.staff import make_user
from verification.staffing.week import Staff
from verification.staffing.worked import worked_week

RIYADH = ZoneInfo("Asia/Riyadh")


def worked(session, user, began, hours, state=AgentState.waiting, *, is_over=True):
    ends = began + timedelta(hours=hours)
    session.add(
        AgentInterval(
            user_id=user.id, state=state, began_at=began, expires_at=ends, ended_at=ends if is_over else None
        )
    )
    session.flush()


def test_nobody_worked(session, now):
    assert worked_week(session, RIYADH, now) == {}


def test_agents_are_counted_by_the_hours_they_worked(work, session, now):
    """`now` is a Sunday, 13:00 in Riyadh."""
    first, second = (make_user(work, now, Role.agent, email=f"{name}@takeed.example") for name in "ab")
    for week in range(4):
        nine = now - timedelta(weeks=week, hours=4)
        worked(session, first, nine, 2.5)
        worked(session, first, nine + timedelta(hours=2.5), 0.5, AgentState.on_break)
        worked(session, second, nine, 3)
    worked(session, second, now - timedelta(days=2), 1)
    worked(session, second, now - timedelta(days=90), 1)
    worked(session, first, now - timedelta(minutes=59), 2, is_over=False)
    session.commit()
    found = worked_week(session, RIYADH, now)
    assert found == {(6, 9): Staff(2), (6, 10): Staff(2), (6, 11): Staff(2)}
    assert worked_week(session, ZoneInfo("UTC"), now).keys() == {(6, 6), (6, 7), (6, 8)}
