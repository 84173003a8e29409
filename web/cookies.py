"""What a browser keeps for us: who is signed in, which form is open, who has signed in on it before."""

from datetime import timedelta

from flask import Response, request

from web.context import context

_SESSION, _FORM, _KNOWN = "takeed", "takeed-form", "takeed-known"
_KNOWN_FOR = timedelta(days=180)
# Machines are shared by the shifts of a desk.
_MOST_KNOWN = 12


def session_token() -> str | None:
    """The token of the session that the request at hand belongs to."""
    return request.cookies.get(_name(_SESSION)) or None


def keep_session(response: Response, token: str) -> None:
    """Until the browser is closed; how long it is worth anything we decide ourselves."""
    _keep(response, _SESSION, token)


def drop_session(response: Response) -> None:
    """Nobody is signed in on this browser any more."""
    response.delete_cookie(_name(_SESSION), secure=_is_secure(), httponly=True, samesite="Lax")


def form_token() -> str | None:
    """What the form of the sign-in page is bound to, before there is a session."""
    return request.cookies.get(_name(_FORM)) or None


def keep_form(response: Response, token: str) -> None:
    """Until the browser is closed."""
    _keep(response, _FORM, token)


def knows(email: str) -> bool:
    """Whether this user has signed in on this browser before."""
    return _mark(email) in _known()


def keep_known(response: Response, email: str) -> None:
    """Remember, by a keyed digest, that this user has signed in here."""
    mark = _mark(email)
    marks = [mark, *(each for each in _known() if each != mark)][:_MOST_KNOWN]
    _keep(response, _KNOWN, ".".join(marks), max_age=_KNOWN_FOR)


def _known() -> list[str]:
    return request.cookies.get(_name(_KNOWN), "").split(".")


def _mark(email: str) -> str:
    return context().keys.keyed_digest("known", email.strip().lower()).hex()


def _keep(response: Response, name: str, value: str, max_age: timedelta | None = None) -> None:
    response.set_cookie(
        _name(name), value, max_age=max_age, secure=_is_secure(), httponly=True, samesite="Lax"
    )


def _name(name: str) -> str:
    # Browsers take a cookie of this prefix only over HTTPS, from this host, for all of it.
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return context().settings.public_url.startswith("https://")
