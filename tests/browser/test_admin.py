"""The admin's pages in a real browser: readable for everybody, in both directions."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from models.vocabulary import Role
from tests import stored
from tests.browser.conftest import NARROW, WIDE
from verification.hours.calendar import Occasion, Override
from verification.policy.calendars import add_override
from verification.policy.changing import Scope, clear_value, set_value


@pytest.fixture
def changed(work, now, live):
    """Some values and days that people have set."""
    with work() as session:
        store = stored.a_store(session, now)
        made = {"actor": "operator", "now": now - timedelta(days=2)}
        hours = {"daily": ["12:00-20:00"], "fri": ["16:00-21:00"]}
        set_value(session, scope=Scope(country="SA"), name="call_hours", value=hours, **made)
        set_value(session, scope=Scope(country="SA"), name="undo_seconds", value=20, **made)
        clear_value(session, scope=Scope(country="SA"), name="undo_seconds", **made)
        basis = "موافقة المشترين عند الطلب"
        own = {"scope": Scope(seller_id=store.seller_id), "legal_basis": basis}
        set_value(session, name="message_hours", value={"daily": ["08:00-23:00"]}, **own, **made)
        ramadan = Override("SA", Occasion.ramadan, first_on=date(2027, 2, 9))
        storm = Override(
            "OM",
            Occasion.shut,
            "OM/muscat",
            begins_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=1, hours=8),
        )
        add_override(session, ramadan, why="إعلان المحكمة العليا", **made)
        add_override(session, storm, why="Cyclone warning of the civil aviation authority", **made)
        session.refresh(store, ["seller"])
        return store


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_admin_pages_are_for_everybody(changed, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.admin)
    for name, path in (
        ("overview", "/admin"),
        ("calendar", "/admin/calendar"),
        ("policies", "/admin/policies"),
        ("audit", "/admin/audit"),
        ("seller", f"/admin/policies?seller={changed.seller.slug}&said=set&name=message_hours"),
    ):
        page.goto(path)
        if name == "policies":
            page.click("#call_hours summary")
            page.click("#ladder summary")
        axe(page)
        picture(page, f"admin-{name}-{language}-{shape}", full=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_wrong_hour_is_told_beside_its_field(changed, visitor, sign_in, axe, picture, language):
    page = visitor(language, allow=["status of 422"])
    sign_in(page, Role.admin)
    page.goto("/admin/policies")
    page.click("#call_hours summary")
    page.fill("#call_hours-fri", "16:00")
    page.click("#call_hours [value=set]")
    expect(page.locator("#call_hours-fri")).to_have_value("16:00")
    expect(page.locator("#call_hours-fri")).to_be_focused()
    expect(page.locator("#trouble-call_hours")).to_be_visible()
    axe(page)
    picture(page, f"admin-refused-{language}")
    page.fill("#call_hours-fri", "16:00-21:30")
    page.click("#call_hours [value=set]")
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator("#call_hours summary")).to_contain_text("16:00–21:30")


def test_a_sighting_is_set_from_the_computed_day(changed, visitor, sign_in):
    page = visitor()
    sign_in(page, Role.admin)
    page.goto("/admin/calendar")
    page.locator(".year", has_text="Egypt").locator("summary").click()
    page.click("[aria-label='Set Ramadan, Egypt']")
    expect(page.locator("#first_on")).to_have_value("2027-02-08")
    expect(page.locator("#last_on")).to_be_hidden()
    expect(page.locator("#begins_at")).to_be_hidden()
    page.fill("#why", "Dar al-Ifta")
    page.click(".adding button")
    row = page.locator("tr", has_text="Dar al-Ifta")
    expect(row).to_contain_text("Mon 8 Feb 2027")
    page.click("[aria-label='Remove Ramadan begins, Egypt']")
    expect(row).to_have_count(0)


def test_a_storm_is_set_in_the_countrys_time(live, visitor, sign_in):
    page = visitor()
    sign_in(page, Role.admin)
    page.goto("/admin/calendar")
    page.select_option("#occasion", "shut")
    page.select_option("#country", "OM")
    expect(page.locator("#first_on")).to_be_hidden()
    page.fill("#place", "مسقط")
    page.fill("#begins_at", "2026-11-23T14:00")
    page.fill("#ends_at", "2026-11-23T20:00")
    page.fill("#why", "Cyclone")
    page.click(".adding button")
    expect(page.locator("tr", has_text="Muscat, Oman")).to_contain_text(
        "Mon 23 Nov, 14:00 – Mon 23 Nov, 20:00"
    )
