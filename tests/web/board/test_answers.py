"""The page of when buyers answer."""

import re
from datetime import timedelta
from html import unescape

import pytest

from models.vocabulary import Channel, Outcome, Role, StepState
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order
from tests.web.staff import Browser, make_user


@pytest.fixture
def board(app, work, now):
    app.extensions["takeed.answers"].forget()
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


@pytest.fixture
def contacts(work, now):
    """Calls on Saudi Mondays: twelve at 20 (nine answered), twelve at 11 (three), five at 15 (three)."""
    with work() as session:
        store = stored.a_store(session, now)
        order = an_order(session, now, store)
        for hour, made, reached in ((20, 12, 9), (11, 12, 3), (15, 5, 3)):
            for number in range(made):
                step = a_step(session, now, order, state=StepState.done, channel=Channel.agent_call)
                outcome = Outcome.answered if number < reached else Outcome.no_answer
                attempt = an_attempt(session, now - timedelta(days=6), step, outcome=outcome)
                attempt.local_hour_of_week = hour


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_without_contacts_it_says_so(board):
    text = board.get("/board/answers").text
    assert "Nobody was contacted in these weeks" in text
    assert "<table" not in text


def test_rates_stand_by_hour_and_weekday_and_in_words(board, contacts):
    text = words(board.get("/board/answers").text)
    assert "Saudi Arabia · Agent call" in text
    assert "52% answered in all (15 of 29)" in text
    assert "Answered best Monday 20:00 75% (9 of 12)" in text
    assert "Answered worst Monday 11:00 25% (3 of 12)" in text
    # Few contacts are told as they are.
    assert "15:00 no contact 3 of 5" in text


def test_it_is_there_in_arabic(board, contacts):
    arabic = board.post("/account", {"language": "ar"})
    assert arabic.status_code in (200, 303)
    text = words(board.get("/board/answers").text)
    assert "متى يرد المشترون" in text
    assert "9 من 12" in text


def test_only_known_weeks_lead_anywhere_and_what_has_no_contact_falls_back(board, contacts):
    assert board.get("/board/answers?weeks=3").status_code == 404
    assert board.get("/board/answers?weeks=x").status_code == 404
    assert "Saudi Arabia · Agent call" in words(board.get("/board/answers?country=EG&channel=sms").text)
    assert "Saudi Arabia · Agent call" in words(board.get("/board/answers?weeks=1").text)
    assert board.get("/board/answers?country=<b>").status_code == 200


def test_agents_do_not_see_it(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.agent).email)
    assert browser.get("/board/answers").status_code == 403


def test_the_board_leads_there(board):
    assert 'href="/board/answers"' in board.get("/board").text
