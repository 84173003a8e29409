"""The board over HTTP: who sees it, what leads where, what a wrong address meets."""

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from models.base import new_id
from models.vocabulary import AgentState, Channel, DecisionReason, Role, StepState, Verdict, Via
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_interval, an_order
from tests.web.staff import Browser, make_user
from verification.decision.ruling import Ruling
from verification.decision.taking import decide

CALL = {"channel": Channel.agent_call}


@pytest.fixture
def board(app, work, now):
    """A supervisor's browser on a board that has counted nothing yet."""
    app.extensions["takeed.board"].forget()
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


@pytest.fixture
def agent(work, now):
    return make_user(work, now, Role.agent, name="Huda <b>")


@pytest.fixture
def orders(work, now, agent):
    """What waits: two outside hours, one for an agent, one held by Huda; and one rejected today."""
    with work() as session:
        store = stored.a_store(session, now)
        for number in (1, 2):
            order = an_order(session, now, store, number=f"#{number}", country="AE")
            a_step(session, now, order, held_by=("outside_hours",))
        waiting, held, rejected = (an_order(session, now, store, number=f"#{n}") for n in (3, 4, 5))
        a_step(session, now, waiting, state=StepState.ready, **CALL)
        step = a_step(
            session, now, held, state=StepState.claimed, holder=f"agent:{agent.id}", lease_token=1, **CALL
        )
        an_interval(session, agent.id, AgentState.preview, now - timedelta(minutes=5))
        ruling = Ruling(Verdict.rejected, DecisionReason.price, Via.sms)
        decide(session, rejected, ruling, now=now, actor="system")
        return {"held": held, "step": step}


def links(text):
    return {unescape(each) for each in re.findall(r'href="(/board/orders[^"]*)"', text)}


def numbers(text):
    return set(re.findall(r'<a href="/desk/orders/[^"]+"><bdi>(#\d)</bdi>', text))


def test_nothing_waits_on_an_empty_board(board):
    text = board.get("/board").text
    assert "No order waits" in text
    assert "No agent has signed in today." in text
    assert links(text) == set()
    assert "No order waits" in board.get("/board/orders").text


def test_why_not_is_a_sentence_of_links(board, orders):
    text = unescape(re.sub(r"<[^>]+>|\s+", " ", board.get("/board").text))
    text = " ".join(text.split())
    assert "4 orders wait: 2 outside contact hours 1 for an agent to call 1 with an agent now" in text


def test_every_number_leads_to_as_many_orders(board, orders):
    text = board.get("/board").text
    counted = re.findall(r'href="(/board/orders\?[^"]+)"[^>]*>(?:<svg.*?</svg>)?(?:<b>)?(\d+)(?:</b>)?', text)
    assert len(counted) >= 10
    for address, count in counted:
        shown = board.get(unescape(address)).text
        assert f"{count} order" in shown, address
        assert shown.count('<th scope="row">') == int(count), address


def test_confirmed_orders_are_behind_their_channel_and_their_agent(board, orders, work, now, agent):
    with work() as session:
        order = an_order(session, now, stored.a_store(session, now), number="#6")
        step = a_step(session, now, order, state=StepState.done, **CALL)
        an_attempt(session, now, step, holder=f"agent:{agent.id}")
        ruling = Ruling(Verdict.confirmed, DecisionReason.buyer_confirmed, Via.agent_call)
        decide(session, order, ruling, now=now, actor=f"agent:{agent.id}", proof={"kind": "call"})
    led = links(board.get("/board").text)
    for of in (f"confirmed&agent={agent.id}", "confirmed&channel=agent_call", "contacted&channel=agent_call"):
        assert f"/board/orders?today={of}" in led
        assert numbers(board.get(f"/board/orders?today={of}").text) == {"#6"}
    assert "Agent call" in board.get("/board/orders?channel=agent_call").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"#1", "#2", "#3", "#4"}),
        ("?cause=outside_hours", {"#1", "#2"}),
        ("?country=AE&left=later", {"#1", "#2"}),
        ("?country=SA&cause=outside_hours", set()),
        ("?left=hour", set()),
        ("?today=rejected", {"#5"}),
        ("?state=rejected", {"#5"}),
        ("?state=&cause=with_agent&country=", {"#4"}),
    ],
)
def test_lists_hold_what_their_codes_say(board, orders, asked, found):
    assert numbers(board.get(f"/board/orders{asked}").text) == found


def test_an_agents_orders_are_under_the_name(board, orders, agent):
    text = board.get(f"/board/orders?agent={agent.id}").text
    assert numbers(text) == {"#4"}
    assert "Huda &lt;b&gt;" in text


@pytest.mark.parametrize(
    "wrong",
    [
        "cause=x",
        "left=9",
        "country=sa",
        "country=ZZ",
        "state=late",
        "today=yesterday",
        "agent=1",
        "channel=fax",
        "cursor=x",
    ],
)
def test_codes_that_are_none_lead_nowhere(board, wrong):
    assert board.get(f"/board/orders?{wrong}").status_code == 404


def test_a_long_list_goes_on(board, work, now):
    with work() as session:
        store = stored.a_store(session, now)
        for number in range(60):
            an_order(session, now, store, number=f"#{number}")
    first = board.get("/board/orders?cause=stranded")
    [following] = [each for each in links(first.text) if "cursor" in each]
    assert "cause=stranded" in following
    last = board.get(following)
    assert "60 orders" in first.text
    assert "60 orders" in last.text
    assert (first.text + last.text).count('href="/desk/orders/') == 60
    assert links(last.text) == {"/board/orders?cause=stranded"}


def test_the_living_part_is_a_part_and_keeps_no_session_alive(board, orders, clock, now):
    whole, part = board.get("/board").text, board.get("/board/live").text
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="why-outside_hours"' in part
    at_home = now.astimezone(ZoneInfo("Asia/Riyadh"))
    assert f'<bdi id="fresh" hx-swap-oob="true">{at_home:%H:%M:%S}</bdi>' in part
    for _ in range(3):
        clock.forward(minutes=25)
        left = board.client.get("/board/live", headers={"HX-Request": "true"})
    assert left.status_code == 401
    assert left.headers["HX-Redirect"].startswith("/sign-in")


def test_a_case_is_taken_over_and_the_desk_shows_it(board, orders):
    taken = board.post(f"/board/cases/{orders['step'].id}/take-over")
    assert (taken.status_code, taken.location) == (303, "/desk")
    again = board.post(f"/board/cases/{new_id()}/take-over")
    assert (again.status_code, again.location) == (303, "/board?said=gone")
    assert "Nobody holds that case any more." in board.get(again.location).text


@pytest.mark.parametrize("role", [Role.agent, Role.seller])
def test_others_do_not_see_it(app, work, now, orders, role):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, role, email="other@takeed.example").email)
    for path in ("/board", "/board/live", "/board/orders", "/board/hours"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"/board/cases/{orders['step'].id}/take-over").status_code == 403


def test_it_speaks_arabic(app, work, now, orders):
    app.extensions["takeed.board"].forget()
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor, language="ar").email)
    text = browser.get("/board").text
    assert '<html lang="ar" dir="rtl">' in text
    assert "4 طلبات تنتظر:" in text
    assert "خارج ساعات التواصل" in text
