"""Contact hours on the board: which place and day an address shows, what stands there, how it stands now."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from models.vocabulary import Role
from tests.web.staff import Browser, make_user
from verification.hours.calendar import Occasion, Override
from verification.policy.calendars import add_override
from verification.policy.changing import Scope, set_value

NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
FRIDAY_PRAYER = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def board(app, work, now):
    """A supervisor's browser on a board that remembers nothing."""
    app.extensions["takeed.board"].forget()
    return signed_in(app, work, now)


def signed_in(app, work, now, **named):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor, **named).email)
    return browser


def words_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def rows(page):
    """The table of the day: "11:11–12:56" and what stands behind it."""
    table = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", page.text, re.S)
    return {
        re.sub(r"<[^>]+>", "", time): " | ".join(
            " ".join(re.sub(r"<[^>]+>", "", cell).split())
            for cell in re.findall(r"<td>(.*?)</td>", rest, re.S)
        )
        for time, rest in table
    }


def test_a_friday_in_riyadh(board):
    page = board.get("/board/hours?country=SA&place=SA/riyadh&day=2026-11-27")
    assert "Saudi Arabia · Riyadh Friday 27 November 2026" in words_of(page)
    told = rows(page)
    assert told["11:11–12:56"] == "shut Friday prayer | wait Friday prayer"
    assert told["16:00–16:59"] == "open | open"
    assert told["16:59–17:29"] == "shut Maghrib prayer | wait Maghrib prayer"
    assert told["22:00–24:00"] == "shut outside the weekly hours | shut outside the weekly hours"
    assert "<title>Calls 11:11–12:56: shut · Friday prayer</title>" in page.text
    assert "style=" not in page.text
    assert 'class="now"' not in page.text.partition('<div class="day">')[2]


@pytest.mark.parametrize(
    ("country", "day", "said"),
    [
        ("SA", "2027-02-20", "Ramadan 13"),
        ("SA", "2027-02-08", "Ramadan 1 (expected)"),
        ("SA", "2027-02-07", "perhaps Ramadan"),
        ("SA", "2027-03-08", "perhaps the Eid"),
        ("SA", "2027-03-09", "Eid al-Fitr, day 1 (expected)"),
        ("SA", "2027-03-11", "Eid al-Fitr, day 3"),
        ("SA", "2027-05-17", "Eid al-Adha, day 2 (expected)"),
        ("AE", "2026-12-02", "National Day"),
    ],
)
def test_what_day_it_is(board, country, day, said):
    page = board.get(f"/board/hours?country={country}&day={day}")
    chips = [unescape(each) for each in re.findall(r'<span class="chip">([^<]*)</span>', page.text)]
    assert said in chips


def test_every_country_today_and_where_it_leads(board, clock):
    clock.now = NOON
    page = board.get("/board/hours")
    assert page.text.count('<svg class="hours"') == 9
    assert page.text.count('class="now" cx') == 9
    assert "Now 13:00 · Calls: open until 14:38 · Messages: open until 22:00" in words_of(page)
    links = {unescape(each) for each in re.findall(r'href="(/board/hours[^"]*)"', page.text)}
    assert len(links) >= 1 + 9 + 7
    assert "/board/hours?country=AE&place=AE/dubai" in links
    assert "/board/hours?day=2026-11-19" in links
    for link in links:
        assert board.get(link).status_code == 200, link


def test_a_citys_own_day(board):
    page = board.get("/board/hours?place=SA/jeddah&day=2026-11-26")
    assert re.search(r'value="SA/jeddah" selected', page.text)
    assert "AE/dubai" not in page.text.partition("<select")[2].partition("</select>")[0]
    assert rows(page).keys() != rows(board.get("/board/hours?country=SA&day=2026-11-26")).keys()


@pytest.mark.parametrize(
    "wrong",
    [
        "country=sa",
        "country=US",
        "place=SA/atlantis",
        "country=AE&place=SA/riyadh",
        "day=tomorrow",
        "day=20261127",
        "day=2026-02-30",
        "day=9999-12-31",
        "day=0001-01-01",
    ],
)
def test_codes_that_are_none_lead_nowhere(board, wrong):
    assert board.get(f"/board/hours?{wrong}").status_code == 404


def test_what_an_admin_sets_is_seen(board, work, now):
    begins = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    storm = Override("SA", Occasion.shut, "SA/riyadh", begins_at=begins, ends_at=begins + timedelta(hours=6))
    fast = Override("SA", Occasion.ramadan, first_on=date(2027, 2, 9))
    with work() as session:
        for override in (storm, fast):
            add_override(session, override, why="told", actor="user:1", now=now)
        hours = {"daily": ["09:00-12:00"]}
        set_value(session, scope=Scope("SA"), name="message_hours", value=hours, actor="user:1", now=now)
    stormy = rows(board.get("/board/hours?country=SA&day=2026-11-24"))
    assert stormy["10:00–16:00"] == "shut All contact stopped | shut All contact stopped"
    assert stormy["16:00–16:59"] == "open | shut outside the weekly hours"
    assert "Ramadan 1" in words_of(board.get("/board/hours?country=SA&day=2027-02-09"))
    assert "All contact stopped" not in words_of(board.get("/board/hours?place=SA/jeddah&day=2026-11-24"))


def test_the_board_says_how_countries_stand_and_looks_once_a_minute(board, app, work, clock):
    clock.now = FRIDAY_PRAYER
    board = signed_in(app, work, clock.now, email="friday@takeed.example")
    said = words_of(board.get("/board"))
    assert (
        "Saudi Arabia Riyadh 12:00 Calls shut: Friday prayer, open from 16:00 "
        "Messages wait: Friday prayer, until 12:56" in said
    )
    assert "United Arab Emirates Dubai 13:00 Calls shut: Friday prayer, open from 15:00" in said
    shut = Override(
        "SA", Occasion.shut, begins_at=clock.now - timedelta(hours=1), ends_at=clock.now + timedelta(hours=49)
    )
    with work() as session:
        add_override(session, shut, why="told", actor="user:1", now=clock.now)
    clock.forward(seconds=50)
    assert "All contact stopped" not in board.get("/board").text
    clock.forward(seconds=10)
    said = words_of(board.get("/board/live"))
    assert "Calls shut: All contact stopped, open from Sun 29 Nov, 13:00" in said


def test_it_speaks_arabic_and_runs_from_right_to_left(app, work, now):
    board = signed_in(app, work, now, language="ar")
    page = board.get("/board/hours?country=SA&day=2027-02-20")
    assert '<html lang="ar" dir="rtl">' in page.text
    said = words_of(page)
    assert "السعودية · الرياض السبت 20 فبراير 2027" in said
    assert "13 رمضان" in said
    assert "صلاة الظهر" in said
    assert "التراويح" in said
    assert re.search(r'<text class="hour" x="100(\.0)?%" y="102">00</text>', page.text)
