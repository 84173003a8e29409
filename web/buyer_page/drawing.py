"""Drawing the page in the buyer's language, as it stands or with what is wrong with a form just sent."""

from functools import partial

from flask import Response, make_response, request

from models.secrecy import new_token
from verification.pages.answering import Button
from verification.pages.pins import without_pin
from verification.pages.showing import Shown, ShownOrder
from web.buyer_page import writing
from web.buyer_page.reading import LONGEST_LINE, REASONS, Form
from web.buyer_page.words import WORDS
from web.context import context
from web.pages import render_page

_ALWAYS_ASKED = ("city", "district", "street", "building", "landmark", "pin")
_ONLY_FILLED = ("region", "postal_code")


def draw(
    shown: Shown, *, trouble: str | None = None, status: int = 200, typed: Form | None = None
) -> Response:
    """The page; `trouble` is the code of what is wrong with the form of which `typed` stays on the page."""
    language, now = _language(shown.language), context().clock()
    saved = "said_address" if request.args.get("said") == Button.address.value else None
    page = render_page(
        "buyer.html",
        language=language,
        words=WORDS[language],
        languages=[(code, words["name"]) for code, words in WORDS.items() if code != language],
        shown=shown,
        notice=trouble or saved,
        trouble=trouble,
        form=new_token(),
        reasons=[reason.value for reason in REASONS],
        days=writing.by_day(shown.slots, shown.zone, language, now),
        lines=partial(_lines, typed=typed),
        is_typed=partial(_is_typed, typed=typed),
        amount=partial(writing.amount, language=language),
        moment=partial(writing.moment, zone=shown.zone, language=language, now=now),
        longest=LONGEST_LINE,
    )
    return make_response(page, status)


def draw_gone() -> Response:
    """The one answer to links that are unknown, over, or lead nowhere any more."""
    said = "thanks_wrong_number" if request.args.get("said") == Button.wrong_number.value else "gone"
    sentences = [(code, words[said]) for code, words in WORDS.items()]
    return make_response(render_page("buyer_gone.html", language="ar", sentences=sentences), 404)


def _language(buyers: str | None) -> str:
    """As chosen on the page, else the buyer's: unknown, it is Arabic; none of ours, English."""
    chosen = request.args.get("lang", "")
    if chosen in WORDS:
        return chosen
    known = "ckb" if buyers == "ku" else buyers or "ar"
    return known if known in WORDS else "en"


def _lines(order: ShownOrder, typed: Form | None) -> list[tuple[str, str]]:
    """The lines of the address form with what stands in them, or what was typed there just now."""
    address = order.address or {}
    landmark, pin = without_pin(address.get("landmark"))
    filled = {**address, "landmark": landmark or "", "pin": pin or ""}
    if typed is not None and _is_typed(order, typed):
        filled |= typed.to_dict()
    names = [*(name for name in _ONLY_FILLED if name in address), *_ALWAYS_ASKED]
    if order.country == "SA" or "short_address" in address:
        names.insert(names.index("landmark"), "short_address")
    return [(name, filled.get(name, "")) for name in names]


def _is_typed(order: ShownOrder, typed: Form | None) -> bool:
    return typed is not None and "landmark" in typed and typed.get("order") == str(order.id)
