"""Having WhatsApp texts approved: they are handed to the provider, and asked after until it has ruled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from channels.protocol import Button, Refused, Uncertain
from models.templates import MessageTemplate
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, MessageClass, TemplateState
from verification.alarms import end_alarm
from verification.templates.filling import REFERENCE, SAMPLES, fill, numbers_of

AGAIN_AFTER = timedelta(minutes=5)
"""How long after a try that had no answer a text is handed over again."""

# WhatsApp has no code for Kurdish; its texts stand under the language whose script they share.
_WHATSAPP_LANGUAGES: Mapping[str, str] = {"ckb": "ar"}
_ASKED_AFTER = (TemplateState.submitted, TemplateState.approved, TemplateState.paused)


@dataclass(frozen=True)
class Draft:
    """A text as providers keep it: variables and samples are numbered, `name` is unique for ever.

    `language` is WhatsApp's code; buttons' ids hold a variable that names the contact.
    """

    name: str
    language: str
    body: str
    buttons: tuple[Button, ...]
    samples: Mapping[str, str]
    message_class: MessageClass


class Approval(Protocol):
    """What a provider says of a text: its state, and why not."""

    @property
    def state(self) -> TemplateState | None: ...
    @property
    def problem(self) -> str | None: ...


Submit = Callable[[Draft], str]
"""Hands a draft over and returns the provider's id; raises `Refused` or `Uncertain`."""
Ask = Callable[[str], Approval]
"""What became of the text of this id; raises `Refused` or `Uncertain`."""


@dataclass(frozen=True)
class Approver:
    """Whoever approves texts."""

    submit: Submit
    ask: Ask


def send_waiting(engine: Engine, submit: Submit, *, now: datetime, only: UUID | None = None) -> int:
    """Hand over every text that waits for it; returns how many the provider took.

    No transaction is open meanwhile. A text is held for `AGAIN_AFTER`, so that no other process hands it over
    too. What the provider refuses is a draft again, with its code; what it did not answer is tried again.
    """
    taken = 0
    with unit_of_work(engine) as session:
        drafts = {row.id: draft_of(row) for row in _hold_waiting(session, now, only)}
    for template_id, draft in drafts.items():
        content_id, problem, is_final = None, None, False
        try:
            content_id = submit(draft)
        except Refused as refusal:
            problem, is_final = refusal.code, refusal.meaning.was_made
        except Uncertain as doubt:
            problem = doubt.code
        with unit_of_work(engine) as session:
            row = session.get_one(MessageTemplate, template_id, with_for_update=True)
            if row.state is not TemplateState.submitted or row.content_id is not None:
                continue  # taken out of use meanwhile
            row.problem = problem
            if content_id is not None:
                row.content_id, row.state_at = content_id, now
                taken += 1
            elif is_final:
                row.state, row.state_at = TemplateState.draft, now
    return taken


def refresh(engine: Engine, ask: Ask, *, now: datetime) -> int:
    """Ask what became of every text that was handed over; returns how many changed their state.

    An approved one is asked after too: WhatsApp pauses what buyers complain of.
    """
    changed = 0
    with unit_of_work(engine) as session:
        known = session.execute(
            select(MessageTemplate.id, MessageTemplate.content_id)
            .where(MessageTemplate.channel == Channel.whatsapp, MessageTemplate.state.in_(_ASKED_AFTER))
            .order_by(MessageTemplate.state_at, MessageTemplate.id)
        ).all()
    for template_id, content_id in known:
        if content_id is None:
            continue
        try:
            approval = ask(content_id)
        except (Refused, Uncertain):
            continue  # asked again next time
        with unit_of_work(engine) as session:
            changed += _rule(session, template_id, content_id, approval, now)
    return changed


def draft_of(row: MessageTemplate) -> Draft:
    """The text as it is handed over."""
    numbers = numbers_of(row.body, has_buttons=bool(row.buttons))
    in_braces = {name: f"{{{{{number}}}}}" for name, number in numbers.items()}
    return Draft(
        name=f"takeed_{row.name}_{row.language}_{row.id.hex[-12:]}",
        language=_WHATSAPP_LANGUAGES.get(row.language, row.language),
        body=fill(row.body, in_braces),
        buttons=tuple(Button(f"{each['id']}:{in_braces[REFERENCE]}", each["title"]) for each in row.buttons),
        samples={number: SAMPLES[name] for name, number in numbers.items()},
        message_class=row.message_class,
    )


def _hold_waiting(session: Session, now: datetime, only: UUID | None) -> list[MessageTemplate]:
    row = MessageTemplate
    asked = select(row).where(
        row.channel == Channel.whatsapp,
        row.state == TemplateState.submitted,
        row.content_id.is_(None),
        row.state_at <= now,
    )
    asked = asked.where(row.id == only) if only else asked
    held = session.scalars(asked.order_by(row.state_at, row.id).with_for_update(skip_locked=True)).all()
    for each in held:
        each.state_at = now + AGAIN_AFTER
    return list(held)


def _rule(session: Session, template_id: UUID, content_id: str, approval: Approval, now: datetime) -> bool:
    row = session.get_one(MessageTemplate, template_id, with_for_update=True)
    if row.content_id != content_id or row.state not in _ASKED_AFTER:
        return False  # taken out of use meanwhile
    row.problem = approval.problem
    if approval.state in (None, TemplateState.draft, row.state):
        return False  # nothing new, or nothing that we understand
    row.state, row.state_at = approval.state, now
    if row.state is TemplateState.approved:
        end_alarm(session, "no_template", about={"channel": row.channel.value}, now=now)
    return True
