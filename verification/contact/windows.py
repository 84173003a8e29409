"""To whom free text may go on WhatsApp: for a day after they wrote, to the number they wrote to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from channels.protocol import Meaning
from models.attempts import Attempt
from models.messages import Message
from models.vocabulary import Channel
from verification.contact.claiming import Claim

# A little less than the day: a message that waits on its way must still arrive inside it.
_WINDOW = timedelta(hours=24) - timedelta(minutes=10)
_BUYERS = bindparam("buyers", type_=ARRAY(Uuid))
_SINCE: BindParameter[datetime] = bindparam("since")
_WROTE = (
    select(
        Message.contact_point_id,
        func.coalesce(Message.sender, Attempt.sender),
        func.max(Message.said_at),
    )
    .outerjoin(Attempt, Attempt.id == Message.attempt_id)
    .where(Message.buyer_id == any_(_BUYERS), Message.said_at > _SINCE)
    .where(Message.direction == "in", Message.channel == Channel.whatsapp)
    .group_by(Message.contact_point_id, func.coalesce(Message.sender, Attempt.sender))
)
_SHUT = (
    select(Attempt.contact_point_id, Attempt.sender, func.max(Attempt.started_at))
    .where(Attempt.buyer_id == any_(_BUYERS), Attempt.started_at > _SINCE)
    .where(Attempt.meaning == Meaning.window_closed.value)
    .group_by(Attempt.contact_point_id, Attempt.sender)
)


def open_windows(session: Session, claims: Sequence[Claim], now: datetime) -> set[UUID]:
    """The steps of those claims whose buyers wrote to the claim's own sender within the day.

    Where the provider has said since that the window is shut, it is.
    """
    asked = {
        one.step_id: (one.contact_point_id, one.sender.address)
        for one in claims
        if one.channel is Channel.whatsapp and one.sender is not None
    }
    if not asked:
        return set()
    values = {"buyers": list({one.buyer_id for one in claims}), "since": now - _WINDOW}
    wrote = {(point_id, sender): at for point_id, sender, at in session.execute(_WROTE, values)}
    if not wrote:
        return set()
    shut = {(point_id, sender): at for point_id, sender, at in session.execute(_SHUT, values)}
    is_open = {pair for pair, at in wrote.items() if pair not in shut or shut[pair] < at}
    return {step_id for step_id, pair in asked.items() if pair in is_open}
