"""What Twilio tells of messages: how they travelled, and what buyers wrote."""

from hashlib import sha256

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from channels.protocol import ContactEvent, LegReport, is_trial
from channels.twilio.account import PROVIDER
from channels.twilio.reading import (
    Posted,
    channel_of,
    is_foreign_code,
    read_arrival,
    read_call_status,
    read_leg,
    read_message_status,
)
from channels.twilio.replying import answer_with
from models.unit_of_work import Session
from models.vocabulary import Channel
from verification.alarms import raise_alarm
from verification.outcome.arriving import arrive
from verification.outcome.storing import keep_unread
from verification.outcome.taking_in import take_in
from web.context import context
from web.twilio.signed import Call, door


def add_to(doors: Blueprint) -> None:
    """Open the doors of messages, and the one that hears how calls go."""
    door(doors, "/messages/status", message_status)
    door(doors, "/messages/inbound", message_inbound)
    door(doors, "/voice/status", call_status)


def message_status(session: Session, call: Call) -> ResponseReturnValue:
    """How a message of ours travels."""
    return _take(session, call, read_message_status(_posted(call)), channel_of(call.form))


def call_status(session: Session, call: Call) -> ResponseReturnValue:
    """How a call goes: all of it, and each phone that rings for it."""
    posted = _posted(call)
    return _take(session, call, read_call_status(posted), Channel.ivr, read_leg(posted))


def message_inbound(session: Session, call: Call) -> ResponseReturnValue:
    """What a buyer wrote, tapped or sent; the answer may ask which order is meant."""
    arrival = read_arrival(_posted(call))
    if arrival is None:
        _keep(session, call)
        return _markup(None)
    if is_trial(arrival.reference):
        return _markup(None)
    reply = arrive(session, arrival, context().keys, now=call.now)
    return _markup(reply.text if reply else None)


def _take(
    session: Session, call: Call, event: ContactEvent | None, channel: Channel, leg: LegReport | None = None
) -> ResponseReturnValue:
    if event is None:
        _keep(session, call)
        return "", 204
    if is_trial(event.reference):
        return "", 204
    taken = take_in(session, event, now=call.now, leg=leg)
    if not taken.repeated and is_foreign_code(channel, event):
        told = {"channel": channel.value, "code": event.code}
        raise_alarm(session, "unknown_code", f"{channel.value}:{event.code}", told, now=call.now)
    return "", 204


def _keep(session: Session, call: Call) -> None:
    """What is signed but names nothing that we know is kept under its own contents."""
    keep_unread(session, PROVIDER, sha256(call.raw.encode()).hexdigest(), call.raw, now=call.now)


def _posted(call: Call) -> Posted:
    return Posted(
        form=call.form,
        raw=call.raw,
        at=call.now,
        reference=call.query.get("ref"),
        token=call.headers.get("I-Twilio-Idempotency-Token"),
    )


def _markup(text: str | None) -> Response:
    return Response(answer_with(text), content_type="text/xml; charset=utf-8")
