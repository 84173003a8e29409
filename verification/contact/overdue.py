"""What has waited longer than its own policy allows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, Select

from models.unit_of_work import unit_of_work
from verification.policy.stored import policy_book
from verification.policy.values import Policy


def overdue(
    engine: Engine,
    query: Select[UUID, datetime, UUID, UUID, str],
    wait: Callable[[Policy], timedelta],
    now: datetime,
) -> list[tuple[UUID, Policy]]:
    """Of rows (id, since, store, seller, country) those older than what their own policy lets them wait."""
    with unit_of_work(engine) as session:
        book = policy_book(session)
        found = []
        for one, since, store_id, seller_id, country in session.execute(query):
            policy = book.policy(store_id=store_id, seller_id=seller_id, country=country)
            if since + wait(policy) < now:
                found.append((one, policy))
        return found
