"""Connecting an agent with a buyer: the agent's phone first, a key, then the buyer's."""

import re

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from channels.protocol import LegReport
from channels.twilio.account import PROVIDER
from channels.twilio.speaking import Answering, Dialled, ask, connect, go_on, hang_up, tell
from models.unit_of_work import Session
from models.vocabulary import CallParty, LegState
from verification.voice.bridging import Bridge, bridge_of, note_buyer_leg, note_recording
from verification.voice.script import say
from web.twilio.signed import Call, door
from web.twilio.spoken import as_lines, as_markup

_ALLOWS = "1"
# How the buyer's phone ended, and what the agent is told of it.
_ENDS = {
    "completed": (LegState.completed, None),
    "answered": (LegState.in_progress, None),
    "busy": (LegState.busy, "buyer_busy"),
    "no-answer": (LegState.no_answer, "buyer_no_answer"),
    "canceled": (LegState.canceled, None),
    "failed": (LegState.failed, "buyer_failed"),
}


def add_to(doors: Blueprint) -> None:
    """Open the doors of agents' calls."""
    for path, view in (
        ("bridge", greet_agent),
        ("bridged", ring_buyer),
        ("consent", ask_consent),
        ("consented", take_consent),
        ("recorded", note_recorded),
        ("ended", tell_end),
    ):
        door(doors, f"/voice/{path}", view)


def greet_agent(session: Session, call: Call) -> ResponseReturnValue:
    """The agent's phone was answered: a key shows that it is the agent, and no machine."""
    bridge = _bridge(session, call)
    if bridge is None:
        return as_markup(hang_up())
    if not bridge.is_open:
        return _tell_agent(call, bridge, "agent_too_late")
    said = [say("agent_ready", bridge.agent_language, store=bridge.store_name)]
    lines = as_lines(call.account, said, bridge.agent_language, {})
    return as_markup(ask(lines, Answering(_door(call, bridge, "bridged"))))


def ring_buyer(session: Session, call: Call) -> ResponseReturnValue:
    """The agent pressed a key: the buyer's phone rings, and shows our number."""
    bridge = _bridge(session, call)
    if bridge is None or not call.form.get("Digits"):
        return as_markup(hang_up())
    if not bridge.is_open or bridge.sender is None or not bridge.phone:
        return _tell_agent(call, bridge, "agent_too_late")
    dialled = Dialled(
        phone=bridge.phone,
        caller_id=bridge.sender.address,
        trunk=bridge.sender.trunk,
        ring_seconds=bridge.ring_seconds,
        most_seconds=bridge.most_seconds,
        action=_door(call, bridge, "ended"),
        status=_door(call, bridge, "status"),
        whisper=_door(call, bridge, "consent") if bridge.may_record else None,
    )
    return as_markup(connect((), dialled))


def ask_consent(session: Session, call: Call) -> ResponseReturnValue:
    """The buyer answered, and is told of the recording before anybody speaks."""
    bridge = _bridge(session, call)
    if bridge is None or not bridge.may_record:
        return as_markup(go_on())
    lines = as_lines(call.account, [say("consent", bridge.language)], bridge.language, bridge.clips)
    return as_markup(ask(lines, Answering(_door(call, bridge, "consented"))))


def take_consent(session: Session, call: Call) -> ResponseReturnValue:
    """With the key the call is recorded, without it not; either way the two are connected."""
    bridge, sid = _bridge(session, call), _sid(call, "CallSid")
    if bridge is None or not bridge.may_record or sid is None or call.form.get("Digits") != _ALLOWS:
        return as_markup(go_on())
    report = LegReport(PROVIDER, sid, CallParty.buyer, LegState.in_progress, call.now)
    note_buyer_leg(session, bridge.reference, report, consented=True)
    return as_markup(go_on(record_to=_door(call, bridge, "recorded")))


def note_recorded(session: Session, call: Call) -> ResponseReturnValue:
    """A recording is ready at Twilio."""
    sid, recording = _sid(call, "CallSid"), _sid(call, "RecordingSid", "RE")
    if sid is not None and recording is not None:
        note_recording(session, PROVIDER, sid, recording)
    return "", 204


def tell_end(session: Session, call: Call) -> ResponseReturnValue:
    """The buyer's phone is done with: the agent hears why, where nobody spoke."""
    bridge, sid = _bridge(session, call), _sid(call, "DialCallSid")
    if bridge is None:
        return as_markup(hang_up())
    state, name = _ENDS.get(call.form.get("DialCallStatus", ""), (None, None))
    if sid is not None and state is not None:
        seconds = call.form.get("DialCallDuration", "")
        talked = int(seconds) if re.fullmatch("[0-9]{1,6}", seconds) else None
        report = LegReport(PROVIDER, sid, CallParty.buyer, state, call.now, talk_seconds=talked)
        note_buyer_leg(session, bridge.reference, report)
    return _tell_agent(call, bridge, name) if name else as_markup(hang_up())


def _bridge(session: Session, call: Call) -> Bridge | None:
    return bridge_of(session, call.query.get("ref", ""), now=call.now)


def _door(call: Call, bridge: Bridge, name: str) -> str:
    return call.account.door(f"/voice/{name}", ref=bridge.reference)


def _tell_agent(call: Call, bridge: Bridge, name: str) -> Response:
    said = [say(name, bridge.agent_language)]
    return as_markup(tell(as_lines(call.account, said, bridge.agent_language, {})))


def _sid(call: Call, field: str, kind: str = "CA") -> str | None:
    found = call.form.get(field, "")
    return found if re.fullmatch(f"{kind}[0-9a-fA-F]{{32}}", found) else None
