"""Drawing the desk: the whole page, or for htmx the part of it that changes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import Blueprint, Response, make_response, request
from flask.sansio.blueprints import BlueprintSetupState

from models.phones import spaced
from models.unit_of_work import Session
from web.access import Visit
from web.desk.choosing import REASONS
from web.desk.fixing_form import line_name
from web.desk.keys import CAPS, NAMES, USUAL, cap, keys_of
from web.desk.promise_preview import Preview
from web.desk.screen import Notice, Screen, gather
from web.desk.telling import DONE
from web.language import page_language
from web.pages import render_page
from web.translating import gettext, lazy

# Pictures of what was ordered lie at the shops' own addresses.
_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PROOFS: Mapping[str, Any] = {
    "call": lazy("the agent's call"),
    "key": lazy("a key pressed in the call"),
    "button": lazy("a button pressed"),
    "words": lazy("the buyer's own words"),
    "page": lazy("the buyer's page"),
}
_ACTORS: Mapping[str, Any] = {
    "system": lazy("Takeed"),
    "worker": lazy("Takeed"),
    "buyer": lazy("Buyer"),
    "seller": lazy("Seller"),
    "agent": lazy("Agent"),
    "staff": lazy("Staff"),
    "courier": lazy("Courier"),
}


def register(blueprint: Blueprint) -> None:
    """Give templates the filters that only the desk needs."""

    def add(state: BlueprintSetupState) -> None:
        state.app.jinja_env.filters |= {
            "language_name": language_name,
            "country_name": country_name,
            "date_name": date_name,
            "iso_date_name": lambda day: date_name(date.fromisoformat(day)),
            "proof_word": lambda kind: str(_PROOFS.get(kind, kind)),
            "actor_word": lambda actor: str(_ACTORS.get(actor, actor)),
            "phone_spaced": spaced,
            "clock": clock,
            "desk_keys": keys_of,
            "line_name": line_name,
            "sum_of_items": lambda items: sum(item.unit_price_minor * item.quantity for item in items),
        }

        state.app.jinja_env.globals |= {
            "key_names": NAMES,
            "usual_keys": USUAL,
            "key_cap": cap,
            "key_caps": dict(CAPS),
        }

    blueprint.record(add)


def draw(
    visit: Visit,
    session: Session,
    *,
    notices: Sequence[Notice] = (),
    panel: str | None = None,
    typed: Mapping[str, str] | None = None,
    preview: Preview | None = None,
    status: int = 200,
) -> Response:
    """The desk as it stands; `panel` is open on it, with what was `typed` a moment ago."""
    said = DONE.get(request.args.get("said", "")) if request.method == "GET" else None
    told = (*notices, Notice("done", str(said))) if said else notices
    screen = gather(session, visit, notices=told, panel=panel, typed=typed, preview=preview)
    template = "desk/fragment.html" if is_fragment() else "desk/desk.html"
    return answer(render(template, visit, screen), status)


def render(template: str, visit: Visit, screen: Screen, **values: Any) -> str:
    """A template of the desk with what all of them show."""
    return render_page(
        template,
        screen=screen,
        case=screen.case,
        keys=keys_of(visit.user.keys),
        reasons=REASONS,
        **values,
    )


def answer(body: str, status: int = 200) -> Response:
    """A page that may show pictures of products."""
    response = make_response(body, status)
    response.headers["Content-Security-Policy"] = _CONTENT_POLICY
    response.vary.add("HX-Request")
    return response


def is_fragment() -> bool:
    """Whether htmx asks for the part of the page that changes."""
    return "HX-Request" in request.headers


def clock(seconds: int) -> str:
    """A length of time as clocks show it: "0:42"."""
    return f"{seconds // 60}:{seconds % 60:02}"


def language_name(code: str) -> str:
    """What a language is called in the page's: "Arabic"; the code of one that we have no name for."""
    if code in ("ckb", "ku"):
        return gettext("Kurdish (Sorani)")
    return Locale(page_language()).languages.get(code) or code


def country_name(code: str) -> str:
    """What a country is called in the page's language."""
    return Locale(page_language()).territories.get(code) or code


def date_name(day: date) -> str:
    """ "Sunday 22 November"."""
    return format_date(day, "EEEE d MMMM", locale=page_language())
