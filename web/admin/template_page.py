"""Message templates: what is stored, one text with its rules and a real order in it, and a new one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from channels.protocol import Button
from models.countries import SERVED
from models.unit_of_work import Session
from models.vocabulary import Channel, MessageClass, TemplateState
from verification.policy.owners import find_owner, list_sellers
from verification.refusals import NotFound
from verification.templates.defaults import all_built_in, built_in, buttons_in
from verification.templates.keeping import (
    TemplateRefused,
    add_defaults,
    add_version,
    problems_by_country,
    put_in,
    retire,
)
from verification.templates.linting import LONGEST_TITLE
from verification.templates.listing import LANGUAGES, Kept, find_template, list_templates
from verification.templates.previewing import Preview, order_named, preview
from web.access import Visit
from web.admin import template_words as words
from web.context import context
from web.pages import render_page
from web.translating import gettext

Code = TypeVar("Code", Channel, MessageClass)

_CHANNELS = (Channel.whatsapp, Channel.sms)
_OTHER_LANGUAGES = ("bn", "fa", "fil", "fr", "hi", "ml", "tr", "ur")
_BODY, _ORDER = "body", "order"
_BRACES = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_SAID = frozenset({"added", "defaults", "submitted", "used", "retired"})


@dataclass(frozen=True)
class Trouble:
    """A rule that stands beside its field."""

    field: str
    rule: str


def show_templates(visit: Visit, session: Session) -> ResponseReturnValue:
    """The newest version of every text, and the one that is said when that is another."""
    return _list(session)


def add_default_templates(visit: Visit, session: Session) -> ResponseReturnValue:
    """Keep what Takeed brings along, as drafts."""
    seller = _seller(session, request.form.get("seller", ""))
    add_defaults(session, seller_id=seller, actor=visit.user.holder, now=visit.now)
    return redirect(_address("/admin/templates", seller=request.form.get("seller"), said="defaults"), 303)


def show_template(visit: Visit, session: Session, template_id: UUID) -> ResponseReturnValue:
    """One version."""
    return _detail(session, _found(session, template_id))


def submit_template(visit: Visit, session: Session, template_id: UUID) -> ResponseReturnValue:
    """Let a draft be used; what WhatsApp must approve is handed over by the scheduler."""
    kept = _found(session, template_id)
    if kept.channel is Channel.whatsapp and context().settings.sandbox:
        abort(404)
    try:
        state = put_in(session, template_id, actor=visit.user.holder, now=visit.now)
    except TemplateRefused as refused:
        return make_response(_detail(session, kept, Trouble("state", words.refusal_name(refused))), 422)
    said = "submitted" if state is TemplateState.submitted else "used"
    return redirect(_address(f"/admin/templates/{template_id}", said=said), 303)


def retire_template(visit: Visit, session: Session, template_id: UUID) -> ResponseReturnValue:
    """Take a version out of use."""
    kept = _found(session, template_id)
    try:
        retire(session, template_id, actor=visit.user.holder, now=visit.now)
    except TemplateRefused as refused:
        return make_response(_detail(session, kept, Trouble("state", words.refusal_name(refused))), 422)
    return redirect(_address(f"/admin/templates/{template_id}", said="retired"), 303)


def preview_template(visit: Visit, session: Session, template_id: UUID) -> ResponseReturnValue:
    """The text with a real order in it; the look at the order is recorded."""
    kept, text = _found(session, template_id), request.form.get(_ORDER, "")
    try:
        order = order_named(session, text, seller_id=kept.seller_id)
        link = context().settings.page_at("x" * 24)
        seen = preview(session, kept, order, link=link, actor=visit.user.holder, now=visit.now)
    except NotFound:
        rule = gettext("We know no such order.")
        return make_response(_detail(session, kept, Trouble(_ORDER, rule)), 422)
    return _detail(session, kept, seen=seen)


def show_new_template(visit: Visit, session: Session) -> ResponseReturnValue:
    """The form of a new text: empty, or with what stands today."""
    asked = request.args
    if asked.get("from"):
        try:
            kept = _found(session, UUID(asked["from"]))
        except ValueError:
            abort(404)
        return _form(session, _typed_of(kept), kept.seller_slug or "")
    name, language = asked.get("name", "first"), asked.get("language", "ar")
    channel = Channel.sms if asked.get("channel") == Channel.sms else Channel.whatsapp
    start = built_in(channel, name, language)
    titles = {each.id: each.title for each in buttons_in(language)}
    typed = {"channel": channel.value, "name": name, "language": language, _BODY: start.body if start else ""}
    return _form(session, {**typed, **titles}, asked.get("seller", ""))


def add_template(visit: Visit, session: Session) -> ResponseReturnValue:
    """Keep a new text as a draft, or show its form again with the rule that was broken."""
    form = request.form
    seller = form.get("seller", "")
    buttons = [Button(code, form[code]) for code in words.ANSWERS if form.get(code, "").strip()]
    try:
        added = add_version(
            session,
            seller_id=_seller(session, seller),
            channel=_one_of(Channel, "channel", form.get("channel", "")),
            name=form.get("name", ""),
            language=form.get("language", ""),
            message_class=_one_of(MessageClass, "message_class", form.get("message_class", "")),
            body=form.get(_BODY, ""),
            buttons=buttons,
            actor=visit.user.holder,
            now=visit.now,
        )
    except TemplateRefused as refused:
        field = "confirm" if refused.field == "buttons" else refused.field
        return make_response(_form(session, form, seller, Trouble(field, words.refusal_name(refused))), 422)
    return redirect(_address(f"/admin/templates/{added.id}", said="added"), 303)


def _list(session: Session) -> str:
    slug = request.args.get("seller", "")
    seller = _seller(session, slug)
    stored = list_templates(session, seller_id=seller, all_sellers=not slug)
    shown = list(_shown(stored))
    return render_page(
        "admin/templates.html",
        rows={channel: [each for each in shown if each.channel is channel] for channel in _CHANNELS},
        brought=[each for each in all_built_in() if each.channel is Channel.sms],
        has_all=not _missing(stored, seller),
        sellers=list_sellers(session),
        slug=slug,
        **_common(),
    )


def _detail(session: Session, kept: Kept, trouble: Trouble | None = None, seen: Preview | None = None) -> str:
    same = [
        each
        for each in list_templates(session, seller_id=kept.seller_id, all_sellers=False)
        if (each.channel, each.name, each.language) == (kept.channel, kept.name, kept.language)
    ]
    return render_page(
        "admin/template.html",
        kept=kept,
        versions=same,
        in_use=_in_use(same),
        parts=_BRACES.split(kept.body),
        problems=_problems(session, kept),
        seen=seen,
        order=request.form.get(_ORDER, "") if trouble or seen else "",
        trouble={trouble.field: trouble.rule} if trouble else {},
        can_submit=kept.channel is Channel.sms or not context().settings.sandbox,
        **_common(),
    )


def _form(session: Session, typed: Mapping[str, str], slug: str, trouble: Trouble | None = None) -> str:
    _seller(session, slug)
    return render_page(
        "admin/template_new.html",
        typed={**dict.fromkeys(("channel", "name", "language", _BODY, *words.ANSWERS), ""), **typed},
        slug=slug,
        sellers=list_sellers(session),
        channels=_CHANNELS,
        languages=(*LANGUAGES, *_OTHER_LANGUAGES),
        trouble={trouble.field: trouble.rule} if trouble else {},
        longest_title=LONGEST_TITLE,
        **_common(),
    )


def _common() -> dict[str, Any]:
    said = request.args.get("said", "")
    return {
        "said": said if said in _SAID and request.method == "GET" else "",
        "words": words,
        "is_sandbox": context().settings.sandbox,
    }


def _found(session: Session, template_id: UUID) -> Kept:
    try:
        return find_template(session, template_id)
    except NotFound:
        abort(404)


def _seller(session: Session, slug: str) -> UUID | None:
    owner = find_owner(session, slug) if slug else None
    if slug and owner is None:
        abort(404)
    return owner.id if owner else None


def _shown(stored: Iterable[Kept]) -> Iterable[Kept]:
    """Of each text the newest version, and the one in use."""
    groups: dict[tuple[object, ...], list[Kept]] = {}
    for each in stored:
        groups.setdefault((each.seller_id, each.channel, each.name, each.language), []).append(each)
    for versions in groups.values():
        newest, used = versions[0], _in_use(versions)
        yield newest
        if used is not None and used is not newest:
            yield used


def _in_use(versions: Iterable[Kept]) -> Kept | None:
    return next((each for each in versions if each.state is TemplateState.approved), None)


def _missing(stored: Iterable[Kept], seller: UUID | None) -> bool:
    """Whether a WhatsApp text that Takeed brings along has no version yet."""
    present = {(each.name, each.language) for each in stored if each.seller_id == seller}
    return any(
        (each.name, each.language) not in present
        for each in all_built_in()
        if each.channel is Channel.whatsapp
    )


def _problems(session: Session, kept: Kept) -> list[tuple[str, str, bool]]:
    """What is wrong with a text: the sentence, where, and whether it keeps the text from being said there."""
    where: dict[tuple[str, bool], list[str]] = {}
    for country, problems in problems_by_country(
        session, kept.seller_id, kept.body, kept.channel, kept.message_class, kept.buttons
    ).items():
        for each in problems:
            where.setdefault((words.problem_name(each.code, each.params), each.blocks), []).append(country)
    return [
        (sentence, "" if len(countries) == len(SERVED) else words.countries_named(countries), blocks)
        for (sentence, blocks), countries in where.items()
    ]


def _typed_of(kept: Kept) -> dict[str, str]:
    return {
        "channel": kept.channel.value,
        "name": kept.name,
        "language": kept.language,
        "message_class": kept.message_class.value,
        _BODY: kept.body,
        **{each.id: each.title for each in kept.buttons},
    }


def _one_of(kind: type[Code], field: str, text: str) -> Code:
    try:
        return kind(text)
    except ValueError:
        raise TemplateRefused(field, "unknown") from None


def _address(path: str, **query: str | None) -> str:
    asked = urlencode({name: text for name, text in query.items() if text})
    return f"{path}?{asked}" if asked else path
