"""An agent's own phone on the account page."""

import pytest

from models.vocabulary import Role
from tests.web.staff import Browser, make_user


def test_an_agent_names_a_phone_changes_it_and_takes_it_away(desk):
    answer = desk.post("/desk/phone", {"phone": "0551234567"})
    assert answer.location == "/account?said=phone#phone"
    assert 'value="+966 55 123 4567"' in desk.text
    assert "Your phone is saved" in desk.text
    desk.post("/desk/phone", {"phone": " "})
    assert 'name="phone" id="own-phone" value=""' in desk.text


@pytest.mark.parametrize("typed", ["12", "<b>", "a\0b", "+14155550100"])
def test_what_cannot_be_rung_is_shown_again(desk, typed):
    desk.post("/desk/phone", {"phone": "0551234567"})
    answer = desk.post("/desk/phone", {"phone": typed})
    assert answer.status_code == 422
    assert "no phone that can be rung" in desk.text
    assert "<b>" not in desk.text.replace("<b>Huda</b>", "")
    assert 'value="+966 55 123 4567"' in desk.browser.get("/account").text


def test_sellers_have_no_phone_here(app, work, now):
    make_user(work, now, Role.seller, email="s@takeed.example")
    browser = Browser(app)
    browser.sign_in("s@takeed.example")
    assert "own-phone" not in browser.get("/account").text
    assert browser.post("/desk/phone", {"phone": "0551234567"}).status_code == 403


def test_the_record_tells_who_changed_which_phone_but_not_the_number(desk, sit):
    desk.post("/desk/phone", {"phone": "0551234567"})
    admin = sit("amal", Role.admin)
    record = admin.browser.get("/admin/audit").text
    assert "Own phone set: huda@takeed.example" in record
    assert "551234567" not in record
