"""What was said and tried before: a buyer's thread over all channels, and the contacts about orders."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, cast, literal, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.messages import Message, MessageBody
from models.sellers import Store
from models.steps import StepOrder
from models.users import User
from verification.accounts.sessions import SignedIn
from verification.desk.legs import legs_of
from verification.desk.shown import PastContact, Said

_LONGEST = 50


def user_holder() -> ColumnElement[str]:
    """The name under which the enclosing query's `User` holds leases and stands in diaries."""
    return literal("agent:") + cast(User.id, Text)


# Built once, because every look at a case asks them.
_THREAD = (
    select(Message, MessageBody.body, Attempt.outcome, User.name)
    .outerjoin(MessageBody, MessageBody.message_id == Message.id)
    .outerjoin(Attempt, Attempt.id == Message.attempt_id)
    .outerjoin(User, user_holder() == Attempt.holder)
    .where(
        Message.buyer_id == bindparam("buyer"),
        Message.store_id.in_(select(Store.id).where(Store.seller_id == bindparam("seller"))),
    )
    .order_by(Message.said_at.desc(), Message.id.desc())
    .limit(_LONGEST)
)
_CONTACTS = (
    select(
        Attempt.id,
        Attempt.started_at,
        Attempt.channel,
        Attempt.outcome,
        Attempt.holder,
        Attempt.chosen,
        Attempt.chance,
        User.name,
    )
    .outerjoin(User, user_holder() == Attempt.holder)
    .where(
        Attempt.step_id.in_(
            select(StepOrder.step_id).where(StepOrder.order_id.in_(bindparam("orders", expanding=True)))
        ),
        Attempt.step_id.is_distinct_from(bindparam("before")),
    )
    .order_by(Attempt.started_at, Attempt.id)
)


def thread_of(session: Session, buyer_id: UUID, seller_id: UUID) -> tuple[Said, ...]:
    """The last things said between a buyer and one seller's stores, oldest first, over all channels."""
    rows = session.execute(_THREAD, {"buyer": buyer_id, "seller": seller_id}).all()
    return tuple(
        Said(
            at=message.said_at,
            direction=message.direction,
            channel=message.channel,
            text=body,
            intent=message.intent,
            button=message.button,
            soft=message.soft,
            by=name if message.direction == "out" else None,
            outcome=outcome if message.direction == "out" else None,
        )
        for message, body, outcome, name in reversed(rows)
    )


def contacts_of(
    session: Session,
    order_ids: Collection[UUID],
    agent: SignedIn | None = None,
    *,
    before: UUID | None = None,
) -> tuple[PastContact, ...]:
    """The contacts made about any of these orders, oldest first, `agent`'s own being theirs; without that of
    the step `before`."""
    rows = session.execute(_CONTACTS, {"orders": list(order_ids), "before": before}).all()
    legs = legs_of(session, [row.id for row in rows if row.channel.is_call])
    return tuple(
        PastContact(
            row.started_at,
            row.channel,
            row.outcome,
            row.name,
            mine=agent is not None and row.holder == agent.holder,
            legs=legs.get(row.id, ()),
            chosen=row.chosen,
            chance=row.chance,
        )
        for row in rows
    )
