"""The page that says whether choosing well is worth it, and the switch on it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from models.calendars import AuditLine
from models.slots import PlannerStop
from models.vocabulary import Arm, Channel, Choice, Outcome, Role, ShipmentStatus, Verdict, Via
from tests import stored
from tests.verification.trial.known import Case, put
from tests.web.staff import Browser, make_user
from verification.trial.comparing import Compared, Measure
from verification.trial.intervals import Estimate
from web.board.trial_drawing import WIDTH, whisker
from web.board.trial_keeping import KEPT

DECIDED = Case(
    Arm.learned,
    [(Channel.whatsapp, "0.01", Outcome.replied)],
    Verdict.confirmed,
    Via.whatsapp,
    parcel=ShipmentStatus.delivered,
)
CALLED = Case(
    Arm.control,
    [(Channel.whatsapp, "0.01", Outcome.delivered_unread), (Channel.agent_call, "0", Outcome.answered)],
    Verdict.confirmed,
    Via.agent_call,
    parcel=ShipmentStatus.refused,
)
SILENT = Case(Arm.learned, [(Channel.whatsapp, "0.01", Outcome.delivered_unread)])


@pytest.fixture
def board(app, work, now):
    app.extensions[KEPT].forget()
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


@pytest.fixture
def orders(work, now):
    """Sixty orders of each arm whose deadline is over; most contacts of the learned ones drawn by lot."""
    at = now - timedelta(days=6)
    with work() as session:
        store = stored.a_store(session, at)
        for case, count in (
            (DECIDED, 55),
            (SILENT, 5),
            (CALLED, 40),
            (replace(SILENT, arm=Arm.control), 20),
        ):
            for _ in range(count):
                each = replace(case, attempts=[])
                put(session, at, store, each)
                if each.arm is Arm.learned:
                    each.attempts[0].chosen, each.attempts[0].propensity = Choice.random, 0.01
                    each.attempts[0].chance = 0.5


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_without_orders_it_says_that_it_is_not_enough(board):
    text = words(board.get("/board/trial").text)
    assert "Not enough yet." in text
    assert "What was learned chooses hours and channels" in text
    assert "/board/trial" in board.get("/board").text


def test_the_lift_stands_in_numbers_words_and_whiskers(board, orders):
    page = board.get("/board/trial").text
    text = words(page)
    assert "Orders: 60 learned, 60 control" in text
    assert "Decided in time 91.7% 66.7% +25.0 points" in text
    assert "better" in text
    assert "Agents' calls for each order 0.00 0.67 Too few to tell" in text
    assert "US dollars for each order decided 0.011 0.47 × 0.02" in text
    assert "Parcels that came back 0.0% 100.0%" in text
    assert "Too few orders to tell 60" in text
    assert "60 contacts, 100.00% of those chosen by what was learned" in text
    assert 'class="whisker is-better"' in page
    assert "style=" not in page.partition("<main")[2]


def test_the_days_are_chosen(board, orders):
    assert "60 learned" in board.get("/board/trial?days=7").text
    for days in ("8", "x", "-1", "٧"):
        assert board.get(f"/board/trial?days={days}").status_code == 404


def test_in_arabic_nothing_is_left_in_english(board, orders):
    board.post("/account", {"language": "ar"})
    text = words(board.get("/board/trial").text)
    assert "هل يستحق ذلك؟" in text
    assert "محسومة في وقتها" in text


def test_stopping_takes_a_reason_and_stands_on_the_board_until_resumed(board, work, now):
    assert board.post("/board/trial/stop", {"why": "  "}).headers["Location"].endswith("said=why")
    with work() as session:
        assert session.scalars(select(PlannerStop)).all() == []
    why = "worse in <Kuwait>\0 since\nMonday" + "!" * 600
    assert board.post("/board/trial/stop", {"why": why}).headers["Location"].endswith("said=stopped")
    assert board.post("/board/trial/stop", {"why": "again"}).headers["Location"].endswith("said=already")
    text = words(board.get("/board/trial?said=stopped").text)
    assert "Stopped: everybody is contacted by the fixed schedule" in text
    assert "by Supervisor : worse in <Kuwait> since Monday!!!" in text
    assert "everybody is contacted by the fixed schedule. Why, and resume" in words(board.get("/board").text)
    assert board.post("/board/trial/resume").headers["Location"].endswith("said=resumed")
    assert board.post("/board/trial/resume").headers["Location"].endswith("said=already")
    assert "Why, and resume" not in board.get("/board").text
    with work() as session:
        [stop] = session.scalars(select(PlannerStop)).all()
        assert len(stop.why) == 500
        codes = session.scalars(select(AuditLine.code).order_by(AuditLine.id)).all()
        assert codes == ["choosing_stopped", "choosing_resumed"]


def test_what_was_turned_is_in_the_record_of_changes(app, work, now):
    admin = Browser(app)
    admin.sign_in(make_user(work, now, Role.admin).email)
    admin.post("/board/trial/stop", {"why": "a bad night"})
    text = words(admin.get("/admin/audit").text)
    assert "Choosing by what was learned: stopped a bad night" in text


def test_agents_neither_see_nor_stop_it(app, work, now):
    agent = Browser(app)
    agent.sign_in(make_user(work, now, Role.agent).email)
    assert agent.get("/board/trial").status_code == 403
    assert agent.post("/board/trial/stop", {"why": "no"}).status_code == 403
    assert agent.post("/board/trial/resume").status_code == 403


def test_a_forged_form_stops_nothing(board, work):
    assert board.post("/board/trial/stop", {"why": "x"}, csrf="forged").status_code == 403
    with work() as session:
        assert session.scalars(select(PlannerStop)).all() == []


def test_whiskers_stay_in_their_picture():
    even = whisker(Compared(Measure.calls, 0.5, 0.5, Estimate(1.0, 0.5, 2.0)))
    assert (even.low, even.at, even.high) == (WIDTH / 4, WIDTH / 2, 3 * WIDTH / 4)
    assert (even.kind, even.beyond) == ("even", (False, False))
    far = whisker(Compared(Measure.decided, 0.9, 0.2, Estimate(0.7, 0.1, 0.9)))
    assert (far.low, far.at, far.high) == (WIDTH * 3 / 4, WIDTH, WIDTH)
    assert (far.kind, far.beyond) == ("better", (False, True))
    assert (
        whisker(Compared(Measure.decided, 0.9, 0.2, Estimate(0.7, 0.1, 0.9)), is_judged=False).kind == "even"
    )
    assert whisker(Compared(Measure.calls)) is None
