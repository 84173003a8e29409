"""Messages that the product sends: taken, carried, reported, answered."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scripts.twilio_double.account import Account
from scripts.twilio_double.refusing import ApiRefusal
from scripts.twilio_double.script import Behaves
from scripts.twilio_double.taken import Form, Message, first
from scripts.twilio_double.writing import write

_WINDOW = timedelta(hours=24)
_FAILED = ("failed", "undelivered")
_PHONE = re.compile(r"\+[1-9]\d{6,14}$")
_CONTRARY = {"failed": "delivered", "undelivered": "delivered"}
_EVENTS = {"sent": "SENT", "delivered": "DELIVERED", "read": "READ"}


def plain(address: str) -> str:
    """The phone of an address, which on WhatsApp has a prefix."""
    return address.removeprefix("whatsapp:")


def check_message(account: Account, form: Form) -> None:
    """What Twilio refuses before anything else happens."""
    to, sender = first(form, "To"), first(form, "From")
    service = first(form, "MessagingServiceSid")
    if not sender and not service:
        raise ApiRefusal(21212, "a 'From' number or a messaging service is required")
    if not _PHONE.match(plain(to)):
        raise ApiRefusal(21211)
    if sender and to.startswith("whatsapp:") != sender.startswith("whatsapp:"):
        raise ApiRefusal(63007 if to.startswith("whatsapp:") else 21606)
    if not (first(form, "Body") or first(form, "ContentSid") or first(form, "MediaUrl")):
        raise ApiRefusal(21619)
    if variables := first(form, "ContentVariables"):
        variables_of(variables)
    if not to.startswith("whatsapp:") and (to, sender or service) in account.stopped:
        raise ApiRefusal(21610)


def take_message(
    account: Account, form: Form, behaves: Behaves, now: datetime, direction: str = "outbound-api"
) -> Message:
    """Take a message and set its course."""
    service = first(form, "MessagingServiceSid")
    message = Message(
        account.new_sid("SM"),
        first(form, "To"),
        first(form, "From") or service,
        form,
        now,
        "accepted" if service else "queued",
        text_of(account, form),
        direction,
    )
    account.messages[message.sid] = message
    report, error = _course(account, message, behaves, now)
    times = [now + behaves.every * (place + 1) for place in range(len(report))]
    for status, at in zip(report, times, strict=True):
        account.later(at, _moving(message, status, error))
    for status, at in zip(report, reversed(times) if behaves.reorder else times, strict=True):
        account.later(at + behaves.late, _telling(account, message, status, error, behaves))
    end = times[-1] if times else now
    account.later(end + behaves.priced, _pricing(message, behaves.price))
    if report and report[-1] not in _FAILED and (behaves.taps or behaves.says):
        account.later(end + behaves.after, _answering(account, message, behaves))
    return message


def _course(
    account: Account, message: Message, behaves: Behaves, now: datetime
) -> tuple[tuple[str, ...], int | None]:
    if report := behaves.of_message():
        return report, behaves.error_code
    if message.to.startswith("whatsapp:") and not first(message.form, "ContentSid"):
        wrote = account.wrote_at.get((message.to, message.from_))
        if wrote is None or now - wrote >= _WINDOW:
            return ("failed",), 63016
    return ("sent", "delivered"), None


def _moving(message: Message, status: str, error: int | None) -> Callable[[datetime], None]:
    def move(at: datetime) -> None:
        if message.status == "canceled":
            return
        message.status, message.updated_at = status, at
        if status in _FAILED:
            message.error_code = error
        elif message.sent_at is None:
            message.sent_at = at

    return move


def _telling(
    account: Account, message: Message, status: str, error: int | None, behaves: Behaves
) -> Callable[[datetime], None]:
    def tell(at: datetime) -> None:
        url = first(message.form, "StatusCallback")
        if not url or (message.status == "canceled" and status != "canceled"):
            return
        if behaves.forged:
            contrary = _CONTRARY.get(status, "failed")
            account.call_back(at, url, _news(account, message, contrary, 30008), forged=True)
        token = account.new_token()
        for _ in range(1 + behaves.duplicate):
            account.call_back(at, url, _news(account, message, status, error), token=token)

    return tell


def _news(account: Account, message: Message, status: str, error: int | None) -> Form:
    form = [
        ("SmsSid", message.sid),
        ("SmsStatus", status),
        ("MessageStatus", status),
        ("To", message.to),
        ("MessageSid", message.sid),
        ("AccountSid", account.sid),
        ("From", message.from_),
        ("ApiVersion", "2010-04-01"),
    ]
    if service := first(message.form, "MessagingServiceSid"):
        form.append(("MessagingServiceSid", service))
    if message.to.startswith("whatsapp:"):
        form += [
            ("ChannelPrefix", "whatsapp"),
            ("ChannelToAddress", message.to.removeprefix("whatsapp:")[:-4] + "XXXX"),
            ("StructuredMessage", "false"),
        ]
        if status in _EVENTS:
            form.append(("EventType", _EVENTS[status]))
    elif status in ("delivered", "undelivered"):
        form.append(("RawDlrDoneDate", f"{account.clock():%y%m%d%H%M}"))
    if status in _FAILED and error is not None:
        form.append(("ErrorCode", str(error)))
    return form


def _pricing(message: Message, price: str) -> Callable[[datetime], None]:
    def fix(_: datetime) -> None:
        message.price = "0" if message.status in ("failed", "canceled") else price

    return fix


def _answering(account: Account, message: Message, behaves: Behaves) -> Callable[[datetime], None]:
    def answer(at: datetime) -> None:
        if message.status == "canceled":
            return
        if behaves.says is not None:
            write(account, message.to, message.from_, at, body=behaves.says, take_reply=take_reply)
            return
        taps = behaves.taps or ""
        buttons = buttons_of(account, message.form) or _guessed(message.form, taps)
        payload, title = next(
            ((id_, title) for id_, title in buttons.items() if id_.startswith(taps)), (taps, taps)
        )
        write(
            account,
            message.to,
            message.from_,
            at,
            body=title,
            button_payload=payload,
            replied_to=message.sid,
            take_reply=take_reply,
        )

    return answer


def take_reply(account: Account, phone: str, sender: str, text: str, now: datetime) -> None:
    """A message that the product answers a webhook with."""
    form = [("To", phone), ("From", sender), ("Body", text)]
    take_message(account, form, Behaves(), now, "outbound-reply")


def cancel_message(message: Message, now: datetime) -> None:
    """Call a message back that has not left yet."""
    if message.status not in ("accepted", "queued", "scheduled"):
        raise ApiRefusal(30409, "the message has left already")
    message.status, message.updated_at = "canceled", now


def variables_of(text: str) -> dict[str, str]:
    """What fills a template, from its JSON."""
    try:
        variables = json.loads(text)
    except ValueError:
        raise ApiRefusal(21656, "not JSON") from None
    if not isinstance(variables, dict) or not all(isinstance(each, str) for each in variables.values()):
        raise ApiRefusal(21656, "not an object of texts")
    return variables


def text_of(account: Account, form: Form) -> str:
    """What the buyer reads: the body, or the template with its variables put in."""
    content = account.contents.get(first(form, "ContentSid"))
    if content is None:
        return first(form, "Body")
    kind = next(iter(content.body["types"].values()))
    return _filled(kind.get("body", ""), variables_of(first(form, "ContentVariables", "{}")))


def buttons_of(account: Account, form: Form) -> dict[str, str]:
    """The buttons of a message, id to title; none when its template is not one of ours."""
    content = account.contents.get(first(form, "ContentSid"))
    if content is None:
        return {}
    variables = variables_of(first(form, "ContentVariables", "{}"))
    actions: list[Mapping[str, Any]] = next(iter(content.body["types"].values())).get("actions", [])
    return {
        _filled(each.get("id") or each["title"], variables): _filled(each["title"], variables)
        for each in actions
    }


def _guessed(form: Form, taps: str) -> dict[str, str]:
    # A template that was never submitted here: its buttons end in the reference of the status callback.
    reference = dict(parse_qsl(urlsplit(first(form, "StatusCallback")).query)).get("ref")
    return {f"{taps}:{reference}": taps} if reference else {}


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: variables.get(match[1], match[0]), text)
