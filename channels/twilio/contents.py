"""Message templates at Twilio: created as contents, and put to WhatsApp for approval."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from channels.protocol import Button
from channels.twilio.account import Account
from channels.twilio.client import asking, client_of
from models.vocabulary import Channel, MessageClass, TemplateState

_CATEGORIES = {MessageClass.service: "UTILITY", MessageClass.promotion: "MARKETING"}

_STATES = {
    "unsubmitted": TemplateState.draft,
    "received": TemplateState.submitted,
    "pending": TemplateState.submitted,
    "in_appeal": TemplateState.submitted,
    "approved": TemplateState.approved,
    "rejected": TemplateState.rejected,
    "paused": TemplateState.paused,
    "disabled": TemplateState.paused,
    "pending_deletion": TemplateState.retired,
    "deleted": TemplateState.retired,
}


@dataclass(frozen=True)
class Draft:
    """A template to submit. `body` and the ids of `buttons` hold variables in double braces.

    `name` is unique for the account; `samples` has an example for each variable, which WhatsApp's reviewers
    read.
    """

    name: str
    language: str
    body: str
    message_class: MessageClass
    buttons: tuple[Button, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Approval:
    """How a template stands with WhatsApp; `problem` is its word on a rejection.

    `state` is None where Twilio says what we do not know, which `problem` then holds.
    """

    state: TemplateState | None
    problem: str | None = None


def create(account: Account, draft: Draft) -> str:
    """Make the content at Twilio and return its id, not yet submitted; raises `Refused` or `Uncertain`."""
    with asking(Channel.whatsapp):
        content = client_of(account).content.v1.contents.create(
            ContentList.ContentCreateRequest(
                {
                    "friendly_name": draft.name,
                    "language": draft.language,
                    "variables": dict(draft.samples),
                    "types": _types(draft),
                }
            )
        )
    return str(content.sid)


def ask_approval(account: Account, content_id: str, *, name: str, message_class: MessageClass) -> None:
    """Put a content to WhatsApp for approval; raises `Refused` or `Uncertain`."""
    request = ApprovalCreateList.ContentApprovalRequest(
        {"name": approval_name(name), "category": _CATEGORIES[message_class]}
    )
    with asking(Channel.whatsapp):
        client_of(account).content.v1.contents(content_id).approval_create.create(request)


def submit(account: Account, draft: Draft) -> str:
    """Make the content, put it to WhatsApp for approval and return its id; raises `Refused` or `Uncertain`.

    Where only the second fails the content is left behind unused; contents cost nothing.
    """
    content_id = create(account, draft)
    ask_approval(account, content_id, name=draft.name, message_class=draft.message_class)
    return content_id


def approval_of(account: Account, content_id: str) -> Approval:
    """How a submitted template stands; raises `Refused` or `Uncertain`."""
    with asking(Channel.whatsapp):
        fetched = client_of(account).content.v1.contents(content_id).approval_fetch().fetch()
    told = fetched.whatsapp or {}
    status = str(told.get("status") or "unsubmitted").lower()
    problem = told.get("rejection_reason") or None
    if status not in _STATES:
        return Approval(None, status)
    return Approval(_STATES[status], problem)


def _types(draft: Draft) -> dict[str, Any]:
    if not draft.buttons:
        return {"twilio/text": {"body": draft.body}}
    actions = [{"type": "QUICK_REPLY", "title": each.title, "id": each.id} for each in draft.buttons]
    return {"twilio/quick-reply": {"body": draft.body, "actions": actions}}


def approval_name(name: str) -> str:
    """A name as WhatsApp takes it: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "template"
