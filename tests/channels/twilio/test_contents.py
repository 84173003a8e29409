"""Submitting templates, and what becomes of them."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from channels.protocol import Button, Refused, Uncertain
from channels.twilio.account import Account
from channels.twilio.contents import Approval, approval_of, submit
from models.vocabulary import MessageClass, TemplateState
from scripts.twilio_double.serving import Double
from tests.channels.contract import NOW
from tests.channels.twilio.conftest import Wire

CONTENT = "HX" + "1" * 32


@dataclass(frozen=True)
class Draft:
    name: str = "Takeed first-ar v2"
    language: str = "ar"
    body: str = "أهلا {{1}}، هل تؤكد طلبك رقم {{2}}؟ شكرا"
    buttons: tuple[Button, ...] = (Button("confirm:{{3}}", "تأكيد"), Button("cancel:{{3}}", "إلغاء"))
    samples: dict[str, str] = field(default_factory=lambda: {"1": "نورة", "2": "#1047", "3": "tk-1"})
    message_class: MessageClass = MessageClass.service


def test_a_template_is_made_submitted_and_approved(account: Account, double: Double) -> None:
    content_id = submit(account, Draft())
    assert approval_of(account, content_id) == Approval(TemplateState.submitted)
    double.due(NOW + timedelta(minutes=1))
    assert approval_of(account, content_id) == Approval(TemplateState.approved)
    (content,) = double.contents
    assert content.sid == content_id
    assert content.body["language"] == "ar"
    assert content.body["variables"] == Draft().samples
    assert content.body["types"] == {
        "twilio/quick-reply": {
            "body": Draft().body,
            "actions": [
                {"type": "QUICK_REPLY", "title": "تأكيد", "id": "confirm:{{3}}"},
                {"type": "QUICK_REPLY", "title": "إلغاء", "id": "cancel:{{3}}"},
            ],
        }
    }
    assert (content.name, content.category) == ("takeed_first_ar_v2", "UTILITY")


def test_a_promotion_without_buttons_is_text_and_marketing(account: Account, double: Double) -> None:
    submit(account, replace(Draft(), buttons=(), message_class=MessageClass.promotion))
    (content,) = double.contents
    assert list(content.body["types"]) == ["twilio/text"]
    assert content.category == "MARKETING"


def test_a_rejection_says_why(account: Account, double: Double) -> None:
    content_id = submit(account, replace(Draft(), body="{{1}} هل تؤكد؟"))
    double.due(NOW + timedelta(minutes=1))
    approval = approval_of(account, content_id)
    assert approval.state is TemplateState.rejected
    assert approval.problem


def test_submitting_again_makes_nothing_twice(account: Account, double: Double) -> None:
    submit(account, replace(Draft(), name="another"))
    first = submit(account, Draft())
    assert submit(account, Draft()) == first
    assert len(double.contents) == 2


def test_a_submission_that_broke_in_the_middle_goes_on(
    account: Account, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

    def breaks(*_: Any) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(ApprovalCreateList, "create", breaks)
        with pytest.raises(Uncertain):
            submit(account, Draft())
    content_id = submit(account, Draft())
    assert [content.sid for content in double.contents] == [content_id]
    assert approval_of(account, content_id).state is TemplateState.submitted


@pytest.mark.parametrize(
    ("status", "approval"),
    [
        ("approved", Approval(TemplateState.approved)),
        ("PAUSED", Approval(TemplateState.paused)),
        ("disabled", Approval(TemplateState.paused)),
        ("contemplated", Approval(None, "contemplated")),
    ],
)
def test_states_as_twilio_writes_them(wire: Wire, status: str, approval: Approval) -> None:
    body = {"sid": CONTENT, "whatsapp": {"status": status, "rejection_reason": ""}}
    wire.answer = lambda asked: (200, {}, json.dumps(body).encode())
    assert approval_of(wire.account, CONTENT) == approval


@pytest.mark.parametrize("body", [b'{"whatsapp": null}', b'{"whatsapp": {}}', b"{}"])
def test_what_was_never_submitted_is_a_draft(wire: Wire, body: bytes) -> None:
    wire.answer = lambda asked: (200, {}, body)
    assert approval_of(wire.account, CONTENT).state is TemplateState.draft


def test_a_template_that_twilio_does_not_know_is_refused(account: Account) -> None:
    with pytest.raises(Refused):
        approval_of(account, CONTENT)


@pytest.mark.parametrize("body", [b'{"whatsapp": "approved"}', b'{"whatsapp": [1]}'])
def test_an_approval_that_cannot_be_read_is_doubt(wire: Wire, body: bytes) -> None:
    wire.answer = lambda asked: (200, {}, body)
    with pytest.raises(Uncertain):
        approval_of(wire.account, CONTENT)
