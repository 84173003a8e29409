"""The buyer's page in a browser, in the three languages that buyers read."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Page

from models.vocabulary import Channel
from tests.browser.conftest import NARROW, WIDE, Visitor
from tests.browser.live import Live
from tests.building import Provider, live_step, ready_claims
from tests.conftest import Work
from tests.orders import make_seller
from tests.web.conftest import Api
from verification.contact.contacting import contact

LANGUAGES = ("ar", "en", "ckb")
ITEMS = [
    {"sku": "HM-204", "title": "خلاط محمول", "variant": "أسود", "quantity": 1, "unit_price": "180.00"},
    {"sku": "HM-009", "title": "Steel bottle, 750 ml", "variant": None, "quantity": 2, "unit_price": "9.50"},
]
OF_BUYER = {"ar": "ar", "en": "en", "ckb": "ku"}


@dataclass
class Buyer:
    """A buyer who holds the link of a message about one order."""

    api: Api
    live: Live
    order_id: str
    link: str

    def open(self, page: Page) -> Page:
        page.goto(self.link)
        return page

    def resource(self) -> dict:
        return self.api.get(f"/orders/{self.order_id}").json

    def decided(self) -> tuple[str, str, str] | None:
        found = self.resource()["decision"]
        return (found["verdict"], found["reason"], found["via"]) if found else None

    def step_channel(self) -> Channel:
        return live_step(self.live.app.extensions["takeed"].engine, UUID(self.order_id)).channel


@pytest.fixture
def ask(live: Live, work: Work) -> Callable[[str], Buyer]:
    """`ask(language)` is a buyer of that language, just written to about an order."""

    def make(language: str) -> Buyer:
        with work() as session:
            api = Api(live.app, make_seller(session, live.clock()).api_key)
        order = api.send(buyer={"language": OF_BUYER[language]}, items=ITEMS, total="199.00")
        engine, provider = live.app.extensions["takeed"].engine, Provider()
        for held in ready_claims(engine, live.clock()):
            contact(engine, held, provider, live.clock, lambda token: f"{live.url}/c/{token}")
        live.clock.forward(minutes=5)
        return Buyer(api, live, order["id"], provider.sends[-1].link)

    return make


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(f"button[value={button}]:visible").first.click()


def open_part(page: Page, button: str) -> None:
    """Unfold the part of the page that holds a button."""
    page.locator("details", has=page.locator(f"button[value={button}]")).locator("summary").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_press_confirms(ask, visitor: Visitor, language: str) -> None:
    buyer = ask(language)
    page = buyer.open(visitor(language, NARROW))
    assert page.locator("html").get_attribute("lang") == language
    press(page, "confirm")
    assert page.locator(".standing.confirmed").is_visible()
    assert buyer.decided() == ("confirmed", "buyer_confirmed", "page")
    page.reload()
    assert page.locator(".standing.confirmed").is_visible()
    assert buyer.decided() == ("confirmed", "buyer_confirmed", "page")


def test_a_cancellation_asks_for_its_reason(ask, visitor: Visitor) -> None:
    buyer = ask("ckb")
    page = buyer.open(visitor("ckb", NARROW))
    open_part(page, "cancel")
    # Without a reason the browser itself holds the form back.
    page.locator("button[value=cancel]").click()
    assert page.locator("[name=reason]:invalid").count()
    page.locator("[name=reason][value=price]").check()
    press(page, "cancel")
    assert page.locator(".standing.rejected").is_visible()
    assert buyer.decided() == ("rejected", "price", "page")


def test_the_address_is_corrected_and_confirmed_in_one(ask, visitor: Visitor) -> None:
    buyer = ask("ar")
    page = buyer.open(visitor("ar", NARROW, allow=["status of 422"]))
    open_part(page, "address")
    form = page.locator("form", has=page.locator("[name=landmark]"))
    form.locator("[name=landmark]").fill("قرب جامع الرحمن")
    form.locator("[name=pin]").fill("beside the mosque")
    with page.expect_navigation():
        form.locator("[value=confirm]").click()
    # A place that cannot be read keeps what was typed, and decides nothing.
    assert page.locator(".notice.trouble").is_visible()
    assert form.locator("[name=landmark]").input_value() == "قرب جامع الرحمن"
    assert buyer.decided() is None
    form.locator("[name=pin]").fill("٢٤٫٧١٣٦، ٤٦٫٦٧٥٣")
    with page.expect_navigation():
        form.locator("[value=confirm]").click()
    assert page.locator(".standing.confirmed").is_visible()
    assert buyer.resource()["address"]["landmark"] == "قرب جامع الرحمن (24.71360,46.67530)"
    assert buyer.decided() == ("confirmed", "buyer_confirmed", "page")


def test_a_call_is_asked_for_at_a_time_of_choice(ask, visitor: Visitor) -> None:
    buyer = ask("en")
    page = buyer.open(visitor("en", NARROW))
    open_part(page, "later")
    page.locator("[name=at]").nth(1).check()
    press(page, "later")
    assert page.locator(".standing.call").is_visible()
    assert buyer.step_channel() is Channel.agent_call
    assert buyer.decided() is None


def test_stop_silences_this_number(ask, visitor: Visitor) -> None:
    buyer = ask("en")
    page = buyer.open(visitor("en", NARROW))
    open_part(page, "stop")
    press(page, "stop")
    assert page.locator("button[value=stop]").count() == 0
    assert page.locator("button[value=confirm]").first.is_visible()
    assert buyer.step_channel() is Channel.ivr


def test_the_language_is_changed_on_the_page(ask, visitor: Visitor) -> None:
    page = ask("ar").open(visitor("ar", NARROW))
    for language, direction in (("en", "ltr"), ("ckb", "rtl"), ("ar", "rtl")):
        page.locator(f"nav a[lang={language}]").click()
        page.wait_for_url(f"**?lang={language}")
        assert page.locator("html").get_attribute("dir") == direction
    press(page, "confirm")
    assert page.locator(".standing.confirmed").is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_everybody_can_read_it(ask, visitor: Visitor, axe, picture, language: str, shape: str, size) -> None:
    page = ask(language).open(visitor(language, size))
    picture(page, f"buyer-{language}-{shape}")
    axe(page)
    for part in page.locator("details").all():
        part.locator("summary").click()
    axe(page)
    picture(page, f"buyer-{language}-{shape}-open", full=True)
    press(page, "confirm")
    axe(page)


def test_a_link_that_leads_nowhere_is_readable_too(visitor: Visitor, axe, picture) -> None:
    page = visitor("en", NARROW, allow=["status of 404"])
    page.goto("/c/nothing")
    axe(page)
    picture(page, "buyer-gone")
