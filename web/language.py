"""In which of our languages an answer is written."""

from flask import request

from verification.wording import pick_language

LANGUAGES = ("en", "ar")


def reader_language() -> str:
    """The API's: by `Accept-Language`, English when it names none of ours."""
    return pick_language(request.headers.get("Accept-Language"))


def page_language() -> str:
    """A page's: by `?lang=`, else as the browser asks."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else reader_language()
