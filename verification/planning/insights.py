"""Reading what was learned that bears on cases."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.orders import Order
from verification.habits.reading import pasts_of
from verification.learning.current import Current, current_model
from verification.planning.agent_prices import agent_prices
from verification.planning.case import Insight
from verification.slots.counts import Past as Counts
from verification.slots.staffing import felt
from verification.trial.arms import lot


@dataclass(frozen=True)
class Insights:
    """What was learned, read once for many cases; `counts` by buyer, as far as they are folded in."""

    current: Current
    counts: Mapping[UUID, Counts]
    prices: Mapping[datetime, float]

    def of(self, oldest: Order, least: Order) -> Insight:
        """What bears on one case, whose ladder stands at the `least` contacted of its orders."""
        return Insight(
            model=self.current.model,
            version=self.current.version,
            counts=self.counts[oldest.buyer_id],
            order_id=oldest.id,
            placed_at=least.placed_at,
            received_at=least.asked_since,
            agent_prices=felt(self.prices, lot(oldest.id, "agent_price")),
        )


def read_insights(session: Session, buyer_ids: Collection[UUID], now: datetime) -> Insights:
    """What plans for these buyers rest on."""
    return Insights(current_model(session), pasts_of(session, buyer_ids), agent_prices(session, now))
