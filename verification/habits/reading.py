"""Reading what is counted of buyers' pasts."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.slots import Habits
from verification.slots.counts import Past

_COUNTS = select(Habits.buyer_id, Habits.cells).where(
    Habits.buyer_id == any_(bindparam("buyers", type_=ARRAY(Uuid)))
)


def pasts_of(session: Session, buyer_ids: Collection[UUID]) -> Mapping[UUID, Past]:
    """The counts of each of these buyers, as far as they are folded in; of one without any, none."""
    found = {buyer_id: Past() for buyer_id in buyer_ids}
    for buyer_id, cells in session.execute(_COUNTS, {"buyers": list(buyer_ids)}):
        found[buyer_id] = Past({int(cell): count for cell, count in cells.items()})
    return found
