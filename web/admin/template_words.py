"""What is said about message templates."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale, localedata

from models.vocabulary import Channel, MessageClass, TemplateState
from verification.templates.keeping import TemplateRefused
from verification.templates.listing import Kept
from web.board.words import country_name
from web.formats import number
from web.language import page_language
from web.translating import gettext, lazy
from web.words import word

# A code of a language may be any that somebody stored.
_WRITTEN = frozenset(localedata.locale_identifiers())

NAMES = {
    "first": lazy("First message"),
    "reminder": lazy("Reminder"),
    "last_call": lazy("Last message"),
}
SENSES = {
    "first": lazy("The first on its channel about an order."),
    "reminder": lazy("The second on its channel about an order."),
    "last_call": lazy("Every later one on its channel about an order."),
}
VARIABLES = {
    "store": lazy("the store's name"),
    "number": lazy("the order's number, or those of several"),
    "items": lazy("what was ordered"),
    "total": lazy("what is to be paid"),
    "link": lazy("the address of the buyer's page"),
}
STATES = {
    TemplateState.draft: lazy("Draft"),
    TemplateState.submitted: lazy("With WhatsApp"),
    TemplateState.approved: lazy("Approved"),
    TemplateState.rejected: lazy("Rejected"),
    TemplateState.paused: lazy("Paused"),
    TemplateState.retired: lazy("Out of use"),
}
CLASSES = {
    MessageClass.service: lazy("About the buyer's own order"),
    MessageClass.promotion: lazy("Promotion"),
}
ANSWERS = {"confirm": lazy("Confirms"), "cancel": lazy("Cancels"), "later": lazy("Later")}
_PROBLEMS = {
    "empty": lazy("Some text is needed."),
    "unreadable": lazy("It holds a letter that cannot be kept."),
    "broken_braces": lazy("Double braces are not closed, or not opened."),
    "starts_with_variable": lazy("WhatsApp takes no text that begins with a variable."),
    "ends_with_variable": lazy("WhatsApp takes no text that ends with a variable."),
    "adjacent_variables": lazy("WhatsApp takes no two variables without words between them."),
    "button_empty": lazy("A button needs a title."),
    "link_forbidden": lazy("An SMS may carry no link there."),
    "link_unregistered": lazy("An SMS may carry only links to registered hosts there."),
    "phone_forbidden": lazy("An SMS may carry no phone number there."),
    "no_answer": lazy("Without the link nobody can answer an SMS."),
}
_NOT_NOW = {
    TemplateState.submitted: lazy("It is with WhatsApp already."),
    TemplateState.approved: lazy("It is in use already."),
    TemplateState.retired: lazy("It is out of use already."),
}


def state_name(kept: Kept) -> str:
    """How a version stands; an SMS text needs nobody's approval."""
    if kept.is_waiting:
        return gettext("To be submitted")
    if kept.channel is Channel.sms and kept.state is TemplateState.approved:
        return gettext("In use")
    return str(STATES[kept.state])


def language_name(code: str) -> str:
    """A language in the page's language; its code where that has no word for it."""
    name: str | None = Locale.parse(page_language()).languages.get(code)
    return name[:1].upper() + name[1:] if name else code


def direction(code: str) -> str:
    """How a language is written: `rtl` or `ltr`."""
    return Locale.parse(code).text_direction if code in _WRITTEN else "ltr"


def name_of(name: str) -> str:
    """For which contact a text is; its own name for one that is no more."""
    return str(NAMES.get(name, name))


def template_title(channel: str, name: str, language: str, version: int | None) -> str:
    """ "First message, WhatsApp, Arabic, version 2"."""
    parts = [name_of(name), word(Channel(channel)), language_name(language)]
    if version is not None:
        parts.append(gettext("version %(version)s", version=number(version)))
    return ("، " if page_language() == "ar" else ", ").join(parts)


def problem_name(code: str, params: Mapping[str, Any]) -> str:
    """What is wrong with a text, in a sentence."""
    match code:
        case "unknown_variable":
            return gettext("There is no variable %(name)s.", name=params["name"] or "{{}}")
        case "promotes":
            return gettext("“%(word)s” sells, which a text about an order may not.", word=params["word"])
        case "too_long" if "parts" in params:
            return gettext("It makes an SMS of %(parts)s parts.", parts=number(params["parts"]))
        case "many_parts":
            return gettext(
                "It makes an SMS of %(parts)s parts: each is paid for.", parts=number(params["parts"])
            )
        case "too_long":
            return gettext(
                "Filled, it is up to %(length)s letters long; %(most)s are the most.",
                length=number(params["length"]),
                most=number(params["most"]),
            )
        case "too_many_buttons":
            return gettext("At most %(most)s buttons.", most=number(params["most"]))
        case "button_too_long":
            return gettext("A button has at most %(most)s letters.", most=number(params["most"]))
        case "shortener":
            return gettext("%(host)s shortens links, which carriers drop.", host=params["host"])
    return str(_PROBLEMS.get(code, code))


def refusal_name(refused: TemplateRefused) -> str:
    """Why a text is not kept, or an act not done, in a sentence."""
    match refused.code:
        case "same_as_before":
            version = number(refused.params["version"])
            return gettext("Version %(version)s says just that.", version=version)
        case "not_now":
            state = TemplateState(refused.params["state"])
            return str(_NOT_NOW.get(state, gettext("That is not possible any more.")))
        case "unknown":
            return gettext("Choose one of the list.")
    return problem_name(refused.code, refused.params)


def countries_named(countries: Iterable[str]) -> str:
    """Countries in a row."""
    return ("، " if page_language() == "ar" else ", ").join(country_name(each) for each in countries)
