import pytest

from tests.browser.conftest import NARROW, WIDE
from tests.orders import make_seller
from tests.web.conftest import Api


@pytest.fixture
def shop(live, work):
    """A shop whose orders stand at different places of the flow."""
    with work() as session:
        api = Api(live.app, make_seller(session, live.clock()).api_key)
    for number in range(4):
        api.send(f"{number}", buyer={"phone": f"05512345{number:02}"})
    api.send("5", buyer={"phone": "wrong"})
    api.send("6", payment_method="visa")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_front_page_is_open_to_everybody(shop, visitor, axe, picture, language, shape, size):
    page = visitor(language, size)
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == language
    axe(page)
    picture(page, f"front-{language}-{shape}")
    page.locator("a[href='/sign-in']").click()
    assert page.locator("[name=password]").is_visible()
