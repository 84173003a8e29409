"""The board in a real browser: readable for everybody, in both directions, and alive."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from models.senders import ProviderState
from models.vocabulary import AgentState, Channel, DecisionReason, Outcome, Role, StepState, Verdict, Via
from tests import stored
from tests.browser.conftest import NARROW, WIDE
from tests.verification.board.standing import a_step, a_user, an_attempt, an_interval, an_order
from tests.web.twilio.conftest import ACCOUNT
from verification.alarms import raise_alarm
from verification.decision.ruling import Ruling, confirmed
from verification.decision.taking import decide
from verification.planning.plan import PROMISED

CALL = {"channel": Channel.agent_call}
WAITING = (
    ("SA", 30, 14, {"held_by": ("outside_hours",)}),
    ("SA", 3, 9, {"held_by": ("day_cap",)}),
    ("AE", 11, 6, {"channel": Channel.page}),
    ("IQ", 0.5, 4, {"state": StepState.ready, **CALL}),
    ("KW", 20, 3, {"priority": PROMISED, **CALL}),
    ("QA", -1, 1, {}),
)
DAYS = (
    ("friday", "SA/riyadh", "2026-11-27"),
    ("friday-dubai", "AE/dubai", "2026-11-27"),
    ("ramadan", "SA/riyadh", "2027-02-20"),
    ("eid", "SA/riyadh", "2027-03-09"),
)
AGENTS = (("Huda", AgentState.call), ("عمر", AgentState.preview), ("Zain", AgentState.on_break))


@pytest.fixture
def busy(work, now, live):
    """A morning: orders that wait for many reasons, three agents, calls and decisions."""
    live.app.extensions["takeed.board"].forget()
    with work() as session:
        store = stored.a_store(session, now)
        for index, (country, hours, count, step) in enumerate(WAITING, 1):
            for number in range(count):
                named = {"number": f"#{100 * index + number}", "country": country}
                received = now - timedelta(minutes=7 * number)
                decide_by = now + timedelta(hours=hours)
                order = an_order(session, now, store, decide_by=decide_by, created_at=received, **named)
                a_step(session, now, order, **step)
        for name, state in AGENTS:
            put_to_work(session, now, store, a_user(session, now, name), state)
    return live


def put_to_work(session, now, store, agent, state):
    """An agent who was free and now is in `state`, with a case in hand unless on a break, two calls done."""
    holder, turned = f"agent:{agent.id}", now - timedelta(minutes=6)
    an_interval(session, agent.id, AgentState.waiting, now - timedelta(minutes=95), turned)
    an_interval(session, agent.id, state, turned)
    if state is not AgentState.on_break:
        order = an_order(session, now, store, number=f"#{1040 + len(agent.name)}")
        in_hand = {"state": StepState.claimed, "holder": holder, "claimed_at": turned}
        step = a_step(session, now, order, **in_hand, **CALL)
        if state is AgentState.call:
            an_attempt(session, now - timedelta(minutes=2), step, holder=holder)
    rejected = Ruling(Verdict.rejected, DecisionReason.price, Via.agent_call)
    for ruling in (confirmed(Via.agent_call, soft=False), rejected):
        order = an_order(session, now, store, created_at=now - timedelta(hours=1))
        step = a_step(session, now, order, state=StepState.done, **CALL)
        an_attempt(session, now, step, outcome=Outcome.answered, holder=holder)
        decide(session, order, ruling, now=now, actor=holder, proof={"kind": "call"})


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_board_is_for_everybody(busy, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.supervisor)
    page.goto("/board")
    assert page.locator("html").get_attribute("dir") == {"en": "ltr", "ar": "rtl"}[language]
    axe(page)
    picture(page, f"board-{language}-{shape}")
    page.click("#why-outside_hours")
    assert page.locator("h1").inner_text().startswith("14 ")
    axe(page)
    picture(page, f"board-orders-{language}-{shape}")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_hours_are_for_everybody(live, visitor, sign_in, axe, picture, language, shape, size):
    live.app.extensions["takeed.board"].forget()
    page = visitor(language, size)
    sign_in(page, Role.supervisor)
    page.goto("/board")
    page.locator("#all-hours").scroll_into_view_if_needed()
    picture(page, f"board-hours-{language}-{shape}")
    page.click("#all-hours")
    expect(page.locator("svg.hours")).to_have_count(9)
    axe(page)
    picture(page, f"hours-{language}-{shape}")
    for name, place, day in DAYS:
        page.goto(f"/board/hours?country={place[:2]}&place={place}&day={day}")
        axe(page)
        picture(page, f"hours-{name}-{language}-{shape}", full=True)
    assert runs_from(page, "svg.hours .hour") == {"en": "left", "ar": "right"}[language]


def runs_from(page, marks):
    """The side on which the first of the marks stands."""
    first, last = (page.locator(marks).nth(at).bounding_box()["x"] for at in (0, -1))
    return "left" if first < last else "right"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_empty_board_says_so(live, visitor, sign_in, axe, language):
    live.app.extensions["takeed.board"].forget()
    page = visitor(language)
    sign_in(page, Role.supervisor)
    page.goto("/board")
    assert page.locator("#why").inner_text() == {"en": "No order waits", "ar": "لا طلب ينتظر"}[language]
    axe(page)


def test_the_board_is_drawn_anew_and_the_focus_stays(busy, visitor, sign_in, work, now):
    page = visitor()
    sign_in(page, Role.supervisor)
    page.goto("/board")
    assert page.locator("#why").inner_text() == "39 orders wait:"
    page.focus("#why-capped")
    page.click("#meanings summary")
    page.focus("#why-capped")
    with work() as session:
        an_order(session, now, stored.a_store(session, now))
    busy.app.extensions["takeed.board"].forget()
    busy.clock.forward(seconds=5)
    refresh(page)
    expect(page.locator("#why")).to_have_text("40 orders wait:")
    assert page.evaluate("document.activeElement.id") == "why-capped"
    at_home = (now + timedelta(seconds=5)).astimezone(ZoneInfo("Asia/Riyadh"))
    assert page.locator("#fresh").inner_text() == f"{at_home:%H:%M:%S}"
    assert page.locator("#meanings").get_attribute("open") is not None


def test_a_lost_connection_is_said_and_forgotten(busy, visitor, sign_in):
    page = visitor(allow=["ERR_INTERNET_DISCONNECTED", "htmx"])
    sign_in(page, Role.supervisor)
    page.goto("/board")
    lost = page.locator("#lost")
    assert lost.inner_text() == ""
    page.context.set_offline(True)
    refresh(page)
    expect(lost).to_contain_text("Connection lost")
    page.context.set_offline(False)
    refresh(page)
    expect(lost).to_be_empty()


def test_a_supervisor_takes_a_case_over(busy, visitor, sign_in):
    page = visitor()
    sign_in(page, Role.supervisor)
    page.goto("/board")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    take = page.locator(".is-call button")
    take.click()
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    take.click()
    page.wait_for_url("**/desk")
    assert asked == ["Take order #1044 over from Huda? It moves to your desk."] * 2


def refresh(page):
    # What happens when the page is looked at again.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_alarms_and_an_outage_are_for_everybody(
    busy, visitor, sign_in, axe, picture, work, now, monkeypatch, language, shape, size
):
    monkeypatch.setattr(busy.app.extensions["takeed"], "account", ACCOUNT)
    since = now - timedelta(minutes=7)
    with work() as session:
        out = {"out_since": since, "retry_at": now + timedelta(minutes=2), "changed_at": now}
        session.add(ProviderState(provider="twilio", failures=7, **out))
        a_step(session, now, an_order(session, now, stored.a_store(session, now)), state=StepState.ready)
        where = {"channel": "whatsapp", "country": "KW"}
        raise_alarm(session, "no_template", "whatsapp:KW", where, now=since)
        params = {"channel": "sms", "country": "AE", "code": "30007", "sender": "TAKEED"}
        for _ in range(12):
            raise_alarm(session, "filtered", "sms:AE:TAKEED", params, now=since)
    page = visitor(language, size)
    sign_in(page, Role.admin)
    page.goto("/board")
    axe(page)
    picture(page, f"board-alarms-{language}-{shape}")
    page.locator("[id='away-filtered-sms:AE:TAKEED']").click()
    expect(page.locator(".alarms li")).to_have_count(2)
