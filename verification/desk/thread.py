"""What was said and tried before: a buyer's thread over all channels, and the contacts about orders."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, literal, select
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.messages import Message, MessageBody
from models.sellers import Store
from models.steps import StepOrder
from models.users import User
from verification.accounts.sessions import SignedIn
from verification.desk.shown import PastContact, Said

_LONGEST = 50


def user_holder() -> ColumnElement[str]:
    """The name under which the enclosing query's `User` holds leases and stands in diaries."""
    return literal("agent:") + cast(User.id, Text)


def thread_of(session: Session, buyer_id: UUID, seller_id: UUID) -> tuple[Said, ...]:
    """The last things said between a buyer and one seller's stores, oldest first, over all channels."""
    stores = select(Store.id).where(Store.seller_id == seller_id)
    rows = session.execute(
        select(Message, MessageBody.body, Attempt.outcome, User.name)
        .outerjoin(MessageBody, MessageBody.message_id == Message.id)
        .outerjoin(Attempt, Attempt.id == Message.attempt_id)
        .outerjoin(User, user_holder() == Attempt.holder)
        .where(Message.buyer_id == buyer_id, Message.store_id.in_(stores))
        .order_by(Message.said_at.desc(), Message.id.desc())
        .limit(_LONGEST)
    ).all()
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
    covering = select(StepOrder.step_id).where(StepOrder.order_id.in_(order_ids))
    rows = session.execute(
        select(Attempt.started_at, Attempt.channel, Attempt.outcome, Attempt.holder, User.name)
        .outerjoin(User, user_holder() == Attempt.holder)
        .where(Attempt.step_id.in_(covering), Attempt.step_id != before if before else literal(True))
        .order_by(Attempt.started_at, Attempt.id)
    )
    return tuple(
        PastContact(at, channel, outcome, name, mine=agent is not None and holder == agent.holder)
        for at, channel, outcome, holder, name in rows
    )
