"""The alarm that choosing well has become worse than the fixed schedule; the rule is in `watching`."""

from datetime import datetime

from sqlalchemy.orm import Session

from verification.alarms import end_alarm, raise_alarm, standing_alarms
from verification.trial.reporting import Window, count_decided
from verification.trial.watching import WINDOWS, Judged, Standing, judge

CODE = "below_control"
EVERYWHERE = "all"
"""The subject of the alarm where only all countries together show the loss."""


def judge_trial(session: Session, *, now: datetime) -> tuple[Judged, ...]:
    """How learned stands to control now, in each country and in all together."""
    return judge({window: count_decided(session, Window(now - window, now)) for window in WINDOWS})


def watch_trial(session: Session, *, now: datetime) -> int:
    """Raise the alarm where learned is below control, end it where that is no longer so; how many stand."""
    judged = judge_trial(session, now=now)
    below = [each for each in judged if each.standing is Standing.below]
    # A country's name says more than the sum that it draws down.
    named = [each for each in below if each.country is not None] or below
    kept = {_subject(each) for each in judged if each.standing is Standing.doubtful}
    for each in named:
        kept.add(_subject(each))
        raise_alarm(session, CODE, _subject(each), _params(each), now=now)
    for alarm in standing_alarms(session):
        if alarm.code == CODE and alarm.subject not in kept:
            end_alarm(session, CODE, alarm.subject, now=now)
    return len(named)


def _subject(judged: Judged) -> str:
    return judged.country or EVERYWHERE


def _params(judged: Judged) -> dict[str, object]:
    found = judged.worst
    return {
        "country": _subject(judged),
        "points": round(-100 * found.difference, 1) if found else 0,
        "control_orders": judged.control,
    }
