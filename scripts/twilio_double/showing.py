"""How the API shows what the double took: Twilio's JSON, and its pages of lists."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from scripts.twilio_double.account import Account
from scripts.twilio_double.checking import time_of
from scripts.twilio_double.taken import Call, Content, Form, Message, Number, Recording, first

T = TypeVar("T")


def _time(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None


def show_message(account: Account, message: Message) -> dict[str, Any]:
    """A message as the API tells it; `text` of a template is in its body."""
    service = first(message.form, "MessagingServiceSid") or None
    path = f"/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "body": message.text,
        "date_created": _time(message.created_at),
        "date_sent": _time(message.sent_at),
        "date_updated": _time(message.updated_at or message.created_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "from": None if message.from_ == service and not message.sent_at else message.from_,
        "messaging_service_sid": service,
        "num_media": first(message.form, "NumMedia", "0"),
        "num_segments": "1",
        "price": message.price,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.to,
        "uri": f"{path}.json",
    }


def show_call(account: Account, call: Call) -> dict[str, Any]:
    """A call as the API tells it."""
    path = f"/2010-04-01/Accounts/{account.sid}/Calls/{call.sid}"
    return {
        "account_sid": account.sid,
        "answered_by": call.answered_by,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": _time(call.created_at),
        "date_updated": _time(call.ended_at or call.created_at),
        "direction": call.direction,
        "duration": None if call.seconds is None else str(call.seconds),
        "end_time": _time(call.ended_at),
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent,
        "phone_number_sid": None,
        "price": call.price,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": _time(call.started_at),
        "status": call.status,
        "subresource_uris": {"recordings": f"{path}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{path}.json",
    }


def show_account(account: Account) -> dict[str, Any]:
    """The account as the API tells it, without its token."""
    return {
        "sid": account.sid,
        "friendly_name": "The double's account",
        "status": account.state,
        "type": "Full",
        "owner_account_sid": account.sid,
        "uri": f"/2010-04-01/Accounts/{account.sid}.json",
    }


def show_number(account: Account, number: Number) -> dict[str, Any]:
    """One of the account's numbers as the API tells it."""
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "friendly_name": number.address,
        "phone_number": number.address,
        "sid": "PN" + hashlib.sha256(number.address.encode()).hexdigest()[:32],
        "sms_method": "POST",
        "sms_url": number.messages_url,
        "status_callback": number.status_url,
        "status_callback_method": "POST",
        "voice_method": "POST",
        "voice_url": number.voice_url,
    }


def show_recording(account: Account, recording: Recording) -> dict[str, Any]:
    """A recording as the API tells it."""
    path = f"/2010-04-01/Accounts/{account.sid}/Calls/{recording.call}/Recordings/{recording.sid}"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call,
        "channels": 1,
        "conference_sid": None,
        "date_created": _time(recording.created_at),
        "date_updated": _time(recording.created_at),
        "duration": str(recording.seconds),
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": recording.source,
        "start_time": _time(recording.created_at - timedelta(seconds=recording.seconds)),
        "status": "completed",
        "track": "both",
        "uri": f"{path}.json",
    }


def show_content(account: Account, content: Content) -> dict[str, Any]:
    """A content template as the API tells it."""
    url = f"https://content.twilio.com/v1/Content/{content.sid}"
    return {
        "account_sid": account.sid,
        "date_created": content.created_at.isoformat().replace("+00:00", "Z"),
        "date_updated": content.created_at.isoformat().replace("+00:00", "Z"),
        "friendly_name": content.body.get("friendly_name"),
        "language": content.body["language"],
        "links": {
            "approval_create": f"{url}/ApprovalRequests/whatsapp",
            "approval_fetch": f"{url}/ApprovalRequests",
        },
        "sid": content.sid,
        "types": content.body["types"],
        "url": url,
        "variables": content.body.get("variables", {}),
    }


def show_approval(content: Content) -> dict[str, Any]:
    """Where a template stands with WhatsApp."""
    return {
        "allow_category_change": True,
        "category": content.category,
        "content_type": next(iter(content.body["types"])),
        "name": content.name,
        "rejection_reason": content.reason,
        "status": content.approval,
        "type": "whatsapp",
    }


def messages_asked_for(account: Account, query: Form) -> list[Message]:
    """The messages that a list's filters let through, newest first."""
    found = [
        each
        for each in account.messages.values()
        if first(query, "To", each.to) == each.to
        and first(query, "From", each.from_) == each.from_
        and _within(query, "DateSent", each.sent_at or each.created_at)
    ]
    return sorted(found, key=lambda each: each.created_at, reverse=True)


def calls_asked_for(account: Account, query: Form) -> list[Call]:
    """The calls that a list's filters let through, newest first."""
    found = [
        each
        for each in account.calls.values()
        if first(query, "To", each.to) == each.to
        and first(query, "From", each.from_) == each.from_
        and first(query, "Status", each.status) == each.status
        and first(query, "ParentCallSid", each.parent or "") == (each.parent or "")
        and _within(query, "StartTime", each.started_at or each.created_at)
    ]
    return sorted(found, key=lambda each: each.created_at, reverse=True)


def _within(query: Form, name: str, at: datetime) -> bool:
    """Whether a time passes `Name`, `Name<` and `Name>`; a bare day, and `Name` itself, mean whole days."""
    moment = at.replace(microsecond=0)
    for suffix in ("", "<", ">"):
        text = first(query, name + suffix)
        if not text or (asked := time_of(text)) is None:
            continue
        asked = asked.replace(tzinfo=asked.tzinfo or at.tzinfo)
        whole_day = len(text) == 10
        if suffix == "" and moment.date() != asked.date():
            return False
        if suffix == "<" and moment > asked + (timedelta(days=1) if whole_day else timedelta(0)):
            return False
        if suffix == ">" and moment < asked.replace(microsecond=0):
            return False
    return True


def page_of(
    account: Account,
    name: str,
    path: str,
    query: Form,
    found: Sequence[T],
    show: Callable[[Account, T], dict[str, Any]],
) -> dict[str, Any]:
    """One page of a list, with the addresses of the others."""
    size, number = int(first(query, "PageSize", "50")), int(first(query, "Page", "0"))
    kept = [(key, value) for key, value in query if key not in ("Page", "PageToken", "PageSize")]

    def address(page: int) -> str:
        pairs = [*kept, ("PageSize", str(size)), ("Page", str(page))]
        return f"{path}?{urlencode(pairs)}"

    rows = found[number * size : (number + 1) * size]
    more = (number + 1) * size < len(found)
    return {
        "end": number * size + max(len(rows) - 1, 0),
        "first_page_uri": address(0),
        "next_page_uri": address(number + 1) + "&PageToken=PA" + "0" * 16 if more else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": address(number - 1) if number else None,
        "start": number * size,
        "uri": address(number),
        name: [show(account, each) for each in rows],
    }
