"""Holding every API key to its calls a second, over all processes together."""

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.rates import ApiRate

_BURST = timedelta(seconds=1)


def may_call(session: Session, key_id: str, rate: int, now: datetime) -> bool:
    """Count a call of the key if it has one left. `rate` is calls a second, all of which may come at once.

    The generic cell rate algorithm (ITU-T I.371): one row a key, nothing to clear away.
    """
    cost = timedelta(seconds=1) / rate
    # A clock of another machine that runs ahead may cost a caller one second, never more.
    start = func.least(func.greatest(ApiRate.paid_at, now), now + _BURST)
    spent = session.scalar(
        insert(ApiRate)
        .values(api_key_id=key_id, paid_at=now + cost)
        .on_conflict_do_update(
            index_elements=["api_key_id"], set_={"paid_at": start + cost}, where=start + cost <= now + _BURST
        )
        .returning(ApiRate.api_key_id)
    )
    return spent is not None
