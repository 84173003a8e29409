"""Problems as pages tell them, to whoever looks rather than to a program."""

from collections.abc import Mapping
from http import HTTPStatus

from babel.support import LazyProxy

from web.translating import lazy

_WORDS: Mapping[int, tuple[LazyProxy, LazyProxy]] = {
    400: (lazy("Bad Request"), lazy("What your browser sent could not be read.")),
    403: (lazy("Forbidden"), lazy("This page is not open to you, or the form came from somewhere else.")),
    404: (lazy("Not Found"), lazy("There is nothing here under this address.")),
    405: (lazy("Method Not Allowed"), lazy("This address is not made for that.")),
    413: (lazy("Request Entity Too Large"), lazy("The body is larger than this address takes.")),
    429: (lazy("Too Many Requests"), lazy("Please wait a moment and try again.")),
    500: (
        lazy("Internal Server Error"),
        lazy("Something went wrong on our side; nothing of this request was kept."),
    ),
    503: (lazy("Service Unavailable"), lazy("The database does not answer; try again in a moment.")),
}


def words_of(status: int) -> tuple[str | LazyProxy, str | LazyProxy]:
    """A title and a sentence; HTTP's own name and the sentence of 400 for what we never answer ourselves."""
    return _WORDS.get(status) or (HTTPStatus(status).phrase, _WORDS[400][1])
