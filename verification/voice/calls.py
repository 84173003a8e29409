"""A call that is on the line: what it is about, and in whose voice we speak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import ContactOrder
from models.attempts import Attempt
from models.sellers import Store
from models.steps import Step
from models.vocabulary import Channel
from verification.contact.describing import contact_of
from verification.outcome.calling_in import DECIDED
from verification.voice.languages import voice_of


@dataclass(frozen=True)
class OnLine:
    """A machine's call with a buyer, ours or (`called_in`) theirs.

    `is_decided`: they called when none of their orders waited for an answer. `clips` are the recordings that
    speak the `language`, none where a machine does. A call of ours that is answered after `valid_until`
    (aware UTC) says nothing.
    """

    reference: str
    called_in: bool
    is_decided: bool
    store_name: str
    orders: Sequence[ContactOrder]
    country: str
    language: str
    clips: Mapping[str, UUID]
    valid_until: datetime | None


def on_line(session: Session, reference: str) -> OnLine | None:
    """The call of that reference; None when there is none."""
    attempt = session.scalars(
        select(Attempt).where(
            Attempt.reference == reference.replace("\0", ""), Attempt.channel == Channel.ivr
        )
    ).one_or_none()
    if attempt is None:
        return None
    contact, step = contact_of(session, attempt), session.get_one(Step, attempt.step_id)
    language, clips = voice_of(session, session.get_one(Store, attempt.store_id).seller_id, contact.language)
    return OnLine(
        reference=attempt.reference,
        called_in=attempt.called_in,
        is_decided=step.reason["code"] == DECIDED,
        store_name=contact.store_name,
        orders=contact.orders,
        country=contact.country,
        language=language,
        clips=clips,
        valid_until=None if attempt.called_in else contact.valid_until,
    )
