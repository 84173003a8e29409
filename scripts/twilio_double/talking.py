"""Plays the product's TwiML on a leg: says, gathers, dials, hangs up."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin
from xml.etree import ElementTree

from scripts.twilio_double.account import Account
from scripts.twilio_double.calling import Leg, call_fields
from scripts.twilio_double.recording import record
from scripts.twilio_double.script import Behaves
from scripts.twilio_double.taken import Call, Form, first

Verb = ElementTree.Element
_SPOKEN = frozenset({"Say", "Play", "Pause"})
_KNOWN = _SPOKEN | {"Gather", "Dial", "Start", "Redirect", "Hangup", "Reject"}


def answer_call(leg: Leg, at: datetime) -> None:
    """Somebody picked up: ask the product what to say."""
    form = leg.call.form
    Talk(leg, first(form, "Url")).begin(at, first(form, "Twiml"))


def ring_in(account: Account, phone: str, to: str, behaves: Behaves, at: datetime) -> Call:
    """A call from `phone` to our number `to`."""
    number = account.number(to)
    call = Call(account.new_sid("CA"), to, phone, [], at, "ringing", "inbound", started_at=at)
    leg = Leg(account, call, behaves, number.status_url, frozenset({"completed"}))
    account.later(at, lambda now: Talk(leg, number.voice_url).begin(now, ""))
    return call


class Talk:
    """What one leg hears and presses, from the first answer of the product to its end."""

    def __init__(self, leg: Leg, url: str, then: Callable[[datetime], None] | None = None) -> None:
        self._leg = leg
        self._account = leg.account
        self._call = leg.call
        self._url = url
        self._then = then

    def begin(self, at: datetime, twiml: str) -> None:
        """Start with TwiML that is there already, or else with what the address gives."""
        if self._url:
            self._fetch(at, self._url, "POST", [])
        elif twiml:
            self._hear(twiml, at)
        else:
            self._over(at)

    def _fetch(self, at: datetime, url: str, method: str, extra: Form) -> None:
        self._url = urljoin(self._url, url)
        self._do(at, lambda now: self._ask(now, method, extra))

    def _ask(self, now: datetime, method: str, extra: Form) -> None:
        self._account.call_back(
            now,
            self._url,
            call_fields(self._account, self._call) + extra,
            method=method,
            then=self._hear,
            lost=self._lose,
        )
        if self._call.status == "ringing":
            self._call.status = "in-progress"

    def _do(self, at: datetime, do: Callable[[datetime], None]) -> None:
        self._account.later(at, lambda now: None if self._call.over else do(now))

    def _lose(self, at: datetime) -> None:
        self._account.warnings.append("11200: no TwiML came from the product")
        self._leg.end("completed", at)

    def _hear(self, twiml: str, at: datetime) -> None:
        if self._call.over:
            return
        try:
            root = ElementTree.fromstring(twiml)  # noqa: S314  the product's own answer
        except ElementTree.ParseError:
            self._account.warnings.append("12100: what came from the product is no XML")
            self._leg.end("completed", at)
            return
        self._play(iter(root), at)

    def _play(self, verbs: Iterator[Verb], at: datetime) -> None:
        for verb in verbs:
            if verb.tag not in _KNOWN:
                self._account.warnings.append(f"12200: <{verb.tag}> is not a verb of TwiML")
            elif verb.tag in _SPOKEN:
                at = self._listen([verb], at)
            elif verb.tag == "Start":
                self._start(verb, at)
            elif verb.tag == "Gather":
                at = self._listen(verb, at)
                if self._leg.behaves.hangs_up:
                    self._do(at, self._over)
                    return
                pressed = self._pressed(verb)
                wait = timedelta(seconds=1 if pressed else float(verb.get("timeout", "5")))
                if pressed or verb.get("actionOnEmptyResult") == "true":
                    self._fetch(at + wait, verb.get("action", ""), verb.get("method", "POST"), pressed)
                    return
                at += wait
            else:
                self._leave(verb, verbs, at)
                return
        if self._then is not None:
            self._do(at, self._then)
        else:
            self._do(at, self._over)

    def _leave(self, verb: Verb, verbs: Iterator[Verb], at: datetime) -> None:
        """The verbs after which this list does not simply go on."""
        if verb.tag == "Dial":
            dial = Dial(self._leg, verb, self._url, lambda form, now: self._dialled(verb, verbs, form, now))
            self._do(at, dial.begin)
        elif verb.tag == "Redirect":
            # Takes its time, so that an answer that redirects to itself cannot go on for ever at one instant.
            later = at + timedelta(seconds=1)
            self._fetch(later, (verb.text or "").strip(), verb.get("method", "POST"), [])
        elif verb.tag == "Reject":
            self._do(at, lambda now: self._leg.end("busy", now))
        else:
            self._do(at, self._over)

    def _dialled(self, verb: Verb, verbs: Iterator[Verb], form: Form, at: datetime) -> None:
        if self._call.over:
            return
        if "action" in verb.keys():  # noqa: SIM118  an Element is no mapping
            self._fetch(at, verb.get("action", ""), verb.get("method", "POST"), form)
        else:
            self._play(verbs, at)

    def _start(self, verb: Verb, at: datetime) -> None:
        for each in verb:
            if each.tag == "Recording":
                url = each.get("recordingStatusCallback")
                self._leg.recorded = (at, urljoin(self._url, url) if url else "")
            else:
                self._account.warnings.append(f"the double starts no <{each.tag}>")

    def _over(self, at: datetime) -> None:
        self._leg.end("completed", at)

    def _listen(self, verbs: Iterable[Verb], at: datetime) -> datetime:
        """Hear what is said or played; when it is over."""
        for verb in verbs:
            text = "".join(verb.itertext()).strip()
            if verb.tag == "Pause":
                at += timedelta(seconds=float(verb.get("length", "1")))
                continue
            self._call.heard.append(text)
            if verb.tag == "Play" and text:
                self._clip(urljoin(self._url, text), at)
            at += timedelta(seconds=2)
        return at

    def _clip(self, url: str, at: datetime) -> None:
        self._do(at, lambda now: self._account.call_back(now, url, [], method="GET"))

    def _pressed(self, gather: Verb) -> Form:
        kinds = gather.get("input", "dtmf").split()
        key = next(self._leg.keys, "") if "dtmf" in kinds else ""
        if key:
            return [("Digits", key), ("FinishedOnKey", ""), ("msg", "Gather End")]
        said = next(self._leg.speech, "") if "speech" in kinds else ""
        if said:
            return [("SpeechResult", said), ("Confidence", "0.9"), ("Language", gather.get("language", ""))]
        return []


class Dial:
    """A second leg that a Dial rings, and what connects the two; `then` hears how it went."""

    def __init__(self, leg: Leg, verb: Verb, base: str, then: Callable[[Form, datetime], None]) -> None:
        self._leg = leg
        self._account = leg.account
        self._verb = verb
        self._base = base
        self._then = then
        self._bridged_at: datetime | None = None
        target = next(iter(verb), verb)
        self._whisper = target.get("url", "")
        self._number = (target.text or "").strip()
        self._news_url = (
            urljoin(base, target.get("statusCallback", "")) if target.get("statusCallback") else ""
        )
        self._events = frozenset(target.get("statusCallbackEvent", "completed").split())

    def begin(self, at: datetime) -> None:
        """Ring the second phone."""
        behaves = self._account.behaviour("call", self._number)
        caller = self._verb.get("callerId", self._leg.call.from_)
        call = Call(
            self._account.new_sid("CA"),
            self._number,
            caller,
            [],
            at,
            "queued",
            "outbound-dial",
            self._leg.call.sid,
        )
        self._child = Leg(self._account, call, behaves, self._news_url, self._events)
        self._child.on_end = self._ended
        self._leg.on_end = self._abandoned
        self._child.ring(at, int(self._verb.get("timeout", "30")), self._answered)

    def _answered(self, at: datetime) -> None:
        if self._whisper:
            Talk(self._child, urljoin(self._base, self._whisper), then=self._bridge).begin(at, "")
        else:
            self._bridge(at)

    def _bridge(self, at: datetime) -> None:
        self._bridged_at = at
        talks = min(self._child.behaves.talks, int(self._verb.get("timeLimit", "14400")))
        self._account.later(at + timedelta(seconds=talks), lambda now: self._child.end("completed", now))

    def _ended(self, at: datetime) -> None:
        call = self._child.call
        self._leg.on_end = None
        seconds = round((at - self._bridged_at).total_seconds()) if self._bridged_at else 0
        form = [
            ("DialCallStatus", call.status),
            ("DialCallSid", call.sid),
            ("DialCallDuration", str(seconds)),
            ("DialBridged", "true" if self._bridged_at else "false"),
        ]
        if self._bridged_at and self._verb.get("record", "do-not-record") not in ("do-not-record", "false"):
            url = self._verb.get("recordingStatusCallback")
            form += record(
                self._account,
                self._leg.call.sid,
                self._bridged_at,
                at,
                source="DialVerb",
                news_url=urljoin(self._base, url) if url else "",
            )
        self._then(form, at)

    def _abandoned(self, at: datetime) -> None:
        self._child.end("completed" if self._child.call.status == "in-progress" else "canceled", at)
