"""Reading a buyer's week from what is kept: staff alone look at it, for it stems from all sellers' orders."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.buyers import Buyer
from models.vocabulary import AttemptState
from verification.habits.folding import attempt_cell
from verification.habits.picturing import BuyerWeek, Made, picture_week
from verification.habits.reading import pasts_of
from verification.hours.regime import regime_at
from verification.hours.where import Where
from verification.learning.current import current_model
from verification.policy.calendars import calendar_of
from verification.slots.cells import meant_by
from verification.slots.counts import Past

_MOST = 500
_MADE = (
    select(
        Attempt.channel,
        Attempt.local_hour_of_week,
        Attempt.regime,
        Attempt.outcome,
        Attempt.meaning,
        Attempt.called_in,
        Attempt.counted_as,
        Attempt.recount,
    )
    .join(Buyer, Buyer.id == Attempt.buyer_id)
    .where(
        Attempt.buyer_id == bindparam("buyer"),
        Attempt.state != AttemptState.failed,
        Buyer.erased_at.is_(None),
    )
    .order_by(Attempt.started_at.desc())
    .limit(_MOST)
)


def week_of_buyer(
    session: Session, buyer_id: UUID, where: Where, *, now: datetime, with_contacts: bool = True
) -> BuyerWeek:
    """When this buyer answers there, by all that was counted; `with_contacts` also the latest ones made, and
    what of them waits to be counted."""
    version, model = current_model(session)
    rows = session.execute(_MADE, {"buyer": buyer_id}).all() if with_contacts else ()
    return picture_week(
        model,
        version,
        _with_waiting(pasts_of(session, [buyer_id])[buyer_id], rows, where.country),
        _made(rows, where.country),
        country=where.country,
        city=where.place.code.partition("/")[2] if where.is_known else "",
        regime=regime_at(now, where.zone, where.country, calendar_of(session)),
    )


def _with_waiting(past: Past, rows: Sequence[Any], country: str) -> Past:
    """The counts as they will be once these contacts are folded in."""
    found = Past(dict(past.cells))
    for row in rows:
        cell = attempt_cell(row, country) if row.recount else row.counted_as
        if cell != row.counted_as:
            if row.counted_as is not None:
                found.add(row.counted_as, -1)
            if cell is not None:
                found.add(cell)
    return Past({cell: times for cell, times in found.cells.items() if times > 0})


def _made(rows: Sequence[Any], country: str) -> Iterator[Made]:
    """Those that count, or will; what was forgotten is not shown either."""
    for row in rows:
        is_counted = row.recount or row.counted_as is not None
        cell = attempt_cell(row, country) if is_counted else None
        if cell is not None:
            yield Made(row.channel, row.local_hour_of_week, bool(meant_by(cell).reached))
