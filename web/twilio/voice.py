"""What a call says, and what its keys do."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from channels.protocol import Arrival, ContactEvent, EventKind, is_trial
from channels.twilio.account import PROVIDER
from channels.twilio.speaking import Answering, ask, hang_up, tell
from models.unit_of_work import Session
from models.vocabulary import AttemptState, Channel, Intent, Outcome
from verification.outcome.calling_in import call_in
from verification.outcome.taking_in import take_in
from verification.replies.reading import read_reply
from verification.voice.calls import OnLine, on_line
from verification.voice.clips import sound_of
from verification.voice.script import AGAIN, KEYS, Said, asking_again, opening, say
from web.access import Access, open_to
from web.context import context
from web.transaction import in_transaction
from web.twilio import bridging
from web.twilio.signed import Call, door
from web.twilio.spoken import as_lines, as_markup

_MOST_MISSED, _MOST_TURNS = 2, 8
_HEARD_SURELY = 0.5
# What is said to buyers who speak instead of pressing a key; whatever else they say, an agent calls.
_SAID_FOR = {
    Intent.confirm: "confirm",
    Intent.cancel: "cancel",
    Intent.later: "later",
    Intent.stop: "stop",
    Intent.wrong_number: "wrong_number",
}


def add_to(doors: Blueprint) -> None:
    """Open the doors of calls."""
    door(doors, "/voice/answer", answer_call)
    door(doors, "/voice/key", take_key)
    door(doors, "/voice/inbound", take_call)
    bridging.add_to(doors)
    doors.add_url_rule("/voice/clips/<uuid:clip_id>", view_func=play_clip, methods=["GET"])


def answer_call(session: Session, call: Call) -> ResponseReturnValue:
    """A call of ours was answered: on a machine we hang up, to a person we say what it is about."""
    if is_trial(call.query.get("ref")):
        return _introduce(call)
    line = on_line(session, call.query.get("ref", ""))
    if line is None:
        return as_markup(hang_up())
    if call.form.get("AnsweredBy", "").startswith(("machine", "fax")):
        _note_machine(session, call, line)
        return as_markup(hang_up())
    if line.valid_until is not None and call.now >= line.valid_until:
        return as_markup(hang_up())
    return _ask(call, line, _opening(line), turn=1, missed=0)


def take_call(session: Session, call: Call) -> ResponseReturnValue:
    """Somebody calls us: a buyer is asked about the orders that wait, anybody else hears who we are."""
    sid = _sid(call)
    arrival = Arrival(
        source=PROVIDER,
        external_id=f"{sid}:inbound",
        channel=Channel.ivr,
        at=call.now,
        raw=call.raw,
        phone=call.form.get("From", ""),
        sender=call.form.get("To", "").replace("\0", ""),
        provider_id=sid,
    )
    reference = call_in(session, arrival, context().keys, now=call.now) if sid else None
    line = on_line(session, reference) if reference else None
    if line is None:
        return _introduce(call)
    return _ask(call, line, _opening(line), turn=1, missed=0)


def take_key(session: Session, call: Call) -> ResponseReturnValue:
    """A key was pressed, something was said, or neither."""
    line = on_line(session, call.query.get("ref", ""))
    if line is None:
        return as_markup(hang_up())
    turn, missed = (_count(call.query.get(name, "")) for name in ("turn", "missed"))
    digits, words = call.form.get("Digits", ""), call.form.get("SpeechResult", "").strip()
    if digits == AGAIN and turn < _MOST_TURNS:
        return _ask(call, line, _opening(line), turn=turn + 1, missed=missed)
    button = KEYS.get(digits)
    if button is not None and (button == "agent" or not line.is_decided):
        _hear(session, call, line, turn, button=button)
        return _tell(call, line, button)
    is_last = missed + 1 >= _MOST_MISSED or turn >= _MOST_TURNS
    if words and not digits and not line.is_decided:
        intent = read_reply(words).intent if _is_sure(call.form) else Intent.unclear
        if intent is not Intent.unclear or is_last:
            _hear(session, call, line, turn, text=words)
            return _tell(call, line, _SAID_FOR.get(intent, "agent"))
    if is_last:
        return _tell(call, line, "goodbye")
    why = "not_understood" if digits or words else "silent"
    again = _opening(line) if line.is_decided else asking_again(why, line.language)
    return _ask(call, line, again, turn=turn + 1, missed=missed + 1)


@open_to(Access.link)
def play_clip(clip_id: UUID) -> Response:
    """A recording that a call plays."""
    sound = in_transaction(lambda session: sound_of(session, clip_id))
    if sound is None:
        abort(404)
    played = Response(sound.content, content_type=sound.content_type)
    played.cache_control.public, played.cache_control.max_age = True, 3600
    played.last_modified = sound.uploaded_at
    played.add_etag()
    played.make_conditional(request)
    return played


def _introduce(call: Call) -> Response:
    """Say who we are, to somebody of whom no order is known."""
    said = [(language, say("unknown_caller", language)) for language in ("ar", "en")]
    return as_markup(
        tell([each for tongue, one in said for each in as_lines(call.account, [one], tongue, {})])
    )


def _opening(line: OnLine) -> Sequence[Said]:
    if line.is_decided:
        return (say("nothing_open", line.language, store=line.store_name),)
    return opening("welcome" if line.called_in else "greeting", line.orders, line.store_name, line.language)


def _ask(call: Call, line: OnLine, said: Sequence[Said], *, turn: int, missed: int) -> Response:
    query = {"ref": line.reference, "turn": str(turn), "missed": str(missed)}
    listen_in = None if line.is_decided else line.language
    answering = Answering(call.account.door("/voice/key", **query), listen_in, line.country)
    return as_markup(ask(as_lines(call.account, said, line.language, line.clips), answering))


def _tell(call: Call, line: OnLine, name: str) -> Response:
    said = [say(name, line.language)]
    return as_markup(tell(as_lines(call.account, said, line.language, line.clips)))


def _hear(
    session: Session,
    call: Call,
    line: OnLine,
    turn: int,
    *,
    button: str | None = None,
    text: str | None = None,
) -> None:
    sid = _sid(call)
    event = ContactEvent(
        source=PROVIDER,
        external_id=f"{sid or line.reference}:{turn}",
        kind=EventKind.reply,
        at=call.now,
        raw=call.raw,
        reference=line.reference,
        provider_id=sid or None,
        button=button,
        text=text,
    )
    take_in(session, event, now=call.now)


def _note_machine(session: Session, call: Call, line: OnLine) -> None:
    sid = _sid(call)
    event = ContactEvent(
        source=PROVIDER,
        external_id=f"{sid or line.reference}:machine",
        kind=EventKind.transport,
        at=call.now,
        raw=call.raw,
        reference=line.reference,
        provider_id=sid or None,
        state=AttemptState.closed,
        outcome=Outcome.voicemail,
    )
    take_in(session, event, now=call.now)


def _sid(call: Call) -> str:
    """The call's id at Twilio; empty for what cannot be one."""
    found = re.fullmatch("CA[0-9a-fA-F]{32}", call.form.get("CallSid", ""))
    return found[0] if found else ""


def _count(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else 0


def _is_sure(form: Mapping[str, str]) -> bool:
    """Whether Twilio is confident of the words it heard."""
    try:
        return float(form.get("Confidence", "1")) >= _HEARD_SURELY
    except ValueError:
        return False
