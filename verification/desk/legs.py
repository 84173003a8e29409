"""The phones that rang for contacts, as the desk shows them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.calls import CallLeg
from verification.desk.call_stage import Ring, ShownCall, ShownLeg, stage_of

OWN_PHONE = "agent"
"""The provider of calls that agents make from a phone of their own."""

# Built once, because every look at a case asks it.
_LEGS = (
    select(
        CallLeg.attempt_id,
        CallLeg.party,
        CallLeg.state,
        CallLeg.first_at,
        CallLeg.answered_at,
        CallLeg.talk_seconds,
    )
    .where(CallLeg.attempt_id == any_(bindparam("attempts", type_=ARRAY(Uuid))))
    .order_by(CallLeg.first_at, CallLeg.id)
)


def legs_of(session: Session, attempt_ids: Collection[UUID]) -> Mapping[UUID, tuple[ShownLeg, ...]]:
    """The legs of each of these attempts that had any, as they began to ring."""
    found: dict[UUID, tuple[ShownLeg, ...]] = {}
    if attempt_ids:
        for row in session.execute(_LEGS, {"attempts": list(attempt_ids)}):
            leg = ShownLeg(row.party, row.state, row.first_at, row.answered_at, row.talk_seconds)
            found[row.attempt_id] = (*found.get(row.attempt_id, ()), leg)
    return found


def call_of(session: Session, attempt: Attempt | None, now: datetime) -> ShownCall | None:
    """How far an agent's call has come; None for one that no provider connects."""
    if attempt is None or attempt.provider == OWN_PHONE:
        return None
    ring = Ring(attempt.state, attempt.state_at, attempt.provider_id is not None, attempt.meaning)
    return stage_of(ring, legs_of(session, [attempt.id]).get(attempt.id, ()), now)
