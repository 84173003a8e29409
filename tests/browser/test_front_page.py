import pytest

from tests.browser.conftest import NARROW, WIDE


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_front_page_is_open_to_everybody(visitor, axe, picture, language, shape, size):
    page = visitor(language, size)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == language
    axe(page)
    picture(page, f"front-{language}-{shape}")
