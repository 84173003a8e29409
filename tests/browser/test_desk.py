"""The desk in a real browser: a whole shift by keyboard alone, in both directions; readable for everybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from models.decisions import Decision
from models.dispositions import DispositionRow
from models.promises import Promise
from models.sellers import Store
from models.unit_of_work import unit_of_work
from models.users import User
from models.vocabulary import Disposition, Role
from tests.browser.conftest import NARROW, WIDE, go_through_the_door
from tests.building import a_store, order_row, set_policy
from tests.orders import draft, received
from tests.web.staff import PASSWORD, make_user
from verification.contact.promoting import promote

POLICY = {
    "ladder": [{"channel": "agent_call", "after_minutes": 0}] * 3,
    "vary_call_hours": False,
    "call_hours": {"daily": ["09:00-22:00"]},
}
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"


@pytest.fixture
def store(engine: Engine, now: datetime) -> UUID:
    store_id = a_store(engine, now)
    set_policy(engine, now, POLICY, store_id=store_id)
    return store_id


@pytest.fixture
def orders(engine: Engine, store: UUID, live, clock) -> Callable[..., list[UUID]]:
    """`orders(20)` wait for an agent, each of a buyer of its own."""
    numbers = iter(range(1000))

    def place(count: int, **patch: Any) -> list[UUID]:
        made = []
        with unit_of_work(engine) as session:
            for _ in range(count):
                number = next(numbers)
                named = {"number": f"#{3000 + number}", "buyer": {"phone": f"0551{number:06d}"[:10]}}
                wanted = draft(f"b-{number}", **{**named, **patch})
                made.append(received(session, session.get_one(Store, store), wanted, clock()).id)
        with unit_of_work(engine) as session:
            promote(session, now=clock())
        return made

    return place


@dataclass
class Keyboard:
    """Nothing but keys, as a layout types them: the place on the keyboard stays, the letter does not."""

    page: Page
    is_arabic: bool

    def __post_init__(self) -> None:
        self._typing = self.page.context.new_cdp_session(self.page)

    def press(self, code: str, *, shift: bool = False) -> None:
        self.page.wait_for_selector("html[data-js]", state="attached")
        # A person presses when the screen stands, not in the milliseconds in which it is drawn.
        on_its_way = self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
        expect(on_its_way).to_have_count(0)
        letter = code.removeprefix("Digit").removeprefix("Key").lower()
        if self.is_arabic:
            letter = ARABIC_DIGITS[int(letter)] if letter.isdigit() else {"slash": "ظ"}.get(letter, "ش")
        event = {"code": code, "key": letter, "modifiers": 8 if shift else 0}
        self._typing.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **event})
        self._typing.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def case(self) -> str:
        return self.page.get_attribute("#desk", "data-step") or ""

    def and_then(self, code: str, selector: str, *, shift: bool = False) -> None:
        self.press(code, shift=shift)
        self.page.wait_for_selector(selector)

    def next_case(self) -> None:
        self.and_then("KeyN", "#desk[data-step]")

    def call(self) -> None:
        self.and_then("KeyC", "#desk.is-called")

    def end(self, *codes: str, shift: bool = False) -> None:
        """The presses of an outcome; then another case is there, or none."""
        before = self.case()
        for code in codes:
            self.press(code, shift=shift)
        self.page.wait_for_selector(f'#desk:not([data-step="{before}"])')


def test_a_shift_of_twenty_cases_by_keyboard_in_english(visitor, work, orders, engine, now):
    _work_a_shift(visitor("en"), make_user(work, now, language="en"), orders, engine, is_arabic=False)


def test_a_shift_of_twenty_cases_by_keyboard_in_arabic(visitor, work, orders, engine, now):
    _work_a_shift(visitor("ar"), make_user(work, now, language="ar"), orders, engine, is_arabic=True)


def _work_a_shift(page: Page, user: User, orders, engine: Engine, *, is_arabic: bool) -> None:
    orders(20)
    go_through_the_door(page, user.email)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if is_arabic else "ltr")
    keys = Keyboard(page, is_arabic)
    keys.next_case()
    for codes in (["Digit1"],) * 6 + (["Digit2", "Digit1"], ["Digit2", "Digit2"], ["Digit2", "Digit4"]):
        keys.call()
        keys.end(*codes)
    for codes in (["Digit3"], ["Digit4"], ["Digit0"], ["Digit5"], ["Digit8", "Digit2"], ["Digit6", "Digit1"]):
        keys.call()
        keys.end(*codes)
    keys.call()
    keys.end("Digit1", shift=True)

    # The wrong key, taken back.
    keys.call()
    mistaken = keys.case()
    keys.end("Digit2", "Digit3")
    keys.and_then("KeyZ", f'#desk[data-step="{mistaken}"].is-called')
    keys.end("Digit1")

    # A call promised for half past nine tomorrow evening, in words.
    keys.call()
    keys.and_then("Digit6", "#panel-call_back.is-open")
    keys.press("Digit" + page.get_attribute("#when", "data-digit"))
    page.keyboard.type("بكرة الساعة ٩ ونص مساءً" if is_arabic else "tomorrow 21:30")
    expect(page.locator("#read-as .read")).to_contain_text("21:30")
    before = keys.case()
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#desk:not([data-step="{before}"])')

    # An address put right, then confirmed.
    keys.call()
    keys.and_then("Digit7", "#panel-fix.is-open")
    while page.evaluate("document.activeElement.name") != "landmark":
        page.keyboard.press("Tab")
    page.keyboard.type("خلف مسجد الراجحي")
    page.keyboard.press("Enter")
    expect(page.locator(".address")).to_contain_text("خلف مسجد الراجحي")
    keys.end("Digit1")

    # The last one: found by the buyer's phone, looked at, worked, and then a break.
    keys.press("Slash")
    page.keyboard.type("0551000000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".order-page")
    keys.and_then("KeyN", "#desk[data-step]")
    keys.call()
    keys.press("KeyB")
    keys.end("Digit1")
    page.wait_for_selector(".state-on_break")
    _sign_out(page)

    with unit_of_work(engine) as session:
        chosen = session.scalars(
            select(DispositionRow.chosen).where(DispositionRow.undone_at.is_(None))
        ).all()
        [undone] = session.scalars(
            select(DispositionRow.chosen).where(DispositionRow.undone_at.is_not(None))
        ).all()
        promised = session.scalars(select(Promise.promised_at).where(Promise.result.is_(None))).all()
        days = [
            each["deliver_on"] for each in session.scalars(select(Decision.changes)) if "deliver_on" in each
        ]
    assert len(chosen) == 20
    assert undone is Disposition.reject
    assert chosen.count(Disposition.confirm) == 11
    assert chosen.count(Disposition.reject) == 3
    assert datetime(2026, 11, 23, 18, 30, tzinfo=UTC) in promised
    assert days == ["2026-11-24"]


def _sign_out(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('form')?.getAttribute('action')") == "/sign-out":
            page.keyboard.press("Enter")
            page.wait_for_url("**/sign-in")
            return
    raise AssertionError("no way out by keyboard")


STATES: dict[str, Callable[[Keyboard], None]] = {
    "empty": lambda keys: None,
    "previewed": lambda keys: keys.next_case(),
    "called": lambda keys: (keys.next_case(), keys.call()),
    "reject": lambda keys: (keys.next_case(), keys.call(), keys.press("Digit2")),
    "call_back": lambda keys: (keys.next_case(), keys.call(), keys.press("Digit6")),
    "delivery_day": lambda keys: (keys.next_case(), keys.call(), keys.press("Digit8")),
    "fix": lambda keys: (keys.next_case(), keys.call(), keys.press("Digit7")),
    "stop": lambda keys: (keys.next_case(), keys.call(), keys.press("KeyX")),
    "undo": lambda keys: (keys.next_case(), keys.call(), keys.end("Digit1")),
    "keys": lambda keys: (keys.next_case(), keys.and_then("Slash", "dialog[open]", shift=True)),
}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_state_of_the_desk_is_readable_for_everybody(visitor, sign_in, orders, axe, picture, language):
    page = visitor(language)
    orders(3, address=INCOMPLETE, note="التوصيل بعد العصر")
    sign_in(page)
    for name, reach in STATES.items():
        page.goto("/desk")
        keys = Keyboard(page, language == "ar")
        reach(keys)
        axe(page)
        picture(page, f"desk-{name}-{language}-wide")
        assert page.evaluate("[scrollX, scrollY]") == [0, 0]
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), f"{name} scrolls"


INCOMPLETE = {"short_address": None, "district": None, "street": None, "building": None}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_desk_fits_on_a_phone(visitor, sign_in, orders, axe, picture, language):
    page = visitor(language, NARROW)
    orders(2, address=INCOMPLETE)
    sign_in(page)
    picture(page, f"desk-empty-{language}-narrow")
    page.click("[data-action=next]")
    page.wait_for_selector("#desk[data-step]")
    page.click("[data-action=call]")
    page.wait_for_selector("#desk.is-called")
    axe(page)
    picture(page, f"desk-called-{language}-narrow")
    expect(page.locator("[data-action=confirm]")).to_be_in_viewport()
    page.click("[data-action=reject]")
    expect(page.locator("#panel-reject .choice").first).to_be_in_viewport()
    picture(page, f"desk-reject-{language}-narrow")
    page.click("#panel-reject .choice >> nth=0")
    toast = page.locator("#toast").bounding_box()
    outcomes = page.locator(".outcomes").bounding_box()
    assert toast["y"] + toast["height"] <= outcomes["y"]
    picture(page, f"desk-undo-{language}-narrow")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_orders_page_is_readable_for_everybody(visitor, sign_in, orders, axe, picture, language):
    word = "x" * 1900
    [placed] = orders(
        1, note=word, items=[{"title": word, "quantity": 1, "unit_price": "199.00"}], total="199.00"
    )
    for size, width in ((WIDE, "wide"), (NARROW, "narrow")):
        page = visitor(language, size)
        sign_in(page, Role.supervisor, name=f"Salma {width}")
        page.goto(f"/desk/orders/{placed}")
        axe(page)
        picture(page, f"order-{language}-{width}")


def test_a_reload_opens_the_panel_again(visitor, sign_in, orders):
    page = visitor()
    orders(1)
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.call()
    keys.and_then("Digit2", "#panel-reject.is-open")
    page.reload()
    page.wait_for_selector("#panel-reject.is-open")
    page.keyboard.press("Escape")
    expect(page.locator("#panel-reject")).to_be_hidden()
    page.reload()
    expect(page.locator("#panel-reject")).to_be_hidden()


def test_keys_say_nothing_while_somebody_types(visitor, sign_in, orders, engine):
    page = visitor()
    [placed] = orders(1)
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.call()
    keys.press("Slash")
    page.keyboard.type("1 2 3")
    expect(page.locator("#find")).to_have_value("1 2 3")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Digit1")
    page.keyboard.press("Alt+Digit1")
    assert order_row(engine, placed).decision_id is None
    assert keys.case()


def test_an_agents_own_key_works_and_the_old_one_does_not(visitor, sign_in, orders):
    page = visitor()
    orders(1)
    sign_in(page)
    page.goto("/account")
    page.focus("[name=call]")
    page.keyboard.press("Shift+Q")
    expect(page.locator("[name=call]")).to_have_value("⇧Q")
    page.keyboard.press("q")
    expect(page.locator("[name=call]")).to_have_value("Q")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account?said=keys*")
    page.goto("/desk")
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.press("KeyC")
    keys.and_then("KeyQ", "#desk.is-called")


def look_again(page: Page) -> None:
    """A page that is looked at again asks at once how things stand; otherwise it would in five seconds."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_an_idle_desk_says_by_itself_that_a_case_has_come(visitor, sign_in, orders):
    page = visitor()
    sign_in(page)
    expect(page.locator(".calm h1")).to_have_text("Nothing is due right now")
    orders(2)
    expect(page.locator("#waiting")).to_have_text("2 cases wait")
    expect(page).to_have_title("(2) Desk · Takeed")
    assert page.get_attribute("#desk", "data-step") is None


def test_a_pulse_leaves_what_somebody_types_alone(visitor, sign_in, orders):
    page = visitor()
    sign_in(page)
    expect(page.locator(".calm h1")).to_have_text("Nothing is due right now")
    page.focus("#find")
    page.keyboard.type("05512")
    orders(1)
    look_again(page)
    expect(page.locator("#waiting")).to_have_text("1 case waits")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("05512")


def test_a_picture_that_does_not_come_leaves_its_place(visitor, sign_in, orders):
    page = visitor(allow=["Failed to load resource"])
    item = {"title": "Blender", "quantity": 1, "unit_price": "199.00"}
    orders(1, items=[{**item, "image_url": "https://127.0.0.1:1/none.svg"}], total="199.00")
    sign_in(page)
    Keyboard(page, is_arabic=False).next_case()
    expect(page.locator(".picture svg")).to_be_visible()
    expect(page.locator(".picture img")).to_have_count(0)


def test_what_was_typed_outlives_a_lost_line(visitor, sign_in, orders, engine):
    page = visitor(allow=["Failed to load resource", "net::", "htmx:"])
    [placed] = orders(1)
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.call()
    keys.press("Digit6")
    page.fill("#when", "tomorrow 8 pm")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#connection.trying")).to_be_visible()
    expect(page.locator("#when")).to_have_value("tomorrow 8 pm")
    page.context.set_offline(False)
    expect(page.locator("#connection:not(.trying)")).to_be_visible()
    before = keys.case()
    page.focus("#when")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#desk:not([data-step="{before}"])')
    assert order_row(engine, placed).wish is not None


def test_a_case_that_was_taken_over_says_so_and_takes_nothing(visitor, sign_in, orders, clock):
    page, other = visitor(), visitor()
    orders(1)
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.call()
    step = keys.case()
    sign_in(other, Role.supervisor)
    other.goto("/board")
    csrf = other.get_attribute("input[name=csrf]", "value")
    answer = other.request.post(
        f"/board/cases/{step}/take-over", form={"csrf": csrf}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.ok
    look_again(page)
    expect(page.locator("#lost")).to_be_visible(timeout=8_000)
    expect(page.locator("#lost")).to_contain_text("has had order #3000 in hand since")
    expect(page.locator("#lost button")).to_be_focused()
    expect(page.locator("button[value=confirm]")).to_be_disabled()
    expect(page.locator("#phone")).to_have_count(0)
    expect(page.locator(".needs")).to_have_count(0)
    keys.press("Digit2")
    expect(page.locator(".panel.is-open")).to_have_count(0)
    orders(1)
    keys.press("KeyN")
    page.wait_for_selector(f'#desk[data-step]:not([data-step="{step}"])')


def test_another_tab_brings_the_case_further_and_this_one_follows(visitor, sign_in, orders):
    page = visitor()
    orders(1)
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    page.click("[data-action=fix]")
    page.fill("[name=landmark]", "behind the mosque")
    other = page.context.new_page()
    other.goto("/desk")
    other.click("[data-action=call]")
    other.wait_for_selector("#desk.is-called")
    look_again(page)
    expect(page.locator("#moved-on")).to_be_visible(timeout=8_000)
    expect(page.locator("[name=landmark]")).to_have_value("behind the mosque")
    page.fill("[name=landmark]", "")
    page.keyboard.press("Escape")
    look_again(page)
    page.wait_for_selector("#desk.is-called")


def test_a_reload_keeps_what_was_chosen_for_one_order_and_what_was_typed(visitor, sign_in, orders):
    page = visitor()
    orders(2, buyer={"phone": "0551777777"})
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.call()
    page.locator(".apart select").first.select_option("reject:price")
    page.click("[data-action=call_back]")
    page.fill("#when", "tomorrow 8 pm")
    page.reload()
    expect(page.locator(".apart select").first).to_have_value("reject:price")
    expect(page.locator("#when")).to_have_value("tomorrow 8 pm")
    assert "desk-typed" not in page.evaluate("Object.keys(sessionStorage)")
    page.keyboard.press("Escape")
    page.click("[data-action=fix]")
    page.locator("[name=landmark]").first.fill("behind the mosque")
    page.keyboard.press("Enter")
    expect(page.locator(".address").first).to_contain_text("behind the mosque")
    expect(page.locator(".apart select").first).to_have_value("reject:price")
    keys.end("Digit1")
    assert "desk-typed" not in page.evaluate("Object.keys(sessionStorage)")


def test_at_twice_the_size_nothing_lies_over_the_case(visitor, sign_in, orders):
    page = visitor("en", (683, 384))
    orders(2)
    sign_in(page)
    keys = Keyboard(page, is_arabic=False)
    keys.next_case()
    keys.call()
    case, outcomes = page.locator(".case-body").bounding_box(), page.locator(".outcomes").bounding_box()
    assert outcomes["y"] >= case["y"] + case["height"]
    page.click("[data-action=reject]")
    panel, case = page.locator("#panel-reject").bounding_box(), page.locator(".case-body").bounding_box()
    assert panel["y"] >= case["y"] + case["height"]


@pytest.fixture
def without_scripts(browser, live) -> Iterator[Page]:
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def test_everything_works_by_click_without_scripts(without_scripts, work, live, orders, engine):
    page = without_scripts
    placed = orders(2)
    user = make_user(work, live.clock(), Role.agent)
    page.goto("/sign-in")
    page.fill("[name=email]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto("/desk")
    page.click("[data-action=next]")
    page.click("[data-action=call]")
    page.click("[data-action=reject]")
    page.click("#panel-reject .choice >> nth=1")
    page.click(".toast-undo button")
    page.click("[data-action=confirm]")
    page.click("[data-action=call]")
    page.click("[data-action=call_back]")
    page.fill("#when", "yesterday 9 pm")
    page.click("#promise")
    page.click("[data-action=reject]")
    expect(page.locator(".panel:visible")).to_have_count(1)
    expect(page.locator("#panel-reject")).to_be_visible()
    page.click("[data-action=call_back]")
    page.fill("#when", "tomorrow 8 pm")
    page.click("#promise")
    decided = [order_row(engine, each).decision_id is not None for each in placed]
    assert decided == [True, False]
    expect(page.locator(".calm h1")).to_be_visible()
