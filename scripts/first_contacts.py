"""How long buyers waited for the first contact, counted from when they might have had it."""

from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.orders import Order
from models.sellers import Store
from models.steps import StepOrder
from models.vocabulary import MessageClass
from verification.hours.deciding import decide
from verification.hours.places import where_of
from verification.planning.permission import kind_of
from verification.policy.calendars import calendar_of
from verification.policy.stored import policy_book

_MINUTE = timedelta(minutes=1)


def first_contacts(session: Session) -> dict[str, Any]:
    """Of the orders that had one: the median and the 90th percentile in minutes; None without any.

    They count from the order's receipt, or from the first later minute at which the rules allow the channel.
    Soft pauses, caps, and whatever else held the contact back count as waiting.
    """
    waits = sorted(_waits(session))
    return {"orders": len(waits), "median_minutes": _share(waits, 0.5), "p90_minutes": _share(waits, 0.9)}


def _waits(session: Session) -> list[float]:
    book, calendar = policy_book(session), calendar_of(session)
    rows = session.execute(
        select(
            Order.created_at,
            Order.country,
            Order.place,
            Order.store_id,
            Store.seller_id,
            Attempt.channel,
            Attempt.started_at,
        )
        .join(StepOrder, StepOrder.order_id == Order.id)
        .join(Attempt, Attempt.step_id == StepOrder.step_id)
        .join(Store, Store.id == Order.store_id)
        .order_by(Order.id, Attempt.started_at)
        .ext(distinct_on(Order.id))
    )
    waits = []
    for received, country, place, store_id, seller_id, channel, at in rows:
        policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
        asked = kind_of(channel), MessageClass.service, where_of(country, place), policy, calendar
        # Until at once: only hard rules.
        opened = decide(*asked, received, until=received).at or received
        waits.append((at - max(received, opened)) / _MINUTE)
    return waits


def _share(waits: list[float], share: float) -> float | None:
    """The wait that so large a share of all did not exceed."""
    return round(waits[ceil(share * len(waits)) - 1], 1) if waits else None
