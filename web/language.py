"""In which of our languages an answer is written."""

from flask import g, has_request_context, request

from verification.wording import pick_language

LANGUAGES = ("en", "ar")


def reader_language() -> str:
    """The API's: by `Accept-Language`, English when it names none of ours."""
    return pick_language(request.headers.get("Accept-Language"))


def page_language() -> str:
    """A page's: as told to `speak` (by a user's account, or a link's own), else by `?lang=`, else as the
    browser asks; outside a request English.
    """
    if not has_request_context():
        return "en"
    spoken: str | None = g.get("language")
    if spoken is not None:
        return spoken
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else reader_language()


def speak(language: str) -> None:
    """From here on this request's page is in that language."""
    g.language = language
