"""Who asked not to be contacted there again."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.buyers import OptOut
from models.vocabulary import Channel, Purpose


def wants_silence(session: Session, phone_hash: bytes, channel: Channel) -> bool:
    """Whether the owner of a phone opted out of being asked about orders on a channel."""
    opted_out = exists().where(
        OptOut.phone_hash == phone_hash, OptOut.channel == channel, OptOut.purpose == Purpose.verify
    )
    return bool(session.scalar(select(opted_out)))
