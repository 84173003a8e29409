"""Serving the page: GET and HEAD show what stands, POST takes one choice in."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from models.unit_of_work import Session
from verification.pages.answering import Answered, Button, answer
from verification.pages.linking import find_link
from verification.pages.showing import show
from verification.refusals import NotFound
from web.access import Access, open_to
from web.buyer_page.drawing import draw, draw_gone
from web.buyer_page.reading import Misread, read_choice
from web.buyer_page.sentences import LANGUAGES
from web.context import context
from web.foreign import is_foreign
from web.transaction import in_transaction

_MOST_BYTES = 64 * 1024
# What the next look cannot tell by itself.
_SAID = (Button.address, Button.wrong_number)


def buyer_page() -> Blueprint:
    """The page's address; previews of messages fetch it too, so that looking changes nothing."""
    blueprint = Blueprint("buyer_page", __name__)
    blueprint.add_url_rule("/c/<token>", view_func=look, methods=["GET"])
    blueprint.add_url_rule("/c/<token>", view_func=choose, methods=["POST"])
    blueprint.after_request(_keep_out_of_search)
    return blueprint


@open_to(Access.link)
def look(token: str) -> Response:
    """The page as it stands."""
    now = context().clock()

    def read(session: Session) -> Response:
        link = find_link(session, token, now)
        shown = show(session, link, now) if link else None
        return draw(shown) if shown else draw_gone()

    return in_transaction(read)


@open_to(Access.link)
def choose(token: str) -> Answer:
    """Take a choice in, once however often its form is sent, and lead to the page as it stands then."""
    if is_foreign():
        abort(403)
    request.max_content_length = _MOST_BYTES
    form, now = request.form, context().clock()

    def work(session: Session) -> Answer:
        link = find_link(session, token, now)
        shown = show(session, link, now) if link else None
        if link is None or shown is None:
            return draw_gone()
        try:
            choice = read_choice(form)
            answered = answer(session, link, choice, now=now)
        except Misread as misread:
            return draw(shown, trouble=misread.code, status=422, typed=form)
        except NotFound:
            return draw_gone()
        if answered is not Answered.taken:
            return draw(show(session, link, now) or shown, trouble=answered.value, status=409, typed=form)
        return redirect(_again(token, choice.button), 303)

    return in_transaction(work)


def _again(token: str, button: Button) -> str:
    chosen = request.args.get("lang")
    return url_for(
        "buyer_page.look",
        token=token,
        lang=chosen if chosen in LANGUAGES else None,
        said=button.value if button in _SAID else None,
    )


def _keep_out_of_search(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
