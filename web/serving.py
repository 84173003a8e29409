"""Serving the API: who calls, what was sent, once, in one transaction."""

from functools import partial

from flask import Blueprint, Response

from models.unit_of_work import Session
from web import buyers, listing, orders, taking  # noqa: F401 - each declares its routes
from web.access import Access, open_to
from web.authentication import caller
from web.bodies import raw_body
from web.call import Answer, Call
from web.context import context
from web.idempotency import BeforeCommit, once
from web.language import reader_language
from web.routes import PREFIX, ROUTES, Route
from web.transaction import in_transaction


def api() -> Blueprint:
    """Every route that was declared."""
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    for route in ROUTES:
        name = route.view.__name__
        view = open_to(Access.api_key)(partial(_serve, route))
        blueprint.add_url_rule(route.path, name, view, methods=[route.method])
    return blueprint


def _serve(route: Route, **parts: str) -> Response:
    who = caller()
    call = Call(
        caller=who,
        now=context().clock(),
        language=reader_language(),
        body=raw_body(route.most_bytes) if route.writes else b"",
        keys=context().keys,
    )
    run = partial(_run, route, call, parts)
    answer = once(call, run) if route.writes else run(lambda session, answer: None)
    return answer.response()


def _run(route: Route, call: Call, parts: dict[str, str], before_commit: BeforeCommit) -> Answer:
    if route.own_transactions:
        answer = route.view(call, **parts)
        in_transaction(lambda session: before_commit(session, answer))
        return answer

    def work(session: Session) -> Answer:
        answer = route.view(call, session, **parts)
        before_commit(session, answer)
        return answer

    return in_transaction(work)
