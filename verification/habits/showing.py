"""Reading a buyer's week from what is kept: staff alone look at it, for it stems from all sellers' orders."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.vocabulary import AttemptState
from verification.habits.picturing import BuyerWeek, Made, picture_week
from verification.habits.reading import pasts_of
from verification.hours.where import Where
from verification.learning.current import current_model
from verification.planning.regime import regime_at
from verification.policy.calendars import calendar_of

_MOST = 500
_MADE = (
    select(Attempt.channel, Attempt.local_hour_of_week, Attempt.outcome)
    .where(Attempt.buyer_id == bindparam("buyer"), ~Attempt.called_in, Attempt.state != AttemptState.failed)
    .order_by(Attempt.started_at.desc())
    .limit(_MOST)
)


def week_of_buyer(
    session: Session, buyer_id: UUID, where: Where, *, now: datetime, with_contacts: bool = True
) -> BuyerWeek:
    """When this buyer answers there, by all that was counted; `with_contacts` also the latest ones made."""
    version, model = current_model(session)
    rows = session.execute(_MADE, {"buyer": buyer_id}) if with_contacts else ()
    made = (Made(*row) for row in rows)
    return picture_week(
        model,
        version,
        pasts_of(session, [buyer_id])[buyer_id],
        made,
        country=where.country,
        city=where.place.code.partition("/")[2] if where.is_known else "",
        regime=regime_at(now, where.zone, where.country, calendar_of(session)),
    )
