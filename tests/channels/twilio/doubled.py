"""The double of Twilio as tests of the channels use it, and what its callbacks say in our words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from channels.protocol import ContactEvent, EventKind
from channels.twilio.account import PROVIDER, Account
from channels.twilio.reading import Posted, read_arrival, read_call_status, read_message_status
from scripts.twilio_double.serving import Double
from scripts.twilio_double.taken import Callback

TOKEN = "token"
PUBLIC_URL = "https://takeed.example"
_KEYS = {"1": "confirm", "2": "cancel", "3": "later", "0": "agent"}


def account_at(double: Double, sid: str, *, timeout: float = 5.0) -> Account:
    return Account(sid, TOKEN, PUBLIC_URL, api_base=double.base, timeout=timeout)


def heard(double: Double, now: datetime, doubled: frozenset[str] = frozenset()) -> list[ContactEvent]:
    """All that has come back by `now`; what is about one of the phones of `doubled` comes twice."""
    events: list[ContactEvent] = []

    def post(callback: Callback) -> tuple[int, str]:
        form = dict(callback.form)
        event, answer = _read(callback, form)
        if event is not None:
            events.append(event)
            if doubled & {form["From"].rpartition(":")[2], form["To"].rpartition(":")[2]}:
                events.append(event)
        return 200, answer

    # What follows from an answer is due a little later.
    for minutes in (0, 1, 2, 3):
        double.deliver(now + timedelta(minutes=minutes), post)
    return events


def _read(callback: Callback, form: Mapping[str, str]) -> tuple[ContactEvent | None, str]:
    parts = urlsplit(callback.url)
    reference = parse_qs(parts.query).get("ref", [None])[0]
    token = callback.headers["I-Twilio-Idempotency-Token"]
    posted = Posted(form, urlencode(callback.form), callback.at, reference, token)
    match parts.path.removeprefix("/channels/twilio"):
        case "/messages/status":
            return read_message_status(posted), ""
        case "/voice/status":
            return read_call_status(posted), ""
        case "/voice/answer":
            action = f"{PUBLIC_URL}/channels/twilio/voice/key?ref={quote(reference or '')}"
            return None, f'<Response><Gather numDigits="1" action="{action}"/></Response>'
        case "/voice/key":
            button, said_in = _KEYS.get(form.get("Digits", "")), f"{form['CallSid']}:1"
            return _reply(
                said_in, callback, reference, form["CallSid"], button
            ), "<Response><Hangup/></Response>"
    arrival = read_arrival(posted)
    assert arrival is not None
    # The message that it answers is ours; its own id is no contact's.
    return _reply(arrival.external_id, callback, arrival.reference, arrival.answers, arrival.button), ""


def _reply(
    external_id: str, callback: Callback, reference: str | None, provider_id: str | None, button: str | None
) -> ContactEvent:
    return ContactEvent(
        source=PROVIDER,
        external_id=external_id,
        kind=EventKind.reply,
        at=callback.at,
        raw="",
        reference=reference,
        provider_id=provider_id,
        button=button,
    )
