"""From a submitted form to the buyer's choice."""

import json
import re
import unicodedata
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.datastructures import MultiDict

from models.drafts import ADDRESS_LINES
from models.vocabulary import DecisionReason
from verification.pages.answering import Button, Choice
from verification.pages.pins import read_pin, with_pin
from web.buyer_page.sentences import REASONS

Form = MultiDict[str, str]

LONGEST_LINE = 200
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Misread(Exception):
    """A form that cannot be taken; `code` is the sentence to show, what was typed stays on the page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_choice(form: Form) -> Choice:
    """What was chosen; raises `Misread`. The same form submitted twice reads the same, `form` included."""
    sent = sorted(form.items(multi=True))
    try:
        button = Button(form.get("button", ""))
        order_id = UUID(form["order"]) if button.is_about_order else None
    except (KeyError, ValueError):
        raise Misread("unclear") from None
    nonce = form.get("form", "")
    if not _NONCE.fullmatch(nonce):
        raise Misread("unclear")
    # Another choice on the same page is another form, as after a step back in the browser.
    content = sha256(json.dumps(sent).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Choice(
        button=button,
        form=f"{nonce}:{content}",
        raw=urlencode([(name, value) for name, value in sent if name != "form"]),
        order_id=order_id,
        seen=form.get("seen"),
        reason=_reason(form) if button is Button.cancel else None,
        call_back_at=_instant(form) if button is Button.later else None,
        address=_address(form) if button in (Button.confirm, Button.address) else None,
    )


def _reason(form: Form) -> DecisionReason | None:
    return next((reason for reason in REASONS if reason.value == form.get("reason")), None)


def _instant(form: Form) -> datetime:
    try:
        at = datetime.fromisoformat(form.get("at", ""))
    except ValueError:
        raise Misread("unclear") from None
    if at.tzinfo is None:
        raise Misread("unclear")
    return at


def _address(form: Form) -> dict[str, str | None] | None:
    """The lines that the form has, the pin put behind the landmark; None for a form without an address."""
    if "landmark" not in form:
        return None
    lines = {name: _line(form[name]) for name in ADDRESS_LINES if name in form}
    if not any(lines.values()):
        raise Misread("address_empty")
    typed_pin = _line(form.get("pin", ""))
    pin = read_pin(typed_pin) if typed_pin else None
    if typed_pin and pin is None:
        raise Misread("pin_unreadable")
    return {**lines, "landmark": with_pin(lines["landmark"], pin)}


def _line(typed: str) -> str | None:
    visible = "".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in typed)
    line = " ".join(visible.split())
    if len(line) > LONGEST_LINE:
        raise Misread("too_long")
    return line or None
