"""Problems as RFC 9457 tells them: what is wrong, where and by which rule, never the value that was sent."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from models.faults import is_outage
from verification.intake import problems as intake
from web.logs import request_id
from web.pages import render_page
from web.problem_words import words_of

log = structlog.get_logger()

PROBLEMS: Mapping[str, tuple[int, str]] = {
    "unreadable_json": (400, "The body is not JSON in UTF-8."),
    "broken_body": (400, "The body broke off, or is not sent as its headers say."),
    "nested_too_deep": (400, "The JSON is nested too deeply."),
    "idempotency_key_invalid": (400, "An Idempotency-Key has 1 to 255 visible ASCII characters."),
    "unauthorized": (401, "Send a valid API key: Authorization: Bearer tk_..."),
    "not_found": (404, "There is nothing here under this address."),
    "order_conflict": (409, "The external id stands for an order with other content; correct it with PATCH."),
    "order_shipped": (409, "The order has been shipped."),
    "order_not_decided": (409, "There is no decision on this order to dispute."),
    "order_details_erased": (409, "The buyer's details are no longer kept, so the order stays as it is."),
    "idempotency_key_running": (409, "The first request under this Idempotency-Key is still running."),
    "body_too_large": (413, "The body is larger than this address takes."),
    "invalid": (422, "Some fields break a rule; `errors` tells which."),
    "too_many_orders": (422, "A batch has at most 500 orders."),
    "idempotency_key_reused": (422, "This Idempotency-Key came before with another body."),
    "too_many_requests": (429, "This API key calls too often; wait for the seconds in Retry-After."),
    "internal_error": (500, "Something went wrong on our side; nothing of this request was kept."),
    "database_unavailable": (503, "The database does not answer; try again in a moment."),
}
"""Every problem of the API by its code, with the status and the words that go with it."""


class Problem(Exception):
    """An answer that is a problem, of PROBLEMS; whatever the request did so far is rolled back."""

    def __init__(
        self,
        code: str,
        errors: Sequence[intake.Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status, self.detail = PROBLEMS[code]
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def as_json(self) -> dict[str, Any]:
        """The problem as RFC 9457 writes it, with our extensions."""
        errors = [{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in self.errors]
        return problem_json(self.status, self.code, self.detail, errors)


def invalid(*errors: intake.Problem) -> Problem:
    """A request with fields that break a rule."""
    return Problem("invalid", errors)


def problem_json(
    status: int, code: str, detail: str, errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": list(errors),
        "request_id": request_id(),
    }


def register(app: Flask) -> None:
    """Answer every error of the app as a problem."""
    app.register_error_handler(Problem, _tell)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(Exception, _tell_unexpected)


def unexpected(error: Exception) -> Problem:
    """The problem to answer for an error of ours, after it is logged without a word of the data it met."""
    if is_outage(error):
        log.error("database_unavailable", error=type(error).__name__)
        return Problem("database_unavailable", headers={"Retry-After": "2"})
    log.error("request_failed", exc_info=error)
    return Problem("internal_error")


def _tell(problem: Problem) -> Response:
    return _respond(problem.as_json(), problem.headers)


def _tell_http(error: HTTPException) -> Response:
    status = error.code or 500
    known = {404: "not_found", 413: "body_too_large", 500: "internal_error"}.get(status)
    if known:
        return _tell(Problem(known))
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Location")}
    code = HTTPStatus(status).name.lower()
    return _respond(problem_json(status, code, HTTPStatus(status).description), headers)


def _tell_unexpected(error: Exception) -> Response:
    return _tell(unexpected(error))


def _respond(body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    if request.path.startswith(("/api/", "/channels/")):
        return Response(
            json.dumps(body), body["status"], dict(headers), content_type="application/problem+json"
        )
    title, sentence = words_of(body["status"])
    page = render_page("problem.html", title=title, sentence=sentence, request_id=body["request_id"])
    return Response(page, body["status"], dict(headers), content_type="text/html; charset=utf-8")
