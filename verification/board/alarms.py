"""Putting an alarm away: whoever does so says that it is seen to, and it stands again when it is not."""

from datetime import datetime

from sqlalchemy.orm import Session

from verification import audit
from verification.alarms import end_alarm


def put_away(session: Session, code: str, subject: str, *, actor: str, now: datetime) -> bool:
    """End a standing alarm by hand, and note who did; False when it no longer stood."""
    ended = end_alarm(session, code, subject, now=now, by=actor)
    if ended:
        audit.note(
            session, at=now, actor=actor, code="alarm_put_away", params={"alarm": code, "subject": subject}
        )
    return bool(ended)
