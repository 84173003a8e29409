"""Where signing in leads: never to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.paths import own_path, sign_in_path

HERE = "https://takeed.example"

awkward = st.text(st.sampled_from("/\\.:@?#%a \t\r\n\0é;x"), max_size=12)


def browsed(text: str) -> str:
    """The site a browser would go to (WHATWG URL): edges stripped, tabs and breaks dropped, \\ as /."""
    text = text.strip("".join(map(chr, range(33))))
    for each in "\t\r\n":
        text = text.replace(each, "")
    return urlsplit(urljoin(f"{HERE}/sign-in", text.replace("\\", "/"))).netloc


@given(st.one_of(awkward, awkward.map("/".__add__), st.text(max_size=30)))
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("https://evil.example")
@example("javascript:alert(1)")
def test_what_is_taken_stays_here(text):
    if own_path(text) is not None:
        assert text.startswith("/")
        assert browsed(text) == urlsplit(HERE).netloc


@pytest.mark.parametrize(
    "path", ["/", "/desk", "/board/orders?state=queued&age=2", "/desk/orders/0a-b?x=%2F%2Fa"]
)
def test_our_own_paths_are_taken(path):
    assert own_path(path) == path
    assert "//" not in sign_in_path(path)


@pytest.mark.parametrize("text", [None, "", "desk", "//a", "/\\a", "/a\\b", "/a b", "/" + "a" * 600])
def test_others_are_not(text):
    assert own_path(text) is None
    assert sign_in_path(own_path(text)) == "/sign-in"
