"""Remembering which channels do not reach a phone."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.buyers import ContactPoint, OptOut, Reachability
from models.vocabulary import Channel, Purpose

MACHINES = (Channel.whatsapp, Channel.sms, Channel.ivr)
"""The channels that are all shut for one reason where a number does not exist."""


def note_unreachable(session: Session, attempt: Attempt, reason: str, now: datetime) -> None:
    """The attempt's channel does not reach its phone; planning leaves it out from now on."""
    _note(session, attempt, attempt.channel, reachable=False, reason=reason, now=now)


def note_no_number(session: Session, attempt: Attempt, reason: str, now: datetime) -> None:
    """There is no such phone, says a provider: no machine reaches it, and an agent finds the right one."""
    for channel in MACHINES:
        _note(session, attempt, channel, reachable=False, reason=reason, now=now)


def note_reached(session: Session, attempt: Attempt, now: datetime) -> None:
    """Something got through: an earlier finding that nothing does is void."""
    _note(session, attempt, attempt.channel, reachable=True, reason="answered", now=now)


def forget_unreachable(session: Session, attempt: Attempt) -> None:
    """The attempt did not fail after all: what its failure taught of the phone is void."""
    session.execute(
        delete(Reachability).where(
            Reachability.contact_point_id == attempt.contact_point_id,
            ~Reachability.reachable,
            Reachability.reason == attempt.error_code,
        )
    )


def _note(
    session: Session, attempt: Attempt, channel: Channel, *, reachable: bool, reason: str, now: datetime
) -> None:
    if attempt.contact_point_id is None:
        return
    values = {"reachable": reachable, "reason": reason, "noted_at": now}
    session.execute(
        insert(Reachability)
        .values(contact_point_id=attempt.contact_point_id, channel=channel, **values)
        .on_conflict_do_update(index_elements=["contact_point_id", "channel"], set_=values)
    )


_SAME_ROAD = {
    Channel.whatsapp: (Channel.whatsapp,),
    Channel.sms: (Channel.sms,),
    Channel.page: (Channel.sms, Channel.whatsapp),
    Channel.ivr: (Channel.ivr,),
    Channel.agent_call: (Channel.agent_call, Channel.ivr),
}


def opt_out(session: Session, attempt: Attempt, now: datetime, *, over: Channel | None = None) -> None:
    """The buyer asked for silence: kept under the phone's keyed hash; a no to an agent binds the robot.

    `over` is where they asked, if not on the attempt's channel: on the page, it is meant for all messages.
    """
    if attempt.contact_point_id is None:
        return
    point = session.get_one(ContactPoint, attempt.contact_point_id)
    silence(session, point.phone_hash, over or attempt.channel, now)


def silence(session: Session, phone_hash: bytes, over: Channel, now: datetime) -> None:
    """The owner of a phone asked for silence there, about no contact that we know."""
    for channel in _SAME_ROAD[over]:
        session.execute(
            insert(OptOut)
            .values(phone_hash=phone_hash, channel=channel, purpose=Purpose.verify, opted_out_at=now)
            .on_conflict_do_nothing()
        )


def end_silence(session: Session, phone_hash: bytes, channel: Channel) -> bool:
    """The owner lets us write there again; False when they had never asked for silence."""
    asked = delete(OptOut).where(
        OptOut.phone_hash == phone_hash, OptOut.channel == channel, OptOut.purpose == Purpose.verify
    )
    return session.execute(asked.returning(OptOut.channel)).first() is not None
