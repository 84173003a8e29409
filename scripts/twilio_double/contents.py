"""Content templates: created, submitted to WhatsApp, approved or not."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from scripts.twilio_double.account import Account
from scripts.twilio_double.refusing import ApiRefusal
from scripts.twilio_double.taken import Content

_REVIEW = timedelta(seconds=5)
_KINDS = frozenset({"twilio/text", "twilio/quick-reply"})
_TITLE = 20
_BUTTONS = 10


def create_content(account: Account, body: Mapping[str, Any], now: datetime) -> Content:
    """Take a template; Twilio's own limits on quick replies hold."""
    kinds = body["types"]
    if not kinds:
        raise ApiRefusal(20001, "types is empty")
    if set(kinds) - _KINDS:
        raise ApiRefusal(20001, f"the double knows {' and '.join(sorted(_KINDS))} alone")
    for kind in kinds.values():
        actions = kind.get("actions", [])
        if len(actions) > _BUTTONS or any(len(each.get("title", "")) > _TITLE for each in actions):
            raise ApiRefusal(20001, "a quick reply has up to 10 actions with titles of up to 20 characters")
    content = Content(account.new_sid("HX"), dict(body), now)
    account.contents[content.sid] = content
    return content


def submit_content(account: Account, content: Content, body: Mapping[str, Any], now: datetime) -> None:
    """Hand a template to WhatsApp, which answers in five seconds as the template itself deserves."""
    if content.approval not in ("unsubmitted", "rejected"):
        raise ApiRefusal(20001, "the template has been submitted already")
    content.approval, content.reason = "received", ""
    content.name, content.category = body["name"], body["category"]

    def judge(_: datetime) -> None:
        if content.approval in ("received", "pending"):
            content.reason = fault_of(content)
            content.approval = "rejected" if content.reason else "approved"

    account.later(now + _REVIEW, judge)


def fault_of(content: Content) -> str:
    """Why WhatsApp would turn a template down; "" when it would not."""
    text = next(iter(content.body["types"].values())).get("body", "").strip()
    if re.match(r"\{\{\w+\}\}", text) or re.search(r"\{\{\w+\}\}$", text):
        return "Variables cannot be at the start or end of the body"
    if re.search(r"\}\}\s*\{\{", text):
        return "Variables cannot stand next to each other"
    names = set(re.findall(r"\{\{(\w+)\}\}", text))
    if names - set(content.body.get("variables") or {}):
        return "Every variable needs a sample value"
    return ""
