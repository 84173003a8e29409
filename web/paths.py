"""Where a page leads next, never to another site."""

import re
from urllib.parse import quote, urlsplit

from flask import request

from models.vocabulary import Role

# Browsers take a backslash for a slash and drop tabs and line breaks, which makes another site of a path.
_OWN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_path(text: str | None) -> str | None:
    """The text when it is a path on this site, with or without a query; else None."""
    return text if text and len(text) <= 500 and _OWN.fullmatch(text) else None


def first_page(role: Role) -> str:
    """Where the work of a role begins."""
    return {Role.agent: "/desk", Role.supervisor: "/board", Role.admin: "/board"}.get(role, "/")


def asked_path() -> str | None:
    """The page that the request at hand was for; None for a form, which nobody can open again."""
    if request.headers.get("HX-Request"):
        return own_path(urlsplit(request.headers.get("HX-Current-URL", "")).path)
    if request.method != "GET":
        return None
    query = request.query_string.decode("ascii", "ignore")
    return own_path(quote(request.path) + (f"?{query}" if query else ""))


def sign_in_path(after: str | None) -> str:
    """The sign-in page that leads on to that path."""
    return f"/sign-in?next={quote(after, safe='/')}" if after else "/sign-in"
