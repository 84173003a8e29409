"""The strip of the board that names the hours in which agents are short."""

import re
from datetime import timedelta
from html import unescape

import pytest

from models.slots import AgentPrice
from models.vocabulary import Role
from tests.web.staff import Browser, make_user
from verification.slots.staffing import FORBIDDEN


@pytest.fixture
def browser(app):
    app.extensions["takeed.board"].forget()
    return Browser(app)


@pytest.fixture
def board(browser, work, now):
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


def told(browser, path="/board"):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", browser.get(path).text)).split())


def hours(work, now, *kept):
    """The coming hours: price, calls wanted, planned, room."""
    with work() as session:
        for number, (price, wanted, planned, room) in enumerate(kept):
            begins = now.replace(minute=0) + timedelta(hours=number)
            values = {"wanted": wanted, "planned": planned, "room": room, "reckoned_at": now}
            session.add(AgentPrice(begins_at=begins, price=price, **values))


def test_while_there_is_room_nothing_is_said(board, work, now):
    assert "Agents are short" not in told(board)
    hours(work, now, (1, 20, 20, 60), (1.2, 41, 40, 41), (FORBIDDEN, 30, 0, 0))
    assert "Agents are short" not in told(board)


def test_hours_that_are_short_are_named(board, work, now):
    hours(work, now, (1, 20, 20, 60), (2.31, 64, 40, 40), (FORBIDDEN, 50, 40, 40))
    said = told(board, "/board/live")
    assert "today 14:00–15:00: 64 calls wanted, 40 planned, room for 40, price 2.3" in said
    assert "today 15:00–16:00: 50 calls wanted, 40 planned, room for 40 What does not fit" in said
    assert "/admin/staffing" not in board.get("/board/live").text


def test_of_many_hours_the_first_are_named(browser, work, now):
    browser.sign_in(make_user(work, now, Role.admin).email)
    hours(work, now, *[(3.0, 64, 40, 40)] * 5)
    said = told(browser)
    assert said.count("64 calls wanted") == 3
    assert "and 2 more hours" in said
    assert 'href="/admin/staffing"' in browser.get("/board").text
    browser.post("/account", {"language": "ar"})
    assert "وساعتان أخريان" in told(browser)


def test_hours_that_are_over_are_not_named(board, work, now):
    hours(work, now - timedelta(hours=3), (3.0, 64, 40, 40), (3.0, 64, 40, 40))
    assert "Agents are short" not in told(board)
