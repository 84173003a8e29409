"""What an agent's time counts in the hours to come."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.slots import AgentPrice
from verification.slots.staffing import hour_of


def agent_prices(session: Session, since: datetime) -> Mapping[datetime, float]:
    """How many times its cost an agent's time counts, by the beginning of the hour (aware UTC), from the one
    of `since` on. Hours that are not named count once."""
    rows = session.execute(
        select(AgentPrice.begins_at, AgentPrice.price).where(AgentPrice.begins_at >= hour_of(since))
    )
    return {row.begins_at: row.price for row in rows}
