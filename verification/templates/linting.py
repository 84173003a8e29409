"""What is wrong with a text, by the rules of the channel and of the buyer's country.

The rules about links and phones are operators': twilio.com/en/guidelines/ae/sms, docs.mapp.com/docs/ksa.
Those about WhatsApp's variables are Meta's, told by twilio.com/docs/content/twilio-quick-reply.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from channels.protocol import Button
from models.folding import fold, fold_digits
from models.vocabulary import Channel, MessageClass, SmsLinks
from verification.policy.values import Policy
from verification.templates.filling import LONGEST, SAMPLES, VARIABLES, fill, named_in
from verification.templates.segments import segments

LONGEST_BODY = 1024
"""How long a WhatsApp text with buttons may be, filled."""
LONGEST_TITLE = 20
"""How long what stands on a button may be."""
MOST_BUTTONS = 3
MOST_PARTS = 6
"""Of more parts than these, carriers drop an SMS or deliver a piece of it."""
MANY_PARTS = 3
"""From more parts than these on, an SMS is worth shortening."""

COUNTRY_RULES = frozenset({"link_forbidden", "link_unregistered", "shortener", "phone_forbidden"})
"""The problems that depend on where the buyer is, and on what a text is filled with."""

_WORDS = Path(__file__).with_name("promoting.toml")
_BARS_PHONES = frozenset({"AE"})
_ENDINGS = (
    "com|net|org|info|biz|co|io|me|ly|gl|app|dev|shop|store|online|site|link|click|page|gy|cc|at|id|im|is|gd|to"
    "|ae|sa|kw|qa|bh|om|jo|eg|iq|uk|us|in|tr|السعودية|امارات|قطر|الاردن|مصر|عمان"
)
_LINK = re.compile(
    rf"(?:https?://|www\.)(?P<plain>[^\s/?#]+)\S*|(?<![\w@.-])(?P<bare>(?:[\w-]+\.)+(?:{_ENDINGS}))(?![\w-])\S*",
    re.IGNORECASE,
)
_SHORTENERS = frozenset(
    {
        *("bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "cutt.ly", "rebrand.ly"),
        *("rb.gy", "shorturl.at", "t.ly", "tiny.cc", "s.id", "lnkd.in", "bl.ink", "short.io", "v.gd"),
        *("wa.link", "wa.me"),
    }
)
_PHONE = re.compile(r"\+?\d(?:[\s().-]*\d){6,}")
_PERCENT = re.compile(r"\d\s*[%٪]")
_BROKEN = re.compile(r"\{\{|\}\}")
_ADJACENT = re.compile(r"\}\}\s*\{\{")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a text that `blocks` is not sent; the others are worth another look."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    blocks: bool = True


def lint(
    body: str,
    *,
    channel: Channel,
    message_class: MessageClass,
    country: str,
    policy: Policy,
    buttons: Sequence[Button] = (),
) -> tuple[Problem, ...]:
    """What is wrong with a text, its variables in braces, for buyers in a country; the worst is first.

    Codes: `empty`, `broken_braces`, `unknown_variable`, `promotes`, `too_long`, `starts_with_variable`,
    `ends_with_variable`, `adjacent_variables`, `too_many_buttons`, `button_too_long`, `button_empty`,
    `link_forbidden`, `link_unregistered`, `shortener`, `phone_forbidden`, `no_answer`, `many_parts`.
    """
    found = [*_anywhere(body), *_promoting(body, message_class, buttons)]
    if channel is Channel.whatsapp:
        found += [*_whatsapp(body), *_buttons(buttons)]
    if channel is Channel.sms:
        found += _sms(body, country, policy)
    return tuple(sorted(found, key=lambda problem: not problem.blocks))


def _anywhere(body: str) -> Iterator[Problem]:
    if not body.strip():
        yield Problem("empty")
    named = named_in(body)
    if _BROKEN.search(fill(body, dict.fromkeys(named, ""))):
        yield Problem("broken_braces")
    for name in dict.fromkeys(named):
        if name not in VARIABLES:
            yield Problem("unknown_variable", {"name": name[:40]})


def _promoting(body: str, message_class: MessageClass, buttons: Sequence[Button]) -> Iterator[Problem]:
    if message_class is MessageClass.promotion:
        return
    read = " ".join([_without_variables(body), *(each.title for each in buttons)])
    folded = f" {fold(read)} "
    for word in _promotional_words():
        if f" {word} " in folded:
            yield Problem("promotes", {"word": word})
            return
    if percent := _PERCENT.search(fold_digits(read)):
        yield Problem("promotes", {"word": percent[0]})


def _whatsapp(body: str) -> Iterator[Problem]:
    bare = body.strip()
    if bare.startswith("{{"):
        yield Problem("starts_with_variable")
    if bare.endswith("}}"):
        yield Problem("ends_with_variable")
    if _ADJACENT.search(bare):
        yield Problem("adjacent_variables")
    longest = len(fill(bare, {name: "x" * most for name, most in LONGEST.items()}))
    if longest > LONGEST_BODY:
        yield Problem("too_long", {"length": longest, "most": LONGEST_BODY})


def _buttons(buttons: Sequence[Button]) -> Iterator[Problem]:
    if len(buttons) > MOST_BUTTONS:
        yield Problem("too_many_buttons", {"most": MOST_BUTTONS})
    for each in buttons:
        if not each.title.strip():
            yield Problem("button_empty")
        if len(each.title) > LONGEST_TITLE:
            yield Problem("button_too_long", {"title": each.title[:40], "most": LONGEST_TITLE})


def _sms(body: str, country: str, policy: Policy) -> Iterator[Problem]:
    plain = _without_variables(body)
    hosts = [(found["plain"] or found["bare"]).casefold() for found in _LINK.finditer(plain)]
    carries = "link" in named_in(body)
    if policy.sms_links is SmsLinks.none and (hosts or carries):
        yield Problem("link_forbidden", {"country": country})
    if policy.sms_links is SmsLinks.registered:
        allowed = policy.sms_link_hosts
        if unknown := [host for host in hosts if host not in allowed]:
            yield Problem("link_unregistered", {"country": country, "host": unknown[0][:100]})
        elif carries and not allowed:
            yield Problem("link_unregistered", {"country": country, "host": ""})
    if short := [host for host in hosts if host.removeprefix("www.") in _SHORTENERS]:
        yield Problem("shortener", {"host": short[0]})
    if country in _BARS_PHONES and _PHONE.search(fold_digits(plain)):
        yield Problem("phone_forbidden", {"country": country})
    if not carries and not hosts:
        yield Problem("no_answer", blocks=False)
    parts = segments(fill(body, SAMPLES)).parts
    if parts > MANY_PARTS:
        yield Problem(
            "too_long" if parts > MOST_PARTS else "many_parts", {"parts": parts}, parts > MOST_PARTS
        )


def _without_variables(body: str) -> str:
    return fill(body, dict.fromkeys(named_in(body), " "))


@cache
def _promotional_words() -> tuple[str, ...]:
    languages = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return tuple(fold(word) for words in languages.values() for word in words)
