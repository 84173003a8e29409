"""Telling a form of our own pages from one that another site had the browser send."""

from urllib.parse import urlsplit

from flask import request

from web.context import context


def is_foreign() -> bool:
    """Whether the request at hand comes from another site.

    Our pages send no referrer, so browsers may call their origin null; a page on plain HTTP tells no more.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(context().settings.public_url).netloc}
    return origin not in (None, "null") and urlsplit(origin).netloc not in ours
