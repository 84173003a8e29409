"""Links to the buyer's page: made when a message begins, found again by their token."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.orders import Order
from models.pages import PageLink
from models.secrecy import digest, new_link_token
from models.vocabulary import Purpose
from verification.policy.values import Policy


def make_link(
    attempt: Attempt, orders: Sequence[Order], purpose: Purpose, policy: Policy, now: datetime
) -> tuple[str, PageLink]:
    """The link that goes out with an attempt, to be stored: its token, which is kept nowhere, and its row.

    It opens the page until the last of the orders must be decided, and the policy's `page_link_hours` longer:
    a buyer may still think again before the parcel leaves.
    """
    token = new_link_token()
    latest = max(now, *(order.decide_by for order in orders))
    return token, PageLink(
        token_hash=digest(token),
        attempt_id=attempt.id,
        purpose=purpose,
        created_at=now,
        expires_at=latest + timedelta(hours=policy.page_link_hours),
    )


def find_link(session: Session, token: str, now: datetime) -> PageLink | None:
    """The link of this token, None when there is none or its time is over."""
    link = session.get(PageLink, digest(token))
    return link if link is not None and now < link.expires_at else None
