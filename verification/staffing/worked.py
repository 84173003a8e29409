"""The week as it was worked lately, to begin a roster with."""

from collections import Counter
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.shifts import AgentInterval
from models.vocabulary import AgentState, Channel
from verification.staffing.week import MOST_CALLS, USUAL_CALLS, Hour, Staff

WEEKS = 4
_HOUR = timedelta(hours=1)


def worked_week(session: Session, zone: tzinfo, now: datetime) -> dict[Hour, Staff]:
    """The agents at work in each hour of the week, on average of the last four, and the calls that each of
    them made in an hour; without breaks. Empty when nobody worked."""
    since = now - timedelta(weeks=WEEKS)
    hours = _worked_hours(session, since, now)
    seconds: Counter[Hour] = Counter()
    for begins, worked in hours.items():
        # The middle of the hour, where clocks are half an hour off.
        at = (begins + _HOUR / 2).astimezone(zone)
        seconds[at.weekday(), at.hour] += round(worked)
    whole = sum(hours.values()) / _HOUR.total_seconds()
    calls = _calls(session, since, now)
    each = min(max(round(calls / whole), 1), MOST_CALLS) if whole and calls else USUAL_CALLS
    agents = {hour: _rounded(worked / _HOUR.total_seconds() / WEEKS) for hour, worked in seconds.items()}
    return {hour: Staff(count, each) for hour, count in sorted(agents.items()) if count}


def _rounded(count: float) -> int:
    return int(count + 0.5)


def _worked_hours(session: Session, since: datetime, now: datetime) -> dict[datetime, float]:
    """Seconds that all agents together were at work, by the beginning of the hour (UTC)."""
    began = func.greatest(AgentInterval.began_at, since)
    ended = func.least(func.coalesce(AgentInterval.ended_at, AgentInterval.expires_at), now)
    hours = (
        select(
            began.label("began"),
            ended.label("ended"),
            func.generate_series(func.date_trunc("hour", began, "UTC"), ended, _HOUR).label("begins"),
        )
        .where(AgentInterval.state != AgentState.on_break, ended > since, AgentInterval.began_at < now)
        .subquery()
        .c
    )
    within = func.least(hours.ended, hours.begins + _HOUR) - func.greatest(hours.began, hours.begins)
    asked = select(hours.begins, func.sum(func.extract("epoch", within))).group_by(hours.begins)
    return {at: float(worked) for at, worked in session.execute(asked)}


def _calls(session: Session, since: datetime, now: datetime) -> int:
    asked = select(func.count()).where(
        Attempt.channel == Channel.agent_call, Attempt.started_at >= since, Attempt.started_at < now
    )
    return session.scalar(asked) or 0
