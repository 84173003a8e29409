"""Click to call in a real browser, Twilio's double in the provider's place."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models.attempts import Attempt
from models.calls import CallLeg
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.users import User
from models.vocabulary import CallParty, LegState, Outcome, SenderKind
from scripts.twilio_double.delivering import post_over_http
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double
from tests.browser.test_desk import Keyboard, look_again, orders, store
from tests.building import set_policy
from tests.web.twilio.conftest import ACCOUNT
from verification.routing.stored import add_sender

__all__ = ["orders", "store"]

OURS, HUDA, BUYER = "+966112345678", "+966550000001", "+966551000000"


@pytest.fixture
def phones():
    return {HUDA: [Behaves(keys=("1",))], BUYER: [Behaves(talks=42)]}


@pytest.fixture
def double(live, clock, phones):
    account, kept = replace(ACCOUNT, public_url=live.url), live.app.extensions["takeed"].__dict__
    script = Script(phones=phones)
    with Double(account.sid, account.token, script=script, clock=clock, public_url=live.url) as double:
        kept.pop("channels", None)
        kept["account"] = replace(account, api_base=double.base)
        yield double
        assert double.violations == []
        assert double.warnings == []
    for name in ("account", "channels"):
        kept.pop(name, None)


@pytest.fixture
def wait(clock, double):
    """Let time pass at the phone company."""

    def pass_time(seconds):
        for _ in range(seconds):
            clock.forward(seconds=1)
            double.deliver(clock(), post_over_http)

    return pass_time


@pytest.fixture
def desk(engine, work, now, store, orders, sign_in, visitor, double):
    """An agent with a phone at a desk that calls by click, one case in hand."""

    def sit(language, size=(1366, 768)):
        set_policy(engine, now, {"dial_mode": "click_to_call"}, store_id=store)
        with work() as session:
            add_sender(session, kind=SenderKind.voice, address=OURS, actor="operator", now=now)
        orders(1)
        page = visitor(language, size)
        user = sign_in(page)
        with work() as session:
            session.get_one(User, user.id).phone = HUDA
        keys = Keyboard(page, language == "ar")
        keys.next_case()
        return page, keys

    return sit


SAID = {
    "en": ("Your phone rings.", "press a key", "the buyer's phone rings", "Connected 0:", "Talked 0:42"),
    "ar": ("هاتفك يرن", "اضغط أي زر", "هاتف المشتري يرن", "متصل 0:", "0:42"),
}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_agent_calls_by_click_and_sees_how_far_it_has_come(
    engine, desk, wait, double, axe, picture, language
):
    page, keys = desk(language)
    keys.press("KeyC")
    told = page.locator("#call-said")
    for seconds, words, name in zip(
        (0, 7, 6, 8, 60),
        SAID[language],
        ("rings", "on-the-line", "buyer-rings", "connected", "over"),
        strict=True,
    ):
        wait(seconds)
        look_again(page)
        expect(told).to_contain_text(words)
        if name in ("connected", "over"):
            axe(page)
        picture(page, f"desk-call-{name}-{language}")
    assert BUYER[4:] not in page.content().replace(" ", "")
    assert page.locator("[href^='tel:']").count() == 0
    case = keys.case()
    keys.press("Digit1")
    page.wait_for_selector(f'#desk:not([data-step="{case}"])')
    with unit_of_work(engine) as session:
        made = session.scalars(select(Attempt)).one()
        [placed] = session.scalars(select(Order.id)).all()
        legs = session.execute(select(CallLeg.party, CallLeg.state).order_by(CallLeg.first_at)).all()
    assert made.outcome is Outcome.answered
    assert [tuple(each) for each in legs] == [
        (CallParty.agent, LegState.completed),
        (CallParty.buyer, LegState.completed),
    ]
    assert [call.to for call in double.calls] == [HUDA, BUYER]
    page.goto(f"/desk/orders/{placed}")
    expect(page.locator(".contacts .leg")).to_have_count(2)
    axe(page)
    picture(page, f"order-call-{language}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_how_it_ended_suggests_the_outcome(desk, wait, phones, axe, picture, language):
    phones[BUYER] = [Behaves(report=("busy",))]
    page, keys = desk(language, (390, 844))
    keys.and_then("KeyC", "#call-live")
    wait(60)
    look_again(page)
    expect(page.locator("[data-action=busy]")).to_have_class("outcome suggested")
    axe(page)
    picture(page, f"desk-call-busy-{language}-narrow")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_missed_the_ring_rings_again_by_the_same_key(desk, wait, phones, double, axe, picture, language):
    phones[HUDA] = [Behaves(report=("no-answer",)), Behaves(keys=("1",))]
    page, keys = desk(language)
    keys.and_then("KeyC", "#call-live")
    wait(40)
    look_again(page)
    expect(page.locator("#call-acts [data-action=call]")).to_be_visible()
    axe(page)
    picture(page, f"desk-call-missed-{language}")
    keys.press("KeyC")
    expect(page.locator("#call-acts [data-action=hang_up]")).to_be_visible()
    wait(20)
    look_again(page)
    expect(page.locator(".stage-connected")).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/hang-up")):
        keys.press("KeyH")
    wait(3)
    look_again(page)
    expect(page.locator(".stage-over")).to_be_visible()
    assert all(call.over for call in double.calls)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_a_phone_the_key_leads_to_the_account(engine, work, desk, axe, picture, language):
    page, keys = desk(language)
    with work() as session:
        session.scalars(select(User)).one().phone = None
    page.reload()
    picture(page, f"desk-call-no-phone-{language}")
    keys.press("KeyC")
    page.wait_for_url("**/account#phone")
    axe(page)
    page.fill("#own-phone", "0550000001")
    picture(page, f"account-phone-{language}", full=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account?said=phone*")
    page.goto("/desk")
    expect(page.locator("form[action$='/call'] button")).to_be_visible()
