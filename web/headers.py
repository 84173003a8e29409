"""Headers that go with every answer: nothing of ours is framed, guessed at, passed on or kept by others."""

from flask import Flask, Response, g, request

_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:{pictures}; media-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def register(app: Flask) -> None:
    """Put them on every answer that does not bring its own."""
    app.after_request(_add)


def allow_pictures() -> None:
    """Let the page at hand show pictures from sellers' shops, over HTTPS only; for staff's pages."""
    g.shows_pictures = True


def _add(response: Response) -> Response:
    pictures = " https:" if g.get("shows_pictures") else ""
    response.headers.setdefault("Content-Security-Policy", _CONTENT_POLICY.format(pictures=pictures))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
