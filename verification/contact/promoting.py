"""Making due steps ready."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_PROMOTE = text("""
WITH due AS MATERIALIZED (
    SELECT id FROM steps
    WHERE state = 'scheduled' AND not_before <= :now
    ORDER BY not_before
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
)
UPDATE steps SET state = 'ready'
FROM due
WHERE steps.id = due.id AND steps.state = 'scheduled'
RETURNING 1
""")


def promote(session: Session, *, now: datetime, limit: int = 1000) -> int:
    """Move steps that have come due into the queue; returns how many."""
    return len(session.execute(_PROMOTE, {"now": now, "limit": limit}).all())
