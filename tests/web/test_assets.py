"""The files that pages load: at which address, for how long, and who made them."""

import gzip
import re

import pytest

from web.assets import asset
from web.headers import allow_pictures


@pytest.fixture
def browser(app):
    return app.test_client()


@pytest.fixture
def address(app):
    def find(name):
        with app.test_request_context():
            return asset(name)

    return find


def test_an_address_tells_the_content_and_may_be_kept_for_good(browser, address):
    found = address("takeed.css")
    assert re.fullmatch(r"/static/takeed\.css\?v=[0-9a-f]{12}", found)
    with browser.get(found) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.content_type == "text/css; charset=utf-8"


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_nothing_is_kept_for_good_under_another_address(browser, query):
    with browser.get(f"/static/takeed.css{query}") as answer:
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]


def test_the_address_changes_with_the_file(app, tmp_path, address):
    was, app.static_folder = app.static_folder, tmp_path
    try:
        (tmp_path / "a.css").write_text("a {}")
        before = address("a.css")
        (tmp_path / "a.css").write_text("a { color: red }")
        assert address("a.css") != before
        with pytest.raises(FileNotFoundError):
            address("b.css")
    finally:
        app.static_folder = was


@pytest.mark.parametrize("name", ["vendor/tabler.min.css", "vendor/htmx.min.js", "vendor/fonts.css"])
def test_large_files_travel_packed_where_the_browser_reads_that(browser, address, name):
    with (
        browser.get(address(name)) as plain,
        browser.get(address(name), headers={"Accept-Encoding": "br, gzip"}) as packed,
        browser.get(address(name), headers={"Accept-Encoding": "gzip;q=0"}) as refused,
    ):
        assert gzip.decompress(packed.data) == plain.data == refused.data
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert packed.content_type == plain.content_type
        for answer in (plain, packed, refused):
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "immutable" in answer.headers["Cache-Control"]


def test_letters_are_kept_for_good_too(browser, address):
    with browser.get(address("vendor/fonts.css")) as styles:
        letters = re.findall(r'url\("([^"]+)"\)', styles.text)
    assert len(letters) == 2
    for each in letters:
        with browser.get(f"/static/vendor/{each}") as answer:
            assert answer.content_type == "font/woff2"
            assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["nothing.css", "../assets.py", "..%2fassets.py", "vendor/nothing.js", "vendor"]
)
def test_nothing_else_is_served(browser, name):
    assert browser.get(f"/static/{name}?v=1").status_code == 404


def test_licences_travel_with_what_is_borrowed(browser):
    with browser.get("/static/vendor/LICENSES") as answer:
        told = answer.data.decode()
    assert all(word in told for word in ("The Tabler Authors", "htmx.org", "SIL OPEN FONT LICENSE"))


def test_only_a_page_that_asks_shows_pictures_of_other_sites(make_app):
    app = make_app()
    app.add_url_rule("/with", view_func=lambda: allow_pictures() or "with")
    browser = app.test_client()
    policy = {path: browser.get(path).headers["Content-Security-Policy"] for path in ("/", "/with", "/gone")}
    assert "img-src 'self' data: https:;" in policy["/with"]
    assert policy["/with"].replace(" https:", "") == policy["/"] == policy["/gone"]
    assert "font-src 'self';" in policy["/"]
