"""A real browser before a real server. What a page says wrong to its console fails the test."""

from asyncio import AbstractEventLoop, _set_running_loop
from asyncio import get_running_loop as _loop
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from models.users import User
from models.vocabulary import Role
from settings import ROOT
from tests.browser import chromium
from tests.browser.live import Live, serving
from tests.conftest import Work
from tests.web.conftest import Clock, new_app
from tests.web.staff import PASSWORD, make_user
from verification.accounts import sessions

PICTURES = ROOT / "var" / "pictures"
LOCALES = {"en": "en-GB", "ar": "ar-SA", "ckb": "ckb-IQ"}
WIDE, NARROW = (1366, 768), (390, 844)
# Only a test that fails waits as long.
PATIENCE_MS = 60_000

Visitor = Callable[..., Page]
SignIn = Callable[..., User]


@pytest.fixture(scope="session")
def _live(_database: str) -> Iterator[Live]:
    with serving(lambda url: new_app(_database, public_url=url)) as live:
        yield live


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The app's time, moved by hand."""
    return Clock(now)


@pytest.fixture
def live(_live: Live, database_url: str, clock: Clock) -> Iterator[Live]:
    """The server: `live.url`, `live.app`, and `live.clock` to be moved by hand."""
    _live.clock = _live.app.extensions["takeed"].clock = clock
    yield _live
    _live.settle()
    _live.app.extensions["takeed"].engine.dispose()


@pytest.fixture(scope="session")
def _browser() -> Iterator[tuple[Browser, AbstractEventLoop]]:
    found = chromium.find()
    assert found, chromium.MISSING
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser, loop = playwright.chromium.launch(executable_path=found, args=[*chromium.FLAGS]), _loop()
        _set_running_loop(None)
        yield browser, loop
        _set_running_loop(loop)
        browser.close()
    _set_running_loop(None)


@pytest.fixture
def browser(_browser: tuple[Browser, AbstractEventLoop]) -> Iterator[Browser]:
    """The machine's Chromium; it reaches nothing but this machine."""
    # Playwright keeps its loop running in our thread; other tests must find none there.
    _set_running_loop(_browser[1])
    yield _browser[0]
    _set_running_loop(None)


@pytest.fixture
def visitor(browser: Browser, live: Live) -> Iterator[Visitor]:
    """`visitor(language, size)` is an empty page of a new visitor, with cookies of its own.

    What the page's console calls an error fails the test at its end, and so does an error in a script or a
    breach of the content policy; `allow` names parts of the errors that the test expects ("status of 409").
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def come(language: str = "en", size: tuple[int, int] = WIDE, *, allow: Sequence[str] = ()) -> Page:
        width, height = size
        is_phone = width < 600
        context = browser.new_context(
            base_url=live.url,
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            timezone_id="Asia/Riyadh",
            is_mobile=is_phone,
            has_touch=is_phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)

        def complain(text: str, address: str) -> None:
            if not any(each in f"{text} {address}" for each in allow):
                wrong.append(f"{text} ({address})")

        context.on(
            "console",
            lambda said: complain(said.text, said.location["url"]) if said.type == "error" else None,
        )
        context.on("weberror", lambda raised: complain(str(raised.error), "in a script"))
        contexts.append(context)
        return context.new_page()

    yield come
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def sign_in(work: Work, live: Live) -> SignIn:
    """`sign_in(page, role)` makes a user, in the language of the visitor, who is signed in on that browser.

    It returns the user; a `name` makes several of one role. An agent finds the desk open.
    """

    def enter(page: Page, role: Role = Role.agent, name: str | None = None) -> User:
        language = page.evaluate("navigator.language").partition("-")[0]
        email = f"{name or role.value}-{live.clock().timestamp():.0f}@takeed.example".replace(" ", "-")
        named = name or ("هدى" if language == "ar" else "Huda")
        user = make_user(work, live.clock(), role, email=email, name=named, language=language)
        keys = live.app.extensions["takeed"].keys
        with work() as session:
            begun = sessions.sign_in(
                session, email, PASSWORD, address="127.0.0.1", keys=keys, now=live.clock()
            )
        assert begun is not None
        page.context.add_cookies([{"name": "takeed", "value": begun.token, "url": live.url}])
        if role is Role.agent:
            page.goto("/desk")
        return user

    return enter


def go_through_the_door(page: Page, email: str) -> None:
    """Sign in by keyboard."""
    page.goto("/sign-in")
    page.focus("[name=email]")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on serious and critical violations of accessibility."""

    def check(page: Page) -> None:
        page.evaluate(AXE_SCRIPT)
        # All that it says of what is well would take as long to bring here as it took to find.
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then(({violations}) => violations)")
        assert [_told(each) for each in found if each["impact"] in ("serious", "critical")] == []

    return check


def _told(violation: dict) -> str:
    nodes = [f"{node['html'][:160]} — {node['failureSummary']}" for node in violation["nodes"][:5]]
    return "\n".join([f"{violation['id']}: {violation['help']}", *nodes])


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], None]:
    """`picture(page, name)` keeps what is seen as `var/pictures/NAME.png`; nothing may stick out sideways."""

    def take(page: Page, name: str, *, full: bool = False) -> None:
        page.evaluate("document.fonts.ready.then(() => true)")
        sticks_out = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=full)
        assert sticks_out <= 0, f"{name}: {sticks_out} px too wide"

    return take
