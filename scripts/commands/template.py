"""`flask template`: what messages say, and who approved it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TextIO
from uuid import UUID

import click

from channels.protocol import Button
from channels.twilio.account import account_of
from models.unit_of_work import Session, unit_of_work
from models.vocabulary import Channel, MessageClass, TemplateState
from scripts.opening import Opened, answer, json_option, opened
from scripts.refusing import as_sentences
from scripts.templates import approver_at
from verification.accounts.finding import seller_of
from verification.refusals import NotFound
from verification.templates.defaults import buttons_in
from verification.templates.filling import NAMES
from verification.templates.keeping import TemplateRefused, add_defaults, add_version, put_in, retire
from verification.templates.listing import Kept, find_template, list_templates
from verification.templates.previewing import order_named, preview, preview_all
from verification.templates.submitting import Approver, refresh, send_waiting

_ACTOR = "operator"
_CHANNELS = click.Choice([each.value for each in Channel if each.is_message])
_REFUSALS = {
    "unknown": "not one of those that there are",
    "empty": "it is empty",
    "unreadable": "it holds a NUL",
    "broken_braces": "a {{ has no }}, or the other way round",
    "unknown_variable": "there is no variable {name}; there are store, number, items, total, link",
    "promotes": "“{word}” sells: say so with --class promotion, or leave it out",
    "too_long": "it is too long",
    "starts_with_variable": "WhatsApp takes no text that begins with a variable",
    "ends_with_variable": "WhatsApp takes no text that ends with a variable",
    "adjacent_variables": "WhatsApp takes no two variables without words between them",
    "too_many_buttons": "at most {most} buttons",
    "button_too_long": "“{title}” is longer than {most} letters",
    "button_empty": "a button without a title",
    "link_forbidden": "no country lets an SMS say that: links are forbidden",
    "link_unregistered": "no country lets an SMS say that: the host of the link is not registered",
    "shortener": "{host} shortens links, which carriers drop",
    "phone_forbidden": "no country lets an SMS say that: phone numbers are forbidden",
    "same_as_before": "version {version} says just that",
    "not_now": "it is {state} already",
}
_SILENT = {
    "no_template": "no approved template",
    "no_link_allowed": "the country lets no SMS carry our link, and nothing else can answer it",
    "forbidden_text": "the text breaks a rule of the country",
}
seller_option = click.option("--seller", help="An id or a slug; without, the text serves all sellers.")


@click.group("template")
def command() -> None:
    """What messages to buyers say: texts with {{variables}}, versioned, approved where WhatsApp asks."""


@command.command("add")
@click.option("--from-defaults", is_flag=True, help="Add every WhatsApp text that Takeed brings along.")
@click.option("--channel", type=_CHANNELS, help="Where it is said.")
@click.option("--name", type=click.Choice(NAMES), help="For which contact about an order.")
@click.option("--language", help="A code such as ar, en or ckb.")
@click.option(
    "--class",
    "message_class",
    type=click.Choice([each.value for each in MessageClass]),
    default=MessageClass.service.value,
    show_default=True,
    help="About the buyer's own order, or to sell.",
)
@click.option("--body", type=click.File(encoding="utf-8"), help="A file with the text; - reads it from here.")
@click.option(
    "--button", "titles", multiple=True, metavar="ANSWER=TITLE", help="confirm=…, cancel=…, later=…"
)
@seller_option
@json_option
def add(
    from_defaults: bool,
    channel: str | None,
    name: str | None,
    language: str | None,
    message_class: str,
    body: TextIO | None,
    titles: tuple[str, ...],
    seller: str | None,
    as_json: bool,
) -> None:
    """Add a text as the next version of its name and language, a draft until it is submitted."""
    if from_defaults == any((channel, name, language, body, titles)):
        raise click.UsageError("say either --from-defaults, or --channel, --name, --language and --body")
    if not from_defaults and not (channel and name and language and body):
        raise click.UsageError("--channel, --name, --language and --body are all needed")
    text = _read(body) if body else ""
    with opened() as house, _told(), unit_of_work(house.engine) as session:
        made: dict[str, Any] = {"actor": _ACTOR, "now": house.now()}
        made["seller_id"] = seller_of(session, seller).id if seller else None
        if from_defaults:
            added = add_defaults(session, **made)
        else:
            added = [
                add_version(
                    session,
                    channel=Channel(channel or ""),
                    name=name or "",
                    language=language or "",
                    message_class=MessageClass(message_class),
                    body=text,
                    buttons=_buttons(titles) or buttons_in(language or ""),
                    **made,
                )
            ]
        kept = [find_template(session, row.id) for row in added]
    _answer(kept, "there was nothing to add", as_json=as_json)


@command.command("list")
@click.option("--seller", help="Only those of a seller, by id or slug.")
@json_option
def show_all(seller: str | None, as_json: bool) -> None:
    """List every version with its state, the newest first."""
    with opened() as house, _told(), unit_of_work(house.engine) as session:
        owner = seller_of(session, seller).id if seller else None
        kept = list_templates(session, seller_id=owner, all_sellers=owner is None)
    _answer(kept, "no templates yet: flask template add --from-defaults", as_json=as_json)


@command.command("show")
@click.argument("template", type=click.UUID)
@json_option
def show(template: UUID, as_json: bool) -> None:
    """Show one version."""
    with opened() as house, _told(), unit_of_work(house.engine) as session:
        kept = find_template(session, template)
    buttons = "".join(f"\n[{each.title}]" for each in kept.buttons)
    answer(_as_json(kept), f"{_line(kept)}\n\n{kept.body}{buttons}", as_json=as_json)


@command.command("preview")
@click.argument("order")
@click.option("--template", type=click.UUID, help="This version, whatever its state.")
@json_option
def show_preview(order: str, template: UUID | None, as_json: bool) -> None:
    """Show what the buyer of ORDER (an id or number) would read; that you looked is recorded."""
    with opened() as house, _told(), unit_of_work(house.engine) as session:
        kept = find_template(session, template) if template else None
        found = order_named(session, order, seller_id=kept.seller_id if kept else None)
        look = {"link": house.settings.page_at("x" * 24), "actor": _ACTOR, "now": house.now()}
        if kept is not None:
            seen = preview(session, kept, found, **look)  # type: ignore[arg-type]
            buttons = "".join(f"\n[{each.title}]" for each in seen.buttons)
            problems = "".join(f"\n! {_sentence(each.code, each.params)}" for each in seen.problems)
            answer(asdict(seen), f"{seen.text}{buttons}{problems}", as_json=as_json)
            return
        said = preview_all(session, found, **look)  # type: ignore[arg-type]
    lines = [f"{each.channel.value}: {each.text or _SILENT.get(each.code or '', each.code)}" for each in said]
    answer({"channels": [asdict(each) for each in said]}, "\n\n".join(lines), as_json=as_json)


@command.command("submit")
@click.argument("templates", type=click.UUID, nargs=-1)
@click.option("--drafts", is_flag=True, help="Every draft.")
@json_option
def submit(templates: tuple[UUID, ...], drafts: bool, as_json: bool) -> None:
    """Put drafts to WhatsApp for approval; an SMS text is in use at once."""
    if bool(templates) == drafts:
        raise click.UsageError("say which: the ids of templates, or --drafts")
    with opened() as house, _told():
        with unit_of_work(house.engine) as session:
            chosen = _chosen(session, templates)
            if any(each.channel is Channel.whatsapp for each in chosen):
                _approver(house)
            for each in chosen:
                put_in(session, each.id, actor=_ACTOR, now=house.now())
        for each in chosen:
            if each.channel is Channel.whatsapp:
                send_waiting(house.engine, _approver(house).submit, now=house.now(), only=each.id)
        with unit_of_work(house.engine) as session:
            kept = [find_template(session, each.id) for each in chosen]
    _answer(kept, "there are no drafts", as_json=as_json)


@command.command("refresh")
@json_option
def ask_again(as_json: bool) -> None:
    """Ask what became of everything that was submitted; the scheduler does so by itself."""
    with opened() as house, _told():
        approver, now = _approver(house), house.now()
        sent = send_waiting(house.engine, approver.submit, now=now)
        changed = refresh(house.engine, approver.ask, now=now)
    answer({"sent": sent, "changed": changed}, f"{sent} sent, {changed} changed", as_json=as_json)


@command.command("retire")
@click.argument("template", type=click.UUID)
@json_option
def take_out(template: UUID, as_json: bool) -> None:
    """Take a version out of use for good; an older approved one is said again."""
    with opened() as house, _told(), unit_of_work(house.engine) as session:
        retire(session, template, actor=_ACTOR, now=house.now())
        kept = find_template(session, template)
    _answer([kept], "", as_json=as_json)


@contextmanager
def _told() -> Iterator[None]:
    with as_sentences():
        try:
            yield
        except NotFound:
            raise click.ClickException("there is no such template or order") from None
        except TemplateRefused as refused:
            sentence = _sentence(refused.code, refused.params)
            raise click.ClickException(f"{refused.field}: {sentence}") from None


def _sentence(code: str, params: Any) -> str:
    return _REFUSALS.get(code, code).format(**params) if code in _REFUSALS else code


def _chosen(session: Session, templates: Iterable[UUID]) -> list[Kept]:
    wanted = tuple(templates)
    if wanted:
        return [find_template(session, each) for each in wanted]
    return [each for each in list_templates(session) if each.state is TemplateState.draft]


def _approver(house: Opened) -> Approver:
    account = account_of(house.settings)
    if account is None:
        raise click.ClickException("TWILIO_ACCOUNT_SID is not set: there is nobody to submit to")
    return approver_at(account)


def _buttons(titles: Iterable[str]) -> list[Button]:
    read = [title.partition("=") for title in titles]
    if any(not equals for _, equals, _ in read):
        raise click.BadParameter("a button is written ANSWER=TITLE, such as confirm=Yes")
    return [Button(code.strip(), title) for code, _, title in read]


def _read(body: TextIO) -> str:
    try:
        return body.read()
    except UnicodeDecodeError:
        raise click.BadParameter("the text is not UTF-8", param_hint="--body") from None


def _line(kept: Kept) -> str:
    whose = kept.seller_slug or "all sellers"
    state = "waiting to be submitted" if kept.is_waiting else kept.state.value
    problem = f" ({kept.problem})" if kept.problem else ""
    what = f"{kept.channel.value} {kept.name} {kept.language} v{kept.version}"
    return f"{kept.id}  {what}  {whose}: {state}{problem}"


def _as_json(kept: Kept) -> dict[str, Any]:
    return {**asdict(kept), "is_waiting": kept.is_waiting}


def _answer(kept: list[Kept], nothing: str, *, as_json: bool) -> None:
    told = "\n".join(map(_line, kept)) or nothing
    answer({"templates": [_as_json(each) for each in kept]}, told, as_json=as_json)
