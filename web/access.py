"""Who may open what: each address of ours says so where it is registered.

Staff pages are registered with `page`, everything else is marked with `open_to`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from hmac import compare_digest
from typing import Any, Generic, TypeVar

import structlog
from flask import Blueprint, Flask, Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from models.vocabulary import Role
from verification.accounts.sessions import SignedIn, find_session
from web.context import context
from web.cookies import session_token
from web.foreign import is_foreign
from web.language import LANGUAGES, reader_language, speak
from web.logs import request_id
from web.pages import render_page
from web.paths import asked_path, sign_in_path
from web.transaction import in_transaction
from web.translating import lazy

log = structlog.get_logger()

StaffView = TypeVar("StaffView", bound=Callable[..., "ResponseReturnValue | Outside[Any]"])
View = TypeVar("View", bound=Callable[..., Any])
Done = TypeVar("Done")

MOST_BYTES = 64 * 1024


class Capability(StrEnum):
    """What a user's role allows."""

    work_cases = "work_cases"
    find_orders = "find_orders"
    reveal_phones = "reveal_phones"
    see_board = "see_board"
    take_over = "take_over"
    stop_choosing = "stop_choosing"
    manage = "manage"
    own_account = "own_account"


class Access(StrEnum):
    """What opens an address without signing in: nothing, a seller's key, knowing the link, or a provider's
    signature."""

    public = "public"
    api_key = "api_key"
    link = "link"
    provider = "provider"


_OWN = frozenset({Capability.own_account})
_DESK = _OWN | {Capability.work_cases, Capability.find_orders}
_BOARD = _DESK | {
    Capability.reveal_phones,
    Capability.see_board,
    Capability.take_over,
    Capability.stop_choosing,
}

OF_ROLE: Mapping[Role, frozenset[Capability]] = {
    Role.agent: _DESK,
    Role.supervisor: _BOARD,
    Role.admin: _BOARD | {Capability.manage},
    Role.seller: _OWN,
}
"""What each role may do."""


_DENIED = {
    "role": (lazy("Not for your role"), lazy("Ask a supervisor if your work needs this page.")),
    "form": (lazy("Form out of date"), lazy("Nothing was changed. Go back, reload the page and try again.")),
}


@dataclass(frozen=True)
class Visit:
    """A signed-in user's request at one instant `now` (aware UTC), to be answered in `language`.

    `csrf` goes into every form of the page, as the field `csrf` or the header `X-Csrf-Token`.
    """

    user: SignedIn
    now: datetime
    language: str
    csrf: str

    def can(self, capability: str) -> bool:
        """Whether the user's role allows it."""
        return Capability(capability) in OF_ROLE[self.user.role]


@dataclass(frozen=True)
class Outside(Generic[Done]):
    """What a view leaves to do once its transaction is committed: `do` with none open, and then `show` with
    what came of it in another one."""

    do: Callable[[], Done]
    show: Callable[[Session, Done], "ResponseReturnValue | Outside[Any]"]


def page(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    needs: Capability,
    is_act: bool = True,
    most_bytes: int = MOST_BYTES,
) -> Callable[[StaffView], StaffView]:
    """Make `view(visit, session, **parts)` the view of a staff page, in the transaction that its answer ends.
    What asks a provider meanwhile answers with `Outside`.

    `is_act=False` is for what a page asks by itself, which does not keep a session from idling; `most_bytes`
    is for forms that bring files.
    """

    def add(view: StaffView) -> StaffView:
        @wraps(view)
        def serve(**parts: Any) -> Response:
            request.max_content_length = most_bytes
            request.form  # noqa: B018 - read before the transaction begins, however slowly it comes

            def work(session: Session) -> Response | Outside[Any]:
                return _meet(session, needs, is_act) or _ready(view(g.visit, session, **parts))

            answer = in_transaction(work)
            while isinstance(answer, Outside):
                answer = _go_on(answer)
            return answer

        open_to(needs)(serve)
        blueprint.add_url_rule(path, view.__name__, serve, methods=[method])
        return view

    return add


def _ready(answer: "ResponseReturnValue | Outside[Any]") -> "Response | Outside[Any]":
    return answer if isinstance(answer, Outside) else make_response(answer)


def _go_on(left: Outside[Done]) -> Response | Outside[Any]:
    done = left.do()
    return in_transaction(lambda session: _ready(left.show(session, done)))


def open_to(access: Access | Capability) -> Callable[[View], View]:
    """Mark a view with what opens it."""

    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask) -> Iterator[tuple[str, str, Access | Capability | None]]:
    """Path, method and access of every address of the app; None where it was forgotten."""
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.rule, method, access


def register(app: Flask) -> None:
    """Open the files that every page needs, and tell the templates who looks."""
    open_to(Access.public)(app.view_functions["static"])
    app.context_processor(_for_templates)


def _for_templates() -> dict[str, Any]:
    visit: Visit | None = g.get("visit")
    if visit is None:
        return {"user": None, "csrf": "", "can": lambda capability: False}
    return {"user": visit.user, "csrf": visit.csrf, "can": visit.can}


def csrf_of(token: str) -> str:
    """What the forms of a browser with this token carry; no other site can know it."""
    return context().keys.keyed_digest("csrf", token).hex()


def has_form_token(token: str) -> bool:
    """Whether the request at hand carries what the forms of a browser with this token carry."""
    given = request.headers.get("X-Csrf-Token") or request.form.get("csrf", "")
    return compare_digest(given.encode("utf-8", "surrogatepass"), csrf_of(token).encode())


def deny(why: str) -> Response:
    """The page that refuses: `role` does not allow it, or the `form` is not one that we gave this browser."""
    log.info("access_denied", why=why)
    title, sentence = _DENIED[why]
    page = render_page("problem.html", title=title, sentence=sentence, request_id=request_id())
    return make_response(page, 403)


def _meet(session: Session, needs: Capability, is_act: bool) -> Response | None:
    """Make the visit, or tell why there is none."""
    g.pop("visit", None)
    token, now = session_token(), context().clock()
    user = find_session(session, token, now, touch=is_act) if token else None
    if token is None or user is None:
        return _to_sign_in()
    structlog.contextvars.bind_contextvars(user_id=str(user.id))
    language = user.language if user.language in LANGUAGES else reader_language()
    speak(language)
    visit = g.visit = Visit(user, now, language, csrf_of(token))
    if not visit.can(needs):
        return deny("role")
    if request.method in ("GET", "HEAD"):
        return None
    if is_foreign():
        return deny("form")
    if not has_form_token(token):
        answer = deny("form")
        # Somebody has signed in anew in another tab: the page comes back as it stands, with new forms.
        answer.headers["HX-Refresh"] = "true"
        return answer
    return None


def _to_sign_in() -> Response:
    address = sign_in_path(asked_path())
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": address})
    return make_response(redirect(address, 303))
