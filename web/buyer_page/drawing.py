"""Drawing the page in the buyer's language, as it stands or with what is wrong with a form just sent."""

from functools import partial

from babel.support import LazyProxy
from flask import Response, make_response, request

from models.secrecy import new_token
from verification.pages.answering import Button
from verification.pages.pins import without_pin
from verification.pages.showing import Shown, ShownOrder
from web.buyer_page import writing
from web.buyer_page.reading import LONGEST_LINE, Form
from web.buyer_page.sentences import GONE, LANGUAGES, LINES, NEVER_AGAIN, REASONS, SAVED, STANDINGS, TROUBLES
from web.context import context
from web.language import speak
from web.pages import render_page

_ALWAYS_ASKED = ("city", "district", "street", "building", "landmark", "pin")
_ONLY_FILLED = ("region", "postal_code")


def draw(
    shown: Shown, *, trouble: str | None = None, status: int = 200, typed: Form | None = None
) -> Response:
    """The page; `trouble` is the code of what is wrong with the form of which `typed` stays on the page."""
    language, now = _language(shown.language), context().clock()
    speak(language)
    saved = SAVED if request.args.get("said") == Button.address.value else None
    page = render_page(
        "buyer.html",
        languages=[(code, name) for code, name in LANGUAGES.items() if code != language],
        shown=shown,
        notice=TROUBLES[trouble] if trouble else saved,
        trouble=trouble,
        form=new_token(),
        standings=STANDINGS,
        reasons=REASONS,
        days=writing.by_day(shown.slots, shown.zone, now),
        lines=partial(_lines, typed=typed),
        is_typed=partial(_is_typed, typed=typed),
        promised=partial(writing.moment, zone=shown.zone, now=now),
        longest=LONGEST_LINE,
    )
    return make_response(page, status)


def draw_gone() -> Response:
    """The one answer to links that are unknown, over, or lead nowhere any more."""
    said = NEVER_AGAIN if request.args.get("said") == Button.wrong_number.value else GONE
    sentences = []
    for code in LANGUAGES:
        speak(code)
        sentences.append((code, str(said)))
    return make_response(render_page("buyer_gone.html", language="ar", sentences=sentences), 404)


def _language(buyers: str | None) -> str:
    """As chosen on the page, else the buyer's: unknown, it is Arabic; none of ours, English."""
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    known = "ckb" if buyers == "ku" else buyers or "ar"
    return known if known in LANGUAGES else "en"


def _lines(order: ShownOrder, typed: Form | None) -> list[tuple[str, LazyProxy, LazyProxy | None, str]]:
    """The lines of the address form: name, words, hint, and what stands there or was typed just now."""
    address = order.address or {}
    landmark, pin = without_pin(address.get("landmark"))
    filled = {**address, "landmark": landmark or "", "pin": pin or ""}
    if typed is not None and _is_typed(order, typed):
        filled |= typed.to_dict()
    names = [*(name for name in _ONLY_FILLED if name in address), *_ALWAYS_ASKED]
    if order.country == "SA" or "short_address" in address:
        names.insert(names.index("landmark"), "short_address")
    return [(name, *LINES[name], filled.get(name, "")) for name in names]


def _is_typed(order: ShownOrder, typed: Form | None) -> bool:
    return typed is not None and "landmark" in typed and typed.get("order") == str(order.id)
