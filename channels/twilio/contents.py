"""Message templates at Twilio: created as contents, and put to WhatsApp for approval."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

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


class Draft(Protocol):
    """A template to submit. `body` and the ids of `buttons` hold variables in double braces.

    `name` is unique for the account; `samples` has an example for each variable, which WhatsApp's reviewers
    read.
    """

    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def buttons(self) -> tuple[Button, ...]: ...
    @property
    def samples(self) -> Mapping[str, str]: ...
    @property
    def message_class(self) -> MessageClass: ...


@dataclass(frozen=True)
class Approval:
    """How a template stands with WhatsApp; `problem` is its word on a rejection.

    `state` is None where Twilio says what we do not know, which `problem` then holds.
    """

    state: TemplateState | None
    problem: str | None = None


def submit(account: Account, draft: Draft) -> str:
    """Make the content, put it to WhatsApp for approval and return its id; raises `Refused` or `Uncertain`.

    After doubt it may be called again: what an earlier call of the same name made is taken up.
    """
    contents = client_of(account).content.v1.contents
    with asking(Channel.whatsapp):
        made = next((one.sid for one in contents.stream() if one.friendly_name == draft.name), None)
    if made is None:
        with asking(Channel.whatsapp):
            made = contents.create(ContentList.ContentCreateRequest(_fields(draft))).sid
    elif approval_of(account, made).state is not TemplateState.draft:
        return str(made)
    request = ApprovalCreateList.ContentApprovalRequest(
        {"name": _approval_name(draft.name), "category": _CATEGORIES[draft.message_class]}
    )
    with asking(Channel.whatsapp):
        contents(made).approval_create.create(request)
    return str(made)


def approval_of(account: Account, content_id: str) -> Approval:
    """How a submitted template stands; raises `Refused` or `Uncertain`."""
    with asking(Channel.whatsapp):
        told = client_of(account).content.v1.contents(content_id).approval_fetch().fetch().whatsapp or {}
        status = str(told.get("status") or "unsubmitted").lower()
        problem = told.get("rejection_reason") or None
    if status not in _STATES:
        return Approval(None, status)
    return Approval(_STATES[status], problem)


def _fields(draft: Draft) -> dict[str, Any]:
    actions = [{"type": "QUICK_REPLY", "title": each.title, "id": each.id} for each in draft.buttons]
    quick_reply = {"twilio/quick-reply": {"body": draft.body, "actions": actions}}
    return {
        "friendly_name": draft.name,
        "language": draft.language,
        "variables": dict(draft.samples),
        "types": quick_reply if actions else {"twilio/text": {"body": draft.body}},
    }


def _approval_name(name: str) -> str:
    """A name as WhatsApp takes it: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9_]+", "_", name.lower())
