"""The page of what was learned."""

import re
from datetime import timedelta
from html import unescape

import pytest

from models.vocabulary import Role
from tests.verification.learning.town import settle
from tests.web.staff import Browser, make_user
from verification.learning.nightly import fit_nightly
from verification.learning.versions import roll_back

DAY = timedelta(days=1)


@pytest.fixture
def board(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    return browser


@pytest.fixture
def learned(engine, work, now):
    """Two nights: the first is used, and taken back after the second."""
    with work() as session:
        settle(session, now, chance=0.4)
    first = fit_nightly(engine, now=now - DAY, by="scheduler")
    with work() as session:
        roll_back(session, by="operator", now=now)
    return first, fit_nightly(engine, now=now, by="operator")


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_before_the_first_night_it_says_what_is_missing(board, work, now):
    text = words(board.get("/board/learning").text)
    assert "Nothing has been learned yet" in text
    assert "needs 200 contacts with buyers who are kept aside to judge it by; there are 0." in text
    with work() as session:
        settle(session, now, buyers=60)
    text = words(board.get("/board/learning").text)
    assert re.search(r"there are [1-9]\d?\.", text)
    assert "/board/learning" in board.get("/board").text


def test_versions_stand_with_what_became_of_them(board, learned):
    first, second = learned
    text = words(board.get("/board/learning").text)
    assert f"In use Version {second.version} since Sun 22 Nov, 13:00" in text
    assert f"Do chances come true? Version {second.version}" in text
    assert re.search(rf"{first.version} Sat 21 Nov, 13:00 [\d,]+ 0\.\d{{4}} −0\.\d{{4}} ± 0\.\d{{4}}", text)
    assert "Rolled back Sun 22 Nov, 13:00" in text
    assert "In use no worse than the one before" in text
    assert "Agent call Ordinary days" in text


def test_curves_are_drawn_for_what_was_asked(board, learned):
    page = board.get(f"/board/learning?version={learned[0].version}").text
    assert f"Do chances come true? Version {learned[0].version}" in page
    # WhatsApp and agents' calls, each with chances of answers; decisions were all given 40 %.
    assert page.count('<polyline class="curve answers"') == 2
    assert page.count('<polyline class="curve decisions"') == 2
    assert 'cx="40.0"' in page
    assert "style=" not in page
    for point in re.findall(r'points="([^"]+)"', page):
        assert all(0 <= float(each) <= 100 for pair in point.split() for each in pair.split(","))


def test_it_is_read_in_arabic(app, work, now, learned):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.admin, language="ar").email)
    text = words(browser.get("/board/learning").text)
    assert "هل تتحقق الاحتمالات؟" in text
    assert "تم التراجع عنه" in text
    assert "Loss" not in text


@pytest.mark.parametrize("asked", ["0", "999999", "newest", "-1", "1e3", "٣", "9" * 30])
def test_a_version_that_is_not_kept_leads_nowhere(board, learned, asked):
    assert board.get(f"/board/learning?version={asked}").status_code == 404


def test_agents_see_no_learning(app, work, now):
    agent = Browser(app)
    agent.sign_in(make_user(work, now, Role.agent).email)
    assert agent.get("/board/learning").status_code == 403
