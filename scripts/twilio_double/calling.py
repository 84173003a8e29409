"""Calls: dialled, ringing, answered, ended, and each change told."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

from scripts.twilio_double.account import Account
from scripts.twilio_double.recording import record
from scripts.twilio_double.refusing import ApiRefusal
from scripts.twilio_double.script import Behaves
from scripts.twilio_double.taken import Call, Form, first

_PHONE = re.compile(r"\+[1-9]\d{6,14}$|sip:.+|client:.+")
_EVENT = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
_SIP = {"completed": 200, "busy": 486, "no-answer": 480, "failed": 404, "canceled": 487}
_SECOND = timedelta(seconds=1)


class Leg:
    """One phone of a call, with what the script says of it and where its news goes."""

    def __init__(
        self, account: Account, call: Call, behaves: Behaves, news_url: str, events: frozenset[str]
    ) -> None:
        self.account = account
        self.call = call
        self.behaves = behaves
        self._news_url = news_url
        self._events = events
        self._held: list[tuple[Form, bool, str]] = []
        self.on_end: Callable[[datetime], None] | None = None
        self.recorded: tuple[datetime, str] | None = None
        self.keys = iter(behaves.keys)
        self.speech = iter(behaves.speech)
        account.calls[call.sid] = call
        call.end = self.end

    def ring(self, now: datetime, patience: int, on_answer: Callable[[datetime], None]) -> None:
        """Dial, ring for at most `patience` seconds, and answer or end as the script says."""
        end = next(reversed(self.behaves.of_call()), "completed")
        self._at(now + _SECOND / 4, lambda at: self.tell("initiated", at))
        if end == "failed":
            self._at(now + _SECOND, lambda at: self.end("failed", at))
            return
        self._at(now + _SECOND, self._rings)
        rings = self.behaves.rings
        if end == "no-answer" or rings > patience:
            end, rings = "no-answer", patience
        stop = now + timedelta(seconds=1 + rings)
        if end == "completed":
            self._at(stop, lambda at: self._answers(at, on_answer))
        else:
            self._at(stop, lambda at: self.end(end, at))

    def _at(self, at: datetime, do: Callable[[datetime], None]) -> None:
        self.account.later(at, lambda now: None if self.call.over else do(now))

    def _rings(self, at: datetime) -> None:
        self.call.status = "ringing"
        self.tell("ringing", at)

    def _answers(self, at: datetime, on_answer: Callable[[datetime], None]) -> None:
        self.call.status, self.call.started_at = "in-progress", at
        if first(self.call.form, "MachineDetection"):
            self.call.answered_by = self.behaves.answered_by
        self.tell("in-progress", at)
        on_answer(at)

    def end(self, status: str, at: datetime) -> None:
        """The leg is over; told with how long it lasted."""
        if self.call.over:
            return
        self.call.status, self.call.ended_at = status, at
        self.call.sip = self.behaves.sip or _SIP[status]
        if self.call.started_at is None:
            self.call.started_at = at
        self.tell(status, at)
        held, self._held = self._held, []
        for form, forged, token in reversed(held):
            self._send(at + self.behaves.late, form, forged, token)
        self.account.later(at + self.behaves.priced, self._price)
        if self.recorded is not None:
            began, url = self.recorded
            record(self.account, self.call.sid, began, at, source="StartCallRecordingTwiML", news_url=url)
        if self.on_end is not None:
            self.on_end(at)

    def _price(self, _: datetime) -> None:
        self.call.price = self.behaves.price if self.call.status == "completed" else "0"

    def tell(self, status: str, at: datetime) -> None:
        """A callback about a change, if anybody asked for it."""
        self.call.sequence += 1
        if not self._news_url or _EVENT.get(status, "completed") not in self._events:
            return
        if self.behaves.forged:
            contrary = "failed" if status in ("in-progress", "completed") else "completed"
            self._pass(self._news(contrary, at), True, self.account.new_token(), at)
        token = self.account.new_token()
        for _ in range(1 + self.behaves.duplicate):
            self._pass(self._news(status, at), False, token, at)

    def _pass(self, form: Form, forged: bool, token: str, at: datetime) -> None:
        if self.behaves.reorder:
            self._held.append((form, forged, token))
        else:
            self._send(at + self.behaves.late, form, forged, token)

    def _send(self, at: datetime, form: Form, forged: bool, token: str) -> None:
        url = self._news_url
        self.account.later(at, lambda now: self.account.call_back(now, url, form, token=token, forged=forged))

    def _news(self, status: str, at: datetime) -> Form:
        form = call_fields(self.account, self.call, status)
        form += [
            ("Timestamp", format_datetime(at)),
            ("SequenceNumber", str(self.call.sequence - 1)),
            ("CallbackSource", "call-progress-events"),
        ]
        if status in _SIP:
            seconds = self.call.seconds or 0
            form += [
                ("SipResponseCode", str(self.behaves.sip or _SIP[status])),
                ("CallDuration", str(seconds)),
                ("Duration", str(-(-seconds // 60))),
            ]
        return form


def call_fields(account: Account, call: Call, status: str | None = None) -> Form:
    """What every request about a call tells of it."""
    form = [
        ("CallSid", call.sid),
        ("AccountSid", account.sid),
        ("From", call.from_),
        ("To", call.to),
        ("Caller", call.from_),
        ("Called", call.to),
        ("CallStatus", status or call.status),
        ("Direction", call.direction),
        ("ApiVersion", "2010-04-01"),
    ]
    if call.parent is not None:
        form.append(("ParentCallSid", call.parent))
    if call.answered_by is not None:
        form.append(("AnsweredBy", call.answered_by))
    return form


def check_call(form: Form) -> None:
    """What Twilio refuses before it dials."""
    if not _PHONE.match(first(form, "To")):
        raise ApiRefusal(21211)
    if not _PHONE.match(first(form, "From")):
        raise ApiRefusal(21212)
    if not (first(form, "Url") or first(form, "Twiml") or first(form, "ApplicationSid")):
        raise ApiRefusal(21205, "a Url or Twiml is required")


def take_call(
    account: Account, form: Form, behaves: Behaves, now: datetime, on_answer: Callable[[Leg, datetime], None]
) -> Call:
    """Take a call and set its course; `on_answer` says what happens once somebody picks up."""
    call = Call(account.new_sid("CA"), first(form, "To"), first(form, "From"), form, now, "queued")
    events = frozenset(value for name, value in form if name == "StatusCallbackEvent")
    leg = Leg(account, call, behaves, first(form, "StatusCallback"), events or frozenset({"completed"}))
    leg.ring(now, int(first(form, "Timeout", "60")), lambda at: on_answer(leg, at))
    return call


def change_call(call: Call, form: Form, now: datetime) -> None:
    """Cancel a call that is not answered, or end one that is."""
    wanted = first(form, "Status")
    if not wanted:
        raise ApiRefusal(20001, "the double changes nothing of a call but its Status")
    if call.over or call.end is None or (wanted == "canceled" and call.status == "in-progress"):
        raise ApiRefusal(21220)
    call.end("completed" if call.status == "in-progress" else "canceled", now)
