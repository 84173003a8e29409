"""Answers the API's requests: who asks, what for, does it hold, and what the script has in mind."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from scripts.twilio_double import showing
from scripts.twilio_double.account import Account
from scripts.twilio_double.calling import change_call, check_call, take_call
from scripts.twilio_double.checking import Operation, operation_of, problems_of
from scripts.twilio_double.contents import create_content, submit_content
from scripts.twilio_double.messaging import cancel_message, check_message, plain, take_message
from scripts.twilio_double.refusing import ApiRefusal
from scripts.twilio_double.script import Behaves, Kind
from scripts.twilio_double.taken import Call, Content, Form, Message, Request, first
from scripts.twilio_double.talking import answer_call

T = TypeVar("T")
_A = "/2010-04-01/Accounts/{AccountSid}"


@dataclass(frozen=True)
class Asked:
    """A request as it came: two of its headers, and when, in seconds of the monotonic clock."""

    method: str
    path: str
    query: Form
    authorization: str
    encoding: str
    body: bytes
    seen: float


@dataclass(frozen=True)
class Answer:
    """What goes back. `fate` is what the script has in mind for the connection itself."""

    http: int
    body: dict[str, Any] | None
    headers: Mapping[str, str] = field(default_factory=dict)
    fate: Behaves = field(default_factory=Behaves)


def answer(account: Account, asked: Asked, outage: Behaves | None = None) -> Answer:
    """Answer one request; with an `outage`, as that says, whatever was asked."""
    with account.lock:
        now = account.clock()
        body = _read(asked)
        account.requests.append(
            Request(
                asked.method,
                asked.path,
                asked.query,
                body if isinstance(body, list) else list((body or {}).items()),
                now,
                asked.seen,
            )
        )
        try:
            return _answer(account, asked, body, now, outage)
        except ApiRefusal as refusal:
            return Answer(refusal.http, refusal.body, fate=outage or Behaves())


def _answer(
    account: Account, asked: Asked, body: Form | dict[str, Any] | None, now: datetime, outage: Behaves | None
) -> Answer:
    if outage is not None and (refused := _unlucky(outage)):
        return refused
    expected = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    if asked.authorization != f"Basic {expected}":
        raise ApiRefusal(20003)
    operation = operation_of(asked.method, asked.path)
    if operation is None:
        account.violations.append(f"{asked.method} asks for what the description does not know")
        raise ApiRefusal(20404)
    if problems := problems_of(operation, asked.query, asked.encoding, body):
        account.violations += [f"{operation.name}: {problem}" for problem in problems]
        raise ApiRefusal(20001, "; ".join(problems), 415 if problems[0].startswith("the body is ") else 400)
    if operation.values.get("AccountSid", account.sid) != account.sid:
        raise ApiRefusal(20404)
    reply = _HANDLERS[operation.name](Turn(account, operation, asked, body, now))
    return Answer(reply.http, reply.body, reply.headers, outage) if outage is not None else reply


def _read(asked: Asked) -> Form | dict[str, Any] | None:
    if not asked.body:
        return None
    if asked.encoding == "application/json":
        try:
            data = json.loads(asked.body)
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}
    return parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)


def _unlucky(behaves: Behaves) -> Answer | None:
    if behaves.api == "error":
        refusal = ApiRefusal(behaves.code, http=behaves.http)
        headers = {} if behaves.retry_after is None else {"Retry-After": str(behaves.retry_after)}
        return Answer(refusal.http, refusal.body, headers)
    if behaves.api in ("hang", "cut") and not behaves.taken:
        return Answer(200, None, fate=behaves)
    return None


@dataclass(frozen=True)
class Turn:
    """A request that holds: what it asks for, and of whom."""

    account: Account
    operation: Operation
    asked: Asked
    body: Any
    now: datetime

    @property
    def form(self) -> Form:
        """The posted fields."""
        return self.body or []


def _create_message(turn: Turn) -> Answer:
    check_message(turn.account, turn.form)
    to = first(turn.form, "To")
    kind: Kind = "whatsapp" if to.startswith("whatsapp:") else "sms"
    behaves = turn.account.behaviour(kind, plain(to))
    if refused := _unlucky(behaves):
        return refused
    message = take_message(turn.account, turn.form, behaves, turn.now)
    return Answer(201, showing.show_message(turn.account, message), fate=behaves)


def _create_call(turn: Turn) -> Answer:
    check_call(turn.form)
    behaves = turn.account.behaviour("call", first(turn.form, "To"))
    if refused := _unlucky(behaves):
        return refused
    call = take_call(turn.account, turn.form, behaves, turn.now, answer_call)
    return Answer(201, showing.show_call(turn.account, call), fate=behaves)


def _page(turn: Turn, name: str, found: Sequence[T], show: Callable[[Account, T], dict[str, Any]]) -> Answer:
    page = showing.page_of(turn.account, name, turn.asked.path, turn.asked.query, found, show)
    return Answer(200, page)


def _list_messages(turn: Turn) -> Answer:
    found = showing.messages_asked_for(turn.account, turn.asked.query)
    return _page(turn, "messages", found, showing.show_message)


def _list_calls(turn: Turn) -> Answer:
    found = showing.calls_asked_for(turn.account, turn.asked.query)
    return _page(turn, "calls", found, showing.show_call)


def _list_recordings(turn: Turn) -> Answer:
    found = [each for each in turn.account.recordings if each.call == turn.operation.values["CallSid"]]
    return _page(turn, "recordings", found, showing.show_recording)


def _message(account: Account, operation: Operation) -> Message:
    if (found := account.messages.get(operation.values["Sid"])) is None:
        raise ApiRefusal(20404)
    return found


def _call(account: Account, operation: Operation) -> Call:
    if (found := account.calls.get(operation.values["Sid"])) is None:
        raise ApiRefusal(20404)
    return found


def _content(account: Account, operation: Operation) -> Content:
    sid = operation.values.get("Sid") or operation.values["ContentSid"]
    if (found := account.contents.get(sid)) is None:
        raise ApiRefusal(20404)
    return found


def _fetch_message(turn: Turn) -> Answer:
    return Answer(200, showing.show_message(turn.account, _message(turn.account, turn.operation)))


def _update_message(turn: Turn) -> Answer:
    message = _message(turn.account, turn.operation)
    if first(turn.form, "Status"):
        cancel_message(message, turn.now)
    if any(name == "Body" for name, _ in turn.form):
        message.text = first(turn.form, "Body")
    return Answer(200, showing.show_message(turn.account, message))


def _fetch_call(turn: Turn) -> Answer:
    return Answer(200, showing.show_call(turn.account, _call(turn.account, turn.operation)))


def _update_call(turn: Turn) -> Answer:
    call = _call(turn.account, turn.operation)
    change_call(call, turn.form, turn.now)
    return Answer(200, showing.show_call(turn.account, call))


def _create_content(turn: Turn) -> Answer:
    return Answer(201, showing.show_content(turn.account, create_content(turn.account, turn.body, turn.now)))


def _list_contents(turn: Turn) -> Answer:
    found = [showing.show_content(turn.account, each) for each in turn.account.contents.values()]
    return Answer(
        200,
        {"meta": {"page": 0, "page_size": 50, "key": "contents", "next_page_url": None}, "contents": found},
    )


def _fetch_content(turn: Turn) -> Answer:
    return Answer(200, showing.show_content(turn.account, _content(turn.account, turn.operation)))


def _delete_content(turn: Turn) -> Answer:
    del turn.account.contents[_content(turn.account, turn.operation).sid]
    return Answer(204, None)


def _submit_content(turn: Turn) -> Answer:
    content = _content(turn.account, turn.operation)
    submit_content(turn.account, content, turn.body, turn.now)
    return Answer(201, showing.show_approval(content))


def _fetch_approval(turn: Turn) -> Answer:
    content = _content(turn.account, turn.operation)
    url = f"https://content.twilio.com{turn.asked.path}"
    shown = {"sid": content.sid, "account_sid": turn.account.sid, "url": url}
    return Answer(200, shown | {"whatsapp": showing.show_approval(content)})


def _fetch_account(turn: Turn) -> Answer:
    if turn.operation.values["Sid"] != turn.account.sid:
        raise ApiRefusal(20404)
    return Answer(200, showing.show_account(turn.account))


def _fetch_balance(turn: Turn) -> Answer:
    return Answer(200, {"account_sid": turn.account.sid, "balance": turn.account.balance, "currency": "USD"})


def _list_numbers(turn: Turn) -> Answer:
    wanted = first(turn.asked.query, "PhoneNumber").strip("*")
    found = [
        each for each in turn.account.numbers.values() if each.address[:1] == "+" and wanted in each.address
    ]
    return _page(turn, "incoming_phone_numbers", found, showing.show_number)


_HANDLERS: dict[str, Callable[[Turn], Answer]] = {
    "GET /2010-04-01/Accounts/{Sid}.json": _fetch_account,
    f"GET {_A}/Balance.json": _fetch_balance,
    f"GET {_A}/IncomingPhoneNumbers.json": _list_numbers,
    f"POST {_A}/Messages.json": _create_message,
    f"GET {_A}/Messages.json": _list_messages,
    f"GET {_A}/Messages/{{Sid}}.json": _fetch_message,
    f"POST {_A}/Messages/{{Sid}}.json": _update_message,
    f"POST {_A}/Calls.json": _create_call,
    f"GET {_A}/Calls.json": _list_calls,
    f"GET {_A}/Calls/{{Sid}}.json": _fetch_call,
    f"POST {_A}/Calls/{{Sid}}.json": _update_call,
    f"GET {_A}/Calls/{{CallSid}}/Recordings.json": _list_recordings,
    "POST /v1/Content": _create_content,
    "GET /v1/Content": _list_contents,
    "GET /v1/Content/{Sid}": _fetch_content,
    "DELETE /v1/Content/{Sid}": _delete_content,
    "POST /v1/Content/{ContentSid}/ApprovalRequests/whatsapp": _submit_content,
    "GET /v1/Content/{Sid}/ApprovalRequests": _fetch_approval,
}
