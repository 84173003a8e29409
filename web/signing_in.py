"""Signing in and out, and the user's own account."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.secrecy import new_token
from models.unit_of_work import Session
from verification.accounts.sessions import NewSession, end_sessions, find_session, sign_in, sign_out
from verification.accounts.throttling import Throttled
from verification.accounts.users import set_language
from verification.desk.holding import leave
from web import cookies
from web.access import MOST_BYTES, Access, Capability, Visit, csrf_of, deny, has_form_token, open_to, page
from web.context import context
from web.foreign import is_foreign
from web.formats import duration
from web.language import LANGUAGES
from web.pages import render_page
from web.paths import first_page, own_path
from web.transaction import in_transaction
from web.translating import gettext

log = structlog.get_logger()

_NAMES = {"en": "English", "ar": "العربية"}


def signing_in() -> Blueprint:
    """The addresses of the door and of the account."""
    blueprint = Blueprint("signing_in", __name__)
    blueprint.add_url_rule("/sign-in", view_func=show_sign_in, methods=["GET"])
    blueprint.add_url_rule("/sign-in", view_func=take_sign_in, methods=["POST"])
    for method, path, view in _OWN_PAGES:
        page(blueprint, method, path, needs=Capability.own_account)(view)
    return blueprint


@open_to(Access.public)
def show_sign_in() -> Response:
    """The form; whoever is signed in already is led on."""
    token = cookies.session_token()
    if token is not None:
        now = context().clock()
        user = in_transaction(lambda session: find_session(session, token, now, touch=False))
        if user is not None:
            return make_response(redirect(own_path(request.args.get("next")) or first_page(user.role), 303))
    return _form()


@open_to(Access.public)
def take_sign_in() -> Response:
    """Begin a session and lead to the page that was asked for; else the form again, with what to do."""
    request.max_content_length = MOST_BYTES
    form, bound_to = request.form, cookies.form_token()
    if is_foreign():
        return deny("form")
    email = form.get("email", "").strip()
    if bound_to is None or not has_form_token(bound_to):
        return _form(email, gettext("This page was open for too long. Please try again."), 403)
    try:
        begun = in_transaction(lambda session: _begin(session, email, form.get("password", "")))
    except Throttled as throttled:
        log.info("sign_in_throttled", wait_seconds=throttled.wait_seconds)
        wait = duration(throttled.wait_seconds)
        answer = _form(email, gettext("Too many tries. Wait %(time)s, then try again.", time=wait), 429)
        answer.headers["Retry-After"] = str(throttled.wait_seconds)
        return answer
    if begun is None:
        log.info("sign_in_failed")
        return _form(email, gettext("The email or the password is not right."), 422)
    log.info("signed_in", user_id=str(begun.user.id))
    led = make_response(redirect(own_path(request.args.get("next")) or first_page(begun.user.role), 303))
    cookies.keep_session(led, begun.token)
    cookies.keep_known(led, begun.user.email)
    return led


def _begin(session: Session, email: str, password: str) -> NewSession | None:
    # A browser on which this user has signed in before is a place of its own, so that nobody else's tries
    # from the same office keep the user out.
    place = f"known {email.lower()}" if cookies.knows(email) else _network(request.remote_addr or "")
    former = cookies.session_token()
    begun = sign_in(session, email, password, address=place, keys=context().keys, now=context().clock())
    if begun is not None and former is not None:
        sign_out(session, former)
    return begun


def _network(address: str) -> str:
    """The part of an address that its user cannot change at will: a host has a whole /64 of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


def _form(email: str = "", trouble: str | None = None, status: int = 200) -> Response:
    token = cookies.form_token() or new_token()
    shown = render_page("sign_in.html", email=email, trouble=trouble, form_token=csrf_of(token))
    answer = make_response(shown, status)
    cookies.keep_form(answer, token)
    return answer


def take_sign_out(visit: Visit, session: Session) -> ResponseReturnValue:
    """End this session, or with `everywhere` all of the user's, and with it the shift."""
    leave(session, visit.user, now=visit.now)
    if request.form.get("everywhere"):
        end_sessions(session, visit.user.id)
    else:
        sign_out(session, cookies.session_token() or "")
    log.info("signed_out", everywhere="everywhere" in request.form)
    led = make_response(redirect("/sign-in", 303))
    cookies.drop_session(led)
    return led


def show_account(visit: Visit, session: Session) -> ResponseReturnValue:
    """What the user may change about the own account."""
    return render_account()


def render_account(**shown: Any) -> str:
    """The account page, with what one of its forms has to tell."""
    return render_page("account.html", languages=_NAMES, **shown)


def change_account(visit: Visit, session: Session) -> ResponseReturnValue:
    """Set the language of the pages, and go back to where it was chosen."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        set_language(session, visit.user.id, language)
    return redirect(own_path(request.form.get("next")) or "/account", 303)


_OWN_PAGES: tuple[tuple[str, str, Callable[[Visit, Session], ResponseReturnValue]], ...] = (
    ("POST", "/sign-out", take_sign_out),
    ("GET", "/account", show_account),
    ("POST", "/account", change_account),
)
