"""What Twilio's forms say, in our words: pure. What no word of ours fits stays readable, and says nothing."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from channels.protocol import Arrival, ContactEvent, EventKind, LegReport, Meaning
from channels.twilio.account import PROVIDER
from channels.twilio.meanings import alarm_of, is_known, meaning_of
from models.vocabulary import AttemptState, CallParty, Channel, LegState, Outcome

_MESSAGE = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
_CALL = re.compile(r"CA[0-9a-fA-F]{32}")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")
_CODE = re.compile(r"[0-9]{1,6}")
_WORD = re.compile(r"[a-z_-]{1,40}")
_KIND = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.IGNORECASE)
_PAYLOAD = re.compile(r"([a-z_]{1,40}):([A-Za-z0-9_-]{1,80})")
_WHATSAPP = "whatsapp:"
_MOST_FILES = 10
_CLOCKS_DIFFER = timedelta(days=1)

_MESSAGE_STATES: Mapping[str, AttemptState] = {
    "accepted": AttemptState.sent,
    "scheduled": AttemptState.sent,
    "queued": AttemptState.sent,
    "sending": AttemptState.sent,
    "sent": AttemptState.sent,
    "delivered": AttemptState.delivered,
    "partially_delivered": AttemptState.delivered,
    "read": AttemptState.reached,
    "undelivered": AttemptState.failed,
    "failed": AttemptState.failed,
    "canceled": AttemptState.failed,
}
# A call that was taken back may have rung, so it counts as one that nobody answered.
_CALL_ENDS: Mapping[str, tuple[AttemptState, Outcome | None]] = {
    "queued": (AttemptState.sent, None),
    "initiated": (AttemptState.sent, None),
    "ringing": (AttemptState.sent, None),
    "in-progress": (AttemptState.reached, None),
    "completed": (AttemptState.closed, Outcome.answered),
    "busy": (AttemptState.closed, Outcome.busy),
    "no-answer": (AttemptState.closed, Outcome.no_answer),
    "canceled": (AttemptState.closed, Outcome.no_answer),
    "failed": (AttemptState.failed, None),
}
_LEG_STATES: Mapping[str, LegState] = {
    "queued": LegState.queued,
    "initiated": LegState.queued,
    "ringing": LegState.ringing,
    "in-progress": LegState.in_progress,
    "completed": LegState.completed,
    "busy": LegState.busy,
    "no-answer": LegState.no_answer,
    "canceled": LegState.canceled,
    "failed": LegState.failed,
}


@dataclass(frozen=True)
class Posted:
    """One form as it came (`at`, aware UTC): its fields, the body `raw`, the reference that its address
    carries and the token that a repeat of it has too, where there are such."""

    form: Mapping[str, str] = field(repr=False)
    raw: str = field(repr=False)
    at: datetime
    reference: str | None = None
    token: str | None = None

    def known_reference(self) -> str | None:
        """The reference, where it can be one of ours."""
        return self.reference if self.reference and _REFERENCE.fullmatch(self.reference) else None

    def id_of(self, *parts: str) -> str:
        """What this event is stored once under: its token, where there is one, and the parts that name it.

        The token alone would not do, being no part of what is signed.
        """
        token = [self.token] if self.token and _TOKEN.fullmatch(self.token) else []
        return ":".join([*token, *parts])


def read_message_status(posted: Posted) -> ContactEvent | None:
    """How a message travels; None when the form names no message.

    A status that nobody knows gives an event without a state, which is kept and shown.
    """
    form = posted.form
    sid = _sid(form, _MESSAGE, "MessageSid", "SmsSid")
    if sid is None:
        return None
    status = _word(form.get("MessageStatus") or form.get("SmsStatus"))
    state = _MESSAGE_STATES.get(status)
    code, meaning = None, None
    if state is AttemptState.failed:
        code = _code(form.get("ErrorCode")) or status
        # One that was taken back never left, so that nothing is used up.
        taken_back = code == "canceled"
        meaning = Meaning.retry_later if taken_back else meaning_of(channel_of(form), code)
    return ContactEvent(
        source=PROVIDER,
        external_id=posted.id_of(sid, status),
        kind=EventKind.transport,
        at=posted.at,
        raw=posted.raw,
        reference=posted.known_reference(),
        provider_id=sid,
        state=state,
        code=code if state else status,
        meaning=meaning,
        alarm=alarm_of(channel_of(form), code) if code else None,
    )


def read_call_status(posted: Posted) -> ContactEvent | None:
    """How a call goes; None when the form names no call."""
    form = posted.form
    sid = _sid(form, _CALL, "CallSid")
    if sid is None:
        return None
    status = _word(form.get("CallStatus"))
    state, outcome = _CALL_ENDS.get(status, (None, None))
    if outcome is Outcome.answered and _answered_by(form) not in (None, "human", "unknown"):
        outcome = Outcome.voicemail
    code = _call_code(form) if state is AttemptState.failed else None
    return ContactEvent(
        source=PROVIDER,
        external_id=posted.id_of(sid, status, form.get("SequenceNumber", "")[:10].replace("\0", "")),
        kind=EventKind.transport,
        at=_told_at(form, posted.at),
        raw=posted.raw,
        reference=posted.known_reference(),
        provider_id=sid,
        state=state,
        outcome=outcome,
        code=code or (None if state else status),
        meaning=meaning_of(Channel.ivr, code) if code else None,
        alarm=alarm_of(Channel.ivr, code) if code else None,
    )


def read_leg(posted: Posted) -> LegReport | None:
    """The phone that a call's status is about: one dialled from within a call is the buyer's, the first one
    the agent's where an agent calls. None for a call or a status that nobody knows."""
    form = posted.form
    sid = _sid(form, _CALL, "CallSid")
    state = _LEG_STATES.get(_word(form.get("CallStatus")))
    if sid is None or state is None:
        return None
    seconds = form.get("CallDuration", "")
    return LegReport(
        provider=PROVIDER,
        provider_id=sid,
        party=CallParty.buyer if form.get("ParentCallSid") else CallParty.agent,
        state=state,
        at=_told_at(form, posted.at),
        reference=posted.known_reference(),
        answered_by=_answered_by(form),
        code=_call_code(form) if state in (LegState.failed, LegState.no_answer, LegState.busy) else None,
        talk_seconds=int(seconds) if re.fullmatch(r"[0-9]{1,6}", seconds) else None,
    )


def read_arrival(posted: Posted) -> Arrival | None:
    """A message to us; None when the form names none. A tapped button names the contact that it answers."""
    form = posted.form
    sid = _sid(form, _MESSAGE, "MessageSid", "SmsMessageSid", "SmsSid")
    if sid is None:
        return None
    button = _PAYLOAD.fullmatch(form.get("ButtonPayload", ""))
    wish = form.get("OptOutType", "").lower()
    return Arrival(
        source=PROVIDER,
        # The message's own id, because a token is no part of what is signed.
        external_id=sid,
        channel=channel_of(form),
        at=posted.at,
        raw=posted.raw,
        phone=_bare(form.get("From")),
        sender=_bare(form.get("To")),
        provider_id=sid,
        reference=button[2] if button else None,
        answers=_sid(form, _MESSAGE, "OriginalRepliedMessageSid"),
        text=(form.get("Body") or form.get("ButtonText") or "").replace("\0", "") or None,
        button=button[1] if button else None,
        media=_files(form),
        location=_location(form),
        wish=wish if wish in ("stop", "start") else None,
    )


def is_foreign_code(channel: Channel, event: ContactEvent) -> bool:
    """Whether a failure brings a code that our tables do not explain."""
    named = event.code is not None and any(letter.isdigit() for letter in event.code)
    return event.state is AttemptState.failed and named and not is_known(channel, event.code or "")


def channel_of(form: Mapping[str, str]) -> Channel:
    """Over what a message goes: the addresses of WhatsApp say so."""
    names = (form.get("From", ""), form.get("To", ""))
    return Channel.whatsapp if any(name.startswith(_WHATSAPP) for name in names) else Channel.sms


def _sid(form: Mapping[str, str], pattern: re.Pattern[str], *names: str) -> str | None:
    found = next((form[name] for name in names if form.get(name)), "")
    return found if pattern.fullmatch(found) else None


def _word(text: str | None) -> str:
    word = (text or "").lower()
    return word if _WORD.fullmatch(word) else "unreadable"


def _code(text: str | None) -> str | None:
    # Twilio writes 0 where there is none.
    return text if text and _CODE.fullmatch(text) and text.strip("0") else None


def _call_code(form: Mapping[str, str]) -> str:
    sip = _code(form.get("SipResponseCode"))
    return _code(form.get("ErrorCode")) or (f"sip_{sip}" if sip else _word(form.get("CallStatus")))


def _answered_by(form: Mapping[str, str]) -> str | None:
    given = form.get("AnsweredBy", "").lower()
    return given if _WORD.fullmatch(given) else None


def _told_at(form: Mapping[str, str], came_at: datetime) -> datetime:
    """When it happened, as Twilio says; when we heard of it where that cannot be."""
    try:
        at = parsedate_to_datetime(form["Timestamp"])
        at = at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return came_at
    return at if abs(at - came_at) < _CLOCKS_DIFFER else came_at


def _bare(address: str | None) -> str:
    return (address or "").removeprefix(_WHATSAPP).replace("\0", "").strip()[:100]


def _files(form: Mapping[str, str]) -> tuple[str, ...]:
    count = form.get("NumMedia", "")
    most = min(int(count), _MOST_FILES) if re.fullmatch(r"[0-9]{1,3}", count) else 0
    kinds = (form.get(f"MediaContentType{place}", "") for place in range(most))
    return tuple(kind.lower() if _KIND.fullmatch(kind[:100]) else "unknown" for kind in kinds)


def _location(form: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    known = math.isfinite(latitude) and math.isfinite(longitude)
    return (latitude, longitude) if known and abs(latitude) <= 90 and abs(longitude) <= 180 else None
