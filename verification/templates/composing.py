"""What a message says to one buyer: the text chosen, filled, and whether it may be sent at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from channels.protocol import Button, ContactOrder, Wording
from models.vocabulary import Channel, MessageClass, SmsLinks
from verification.policy.values import Policy
from verification.templates.choosing import Text, approved_text, named_for, spoken
from verification.templates.defaults import answer_with, built_in, buttons_in
from verification.templates.filling import REFERENCE, fill, numbers_of, values_of
from verification.templates.linting import COUNTRY_RULES, lint


@dataclass(frozen=True)
class NoTemplate:
    """Why nothing can be said on the channel.

    `no_template`: no approved version fits. `no_link_allowed`: the country bars the link, and an SMS has no
    other way to answer. `forbidden_text`: the text breaks a rule of the buyer's country.
    """

    code: str


def compose(
    session: Session,
    *,
    channel: Channel,
    seller_id: UUID | None,
    store_name: str,
    orders: Sequence[ContactOrder],
    language: str,
    country: str,
    attempt_number: int,
    link: str | None,
    reference: str,
    window_open: bool,
    policy: Policy,
) -> Wording | NoTemplate:
    """The wording of a message (WhatsApp or SMS) about these orders, in the best language there is.

    `attempt_number` counts the contacts on the channel about them, from 1; `link` is the address of the
    buyer's page. While `window_open`, a day after the buyer wrote, WhatsApp takes free text, so the answers
    are numbered lines; otherwise an approved template goes out, with buttons whose ids are
    `confirm:{reference}`, `cancel:...`, `later:...`. Only reads.
    """
    if not channel.is_message:
        return NoTemplate("no_template")
    names, languages = named_for(attempt_number), spoken(language)
    if channel is Channel.sms and (link is None or not is_link_allowed(link, policy)):
        link = None
    text = approved_text(session, channel, seller_id, names, languages, with_link=link is not None)
    if text is None:
        if channel is Channel.sms and link is None:
            return NoTemplate("no_link_allowed")
        if channel is Channel.whatsapp and not window_open:
            return NoTemplate("no_template")
        text = _built_in(channel, names, languages)
    values = values_of(orders, store_name=store_name, language=text.language, link=link)
    if channel is Channel.sms:
        return _notice(text, values, country, policy)
    if window_open:
        return Wording(f"{fill(text.body, values)}\n\n{_numbered_answers(text)}", template_id=text.id)
    if text.content_id is None:
        return NoTemplate("no_template")
    return _template(text, text.content_id, values, reference)


def is_link_allowed(link: str, policy: Policy) -> bool:
    """Whether an SMS may carry this address."""
    if policy.sms_links is SmsLinks.registered:
        return (urlsplit(link).hostname or "") in policy.sms_link_hosts
    return policy.sms_links is SmsLinks.any


def _template(text: Text, content_id: str, values: Mapping[str, str], reference: str) -> Wording:
    known = {**values, REFERENCE: reference}
    numbers = numbers_of(text.body, has_buttons=bool(text.buttons))
    return Wording(
        text=fill(text.body, values),
        buttons=tuple(Button(f"{each.id}:{reference}", each.title) for each in text.buttons),
        content_id=content_id,
        variables={number: known[name] for name, number in numbers.items()},
        template_id=text.id,
    )


def _notice(text: Text, values: Mapping[str, str], country: str, policy: Policy) -> Wording | NoTemplate:
    # Numbers of orders may look like phones; what can break a rule here is the store's own name.
    told = fill(text.body, {"store": values["store"]})
    found = lint(told, channel=Channel.sms, message_class=text.message_class, country=country, policy=policy)
    if any(problem.code in COUNTRY_RULES for problem in found):
        return NoTemplate("forbidden_text")
    return Wording(fill(text.body, values), template_id=text.id)


def _numbered_answers(text: Text) -> str:
    """The answers as lines: our reply reader takes 1 for yes, 2 for no, 3 for later."""
    written = {each.id: each.title for each in text.buttons}
    titles = [written.get(each.id, each.title) for each in buttons_in(text.language)]
    lines = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    return "\n".join([answer_with(text.language), *lines])


def _built_in(channel: Channel, names: Sequence[str], languages: Sequence[str]) -> Text:
    """The text that Takeed brings along; every channel of messages has a first one in English."""
    found = next(
        text for language in languages for name in names if (text := built_in(channel, name, language))
    )
    return Text(None, found.language, MessageClass.service, found.body, found.buttons, None)
