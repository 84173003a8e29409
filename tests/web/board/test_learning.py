"""The page of what was learned."""

import re
from datetime import timedelta
from html import unescape

import pytest

from models.vocabulary import Role
from tests.verification.learning.told import a_version
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
def learned(work, now):
    """A version that was used and taken back, one that is used, and one that is not good enough."""
    with work() as session:
        first = a_version(session, now - 2 * DAY)
        roll_back(session, by="operator", now=now - DAY)
        second = a_version(session, now - DAY)
        return first, second, a_version(session, now, promote=False, why="worse", difference=0.0031)


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


def test_a_night_is_shown_as_it_came_out(board, engine, work, now):
    with work() as session:
        settle(session, now, chance=0.4)
    night = fit_nightly(engine, now=now, by="scheduler")
    page = board.get("/board/learning").text
    text = words(page)
    assert f"Used now Version {night.version} since Sun 22 Nov, 13:00" in text
    assert f"{night.findings['overall']['new']:.4f}" in text
    assert "Agent call Ordinary days" in text
    # WhatsApp and agents' calls, each with chances of answers; those of decisions were all 40 %.
    assert page.count('<polyline class="curve answers"') == 2
    assert page.count('<polyline class="curve decisions"') == 2
    assert 'cx="40.0"' in page


def test_versions_stand_with_what_became_of_them(board, learned):
    first, second, third = learned
    text = words(board.get("/board/learning").text)
    assert f"Used now Version {second} since Sat 21 Nov, 13:00" in text
    assert f"Do chances come true? Version {third}" in text
    contacts, off = "40,100 0.5512", "2%"
    assert f"{third} Sun 22 Nov, 13:00 {contacts} +0.0031 ± 0.0020 {off} Not used worse than the one" in text
    assert f"{second} Sat 21 Nov, 13:00 {contacts} −0.0123 ± 0.0020 {off} Used now no worse than" in text
    assert f"{first} Fri 20 Nov, 13:00 {contacts} −0.0123 ± 0.0020 {off} Rolled back Sat 21 Nov" in text


def test_curves_of_the_version_that_is_asked_for_are_drawn(board, learned):
    page = board.get(f"/board/learning?version={learned[0]}").text
    assert f"Do chances come true? Version {learned[0]}" in page
    assert 'points="10.0,92.0 42.0,60.0 80.0,14.0"' in page
    assert page.count('<polyline class="curve answers"') == 2
    assert page.count('<polyline class="curve decisions"') == 1
    assert "style=" not in page
    for asked in ("0", "999999", "newest", "-1", "1e3", "٣", "9" * 30):
        assert board.get(f"/board/learning?version={asked}").status_code == 404


def test_with_all_rolled_back_the_assumptions_are_in_use(board, work, now, learned):
    with work() as session:
        roll_back(session, to=0, by="operator", now=now)
    assert "Used now Assumptions no version is good enough" in words(board.get("/board/learning").text)


def test_it_is_read_in_arabic(app, work, now, learned):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.admin, language="ar").email)
    text = words(browser.get("/board/learning").text)
    assert "هل تتحقق الاحتمالات؟" in text
    assert "تم التراجع عنها" in text
    assert not re.search(
        r"[A-Za-z]{4,}", re.sub(r"Takeed|English|WhatsApp|Admin|flask slots rollback", "", text)
    )


def test_agents_see_no_learning(app, work, now):
    agent = Browser(app)
    agent.sign_in(make_user(work, now, Role.agent).email)
    assert agent.get("/board/learning").status_code == 403
