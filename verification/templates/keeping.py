"""Templates as they are stored: versions are added, put in use, taken out of it, never changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.protocol import Button
from models.base import new_id
from models.countries import SERVED
from models.templates import MessageTemplate
from models.vocabulary import Channel, MessageClass, TemplateState
from verification import audit
from verification.alarms import end_alarm
from verification.policy.stored import policy_book
from verification.refusals import NotFound
from verification.templates.defaults import all_built_in, buttons_in
from verification.templates.filling import NAMES
from verification.templates.linting import Problem, lint
from verification.templates.listing import list_templates

LONGEST_STORED = 1600
"""How long a text may be at all: what Twilio takes."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
# Versions are counted one after the other.
_ONE_AT_A_TIME = 0x74656D706C617465
_OF_BUTTONS = frozenset({"too_many_buttons", "button_too_long", "button_empty"})
_ANSWERS = frozenset(each.id for each in buttons_in("en"))
_OVER = (TemplateState.rejected, TemplateState.retired)


class TemplateRefused(Exception):
    """A text that cannot be kept, or an act that its state does not allow.

    `field` is that of `add_version`, or `state`; `code` is that of a problem of `linting`, or `unknown`,
    `too_long`, `unreadable`, `same_as_before`, `not_now`. `params` hold no text of a buyer's.
    """

    def __init__(self, field: str, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code
        self.params = dict(params or {})


def add_version(
    session: Session,
    *,
    seller_id: UUID | None,
    channel: Channel,
    name: str,
    language: str,
    message_class: MessageClass,
    body: str,
    buttons: Iterable[Button],
    actor: str,
    now: datetime,
) -> MessageTemplate:
    """Keep a text as the next version of its name and language, a draft; raises `TemplateRefused`.

    The ids of `buttons` are answers: `confirm`, `cancel`, `later`; an SMS has none. A
    text must be allowed in one of the countries at least.
    """
    if not channel.is_message:
        raise TemplateRefused("channel", "unknown")
    if name not in NAMES:
        raise TemplateRefused("name", "unknown")
    if not _LANGUAGE.fullmatch(language):
        raise TemplateRefused("language", "unknown")
    text = "\n".join(line.rstrip() for line in body.splitlines()).strip()
    titled = tuple(Button(each.id, " ".join(each.title.split())) for each in buttons)
    if channel is Channel.sms:
        titled = ()
    if {each.id for each in titled} - _ANSWERS or len({each.id for each in titled}) < len(titled):
        raise TemplateRefused("buttons", "unknown")
    if "\0" in text or any("\0" in each.title for each in titled):
        raise TemplateRefused("body", "unreadable")
    if len(text) > LONGEST_STORED:
        raise TemplateRefused("body", "too_long", {"length": len(text), "most": LONGEST_STORED})
    found = problems_by_country(session, seller_id, text, channel, message_class, titled)
    if in_the_way := hindrance(found):
        field = "buttons" if in_the_way.code in _OF_BUTTONS else "body"
        raise TemplateRefused(field, in_the_way.code, in_the_way.params)
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    row = MessageTemplate
    before = session.scalars(
        select(row)
        .where(
            row.seller_id.is_not_distinct_from(seller_id),
            row.channel == channel,
            row.name == name,
            row.language == language,
        )
        .order_by(row.version.desc())
        .limit(1)
    ).one_or_none()
    stored = [{"id": each.id, "title": each.title} for each in titled]
    same = before is not None and before.state not in _OVER and before.problem is None
    if (
        before
        and same
        and (before.body, before.buttons, before.message_class) == (text, stored, message_class)
    ):
        raise TemplateRefused("body", "same_as_before", {"version": before.version})
    added = row(
        id=new_id(),
        seller_id=seller_id,
        channel=channel,
        name=name,
        language=language,
        version=before.version + 1 if before else 1,
        message_class=message_class,
        body=text,
        buttons=stored,
        state=TemplateState.draft,
        state_at=now,
        created_by=actor,
        created_at=now,
    )
    session.add(added)
    session.flush()
    note(session, "template_added", added, actor, now)
    return added


def add_defaults(
    session: Session, *, seller_id: UUID | None, actor: str, now: datetime
) -> list[MessageTemplate]:
    """Keep each built-in WhatsApp text of which there is no version yet, as a draft.

    Those of SMS need no approval and are sent as they are.
    """
    present = {
        (each.channel, each.name, each.language)
        for each in list_templates(session, seller_id=seller_id, all_sellers=False)
    }
    return [
        add_version(
            session,
            seller_id=seller_id,
            channel=text.channel,
            name=text.name,
            language=text.language,
            message_class=MessageClass.service,
            body=text.body,
            buttons=text.buttons,
            actor=actor,
            now=now,
        )
        for text in all_built_in()
        if text.channel is Channel.whatsapp and (text.channel, text.name, text.language) not in present
    ]


def put_in(session: Session, template_id: UUID, *, actor: str, now: datetime) -> TemplateState:
    """Let a draft be used: an SMS text at once, a WhatsApp text once the provider approved it.

    What is `submitted` afterwards waits for `submitting.send_waiting`. Raises `TemplateRefused` where it is
    no draft any more, `NotFound` where there is none.
    """
    row = _held(session, template_id)
    if row.state is not TemplateState.draft:
        raise TemplateRefused("state", "not_now", {"state": row.state.value})
    is_whatsapp = row.channel is Channel.whatsapp
    row.state = TemplateState.submitted if is_whatsapp else TemplateState.approved
    row.state_at, row.content_id, row.problem = now, None, None
    note(session, "template_submitted" if is_whatsapp else "template_put_in", row, actor, now)
    if row.state is TemplateState.approved:
        end_alarm(session, "no_template", about={"channel": row.channel.value}, now=now)
    session.flush()
    return row.state


def retire(session: Session, template_id: UUID, *, actor: str, now: datetime) -> None:
    """Take a version out of use for good; an older one that is approved is said again."""
    row = _held(session, template_id)
    if row.state is TemplateState.retired:
        raise TemplateRefused("state", "not_now", {"state": row.state.value})
    row.state, row.state_at = TemplateState.retired, now
    note(session, "template_retired", row, actor, now)
    session.flush()


def problems_by_country(
    session: Session,
    seller_id: UUID | None,
    body: str,
    channel: Channel,
    message_class: MessageClass,
    buttons: Sequence[Button],
) -> Mapping[str, tuple[Problem, ...]]:
    """What is wrong with a text in each country that we serve, by what holds there for the seller."""
    book = policy_book(session)
    policies = {country: book.policy(country=country, seller_id=seller_id) for country in SERVED}
    return {
        country: lint(
            body,
            channel=channel,
            message_class=message_class,
            country=country,
            policy=policy,
            buttons=buttons,
        )
        for country, policy in policies.items()
    }


def hindrance(found: Mapping[str, Sequence[Problem]]) -> Problem | None:
    """What keeps a text from being said in any country; None where there is one that it can be said in."""
    blocking = [[each for each in problems if each.blocks] for problems in found.values()]
    if not all(blocking):
        return None
    # What every country objects to says more than the rule of one of them.
    shared = set.intersection(*({each.code for each in problems} for problems in blocking))
    return next((each for each in blocking[0] if each.code in shared), blocking[0][0])


def note(session: Session, code: str, row: MessageTemplate, actor: str, now: datetime) -> None:
    """A line in the record of changes."""
    whose = {"scope": "seller", "id": str(row.seller_id)} if row.seller_id else {}
    told = {"template": row.name, "channel": row.channel.value, "language": row.language}
    params = {**told, "version": row.version, "template_id": str(row.id), **whose}
    audit.note(session, at=now, actor=actor, code=code, params=params)


def _held(session: Session, template_id: UUID) -> MessageTemplate:
    row = session.get(MessageTemplate, template_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row
