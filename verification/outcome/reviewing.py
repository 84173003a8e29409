"""Bringing what a buyer wrote to an agent, where nothing else comes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.orders import Order
from models.reasons import Reason
from models.vocabulary import Channel, Intent
from verification.decision.ruling import Standing
from verification.decision.taking import standing_of
from verification.planning.scheduling import plan_case, plan_review

WROTE = "wrote_to_us"
TAPPED = "tapped_another_message"
_SAID_AGAIN = {Intent.confirm: Standing.confirmed, Intent.cancel: Standing.rejected}


def standings_of(session: Session, orders: Sequence[Order]) -> dict[UUID, Standing]:
    """Where the orders stand, before what was said is applied."""
    return {order.id: standing_of(session, order) for order in orders}


def review_decided(
    session: Session,
    orders: Sequence[Order],
    before: Mapping[UUID, Standing],
    intent: Intent | None,
    channel: Channel,
    *,
    now: datetime,
) -> None:
    """Give what was said about decided orders to an agent, unless it changed something or only said again
    what is decided; without effect where a contact is planned already."""
    if Standing.open in before.values() or intent is Intent.stop:
        return
    after = standings_of(session, orders)
    if after != before or all(_SAID_AGAIN.get(intent or Intent.unclear) is one for one in before.values()):
        return
    hand_to_agent(session, orders[-1], channel, now=now)


def hand_to_agent(
    session: Session, order: Order, channel: Channel, *, now: datetime, why: str = WROTE
) -> None:
    """Have an agent call about an order whose buyer wrote; one that is decided stays so."""
    reason = Reason(why, {"via": channel.value})
    if order.decision_id is not None:
        plan_review(session, order, now=now, reason=reason)
    elif order.wish is None:
        order.wish = {"reason": reason.as_json(), "at": None}
        session.flush()
        plan_case(session, order.buyer_id, order.store_id, now=now)
