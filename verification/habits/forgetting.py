"""Forgetting buyers' habits: the counts are dropped, and nothing that was counted is counted again."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.slots import Habits


def forget(session: Session, buyer_ids: Collection[UUID]) -> None:
    """Drop the counts of these buyers; the caller holds their locks.

    What comes later of a contact that was made before is counted afresh, as that contact's.
    """
    session.execute(delete(Habits).where(Habits.buyer_id.in_(buyer_ids)))
    session.execute(
        update(Attempt)
        .where(Attempt.buyer_id.in_(buyer_ids), or_(Attempt.counted_as.is_not(None), Attempt.recount))
        .values(counted_as=None, recount=False)
        .execution_options(synchronize_session="fetch")
    )
