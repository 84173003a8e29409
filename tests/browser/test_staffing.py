"""The week of agents in a real browser: filled in, saved by the Enter key, readable for everybody."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models.slots import AgentPrice
from models.vocabulary import Role
from tests.browser.conftest import NARROW, WIDE
from verification.slots.staffing import FORBIDDEN
from verification.staffing.roster import read_week


@pytest.fixture
def ahead(work, now, live):
    """Some hours with room, some short of agents, one without anybody."""
    with work() as session:
        for number, (price, wanted, planned, room) in enumerate(
            [
                (1, 20, 20, 60),
                (2.31, 64, 60, 60),
                (FORBIDDEN, 30, 0, 0),
                (FORBIDDEN, 90, 60, 60),
                (1.2, 62, 63, 60),
            ]
        ):
            begins = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=number)
            values = {"wanted": wanted, "planned": planned, "room": room, "reckoned_at": now}
            session.add(AgentPrice(begins_at=begins, price=price, **values))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_week_is_for_everybody(ahead, visitor, sign_in, axe, picture, work, language, shape, size):
    page = visitor(language, size, allow=["status of 422"])
    sign_in(page, Role.admin)
    page.goto("/admin/staffing")
    page.fill("#agents", "6")
    page.press("#agents", "Tab")
    page.click(".quick button[value=fill]")
    expect(page.locator('[name="h-6-9"]')).to_have_value("6")
    axe(page)
    page.fill('[name="h-4-16"]', "2")
    page.press('[name="h-4-16"]', "Enter")
    expect(page.locator('[name="h-4-16"]')).to_have_value("2")
    with work() as session:
        week = read_week(session)
    assert (len(week), week[4, 16].agents, week[6, 21].agents) == (66, 2, 6)
    page.click(".staffing summary")
    page.fill('[name="h-0-3"]', "many")
    page.press('[name="h-0-3"]', "Enter")
    expect(page.locator('[name="h-0-3"]')).to_be_visible()
    axe(page)
    picture(page, f"staffing-{language}-{shape}", full=True)
