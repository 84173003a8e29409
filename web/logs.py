"""Logs: one JSON line an event, with constant names, for a machine to read and without a buyer in it.

A request's line tells its route, not its address: addresses hold tokens and whatever people type.
"""

import re
import secrets
import sys
import traceback
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict

log = structlog.get_logger()

_GIVEN_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_QUIET = frozenset({"/", "/healthz", "/readyz", "/metrics", "/static/<path:filename>"})


def configure() -> None:
    """Write what structlog is told as JSON on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_error,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        # Looked up at each line, since standard error may be another one by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _name_error(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An error by its class and its places; its text may hold what somebody typed."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"], event["where"] = type(error).__name__, _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    """Where in our own files the error passed, outermost first, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in (*ours, *frames[-1:])]


def register(app: Flask) -> None:
    """Name every request, tell the caller the name, and log its end."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The name of the request at hand: the caller's own `X-Request-Id` where it is one, else ours."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    name: str = g.request_id
    return name


def _begin() -> None:
    g.began = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id())


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    route = request.url_rule.rule if request.url_rule else None
    if route not in _QUIET or response.status_code >= 500:
        log.info(
            "request_served",
            method=request.method,
            route=route,
            status=response.status_code,
            milliseconds=round((perf_counter() - g.began) * 1000, 1) if "began" in g else None,
        )
    return response
