"""Signing in and out, and the user's own account, in a browser."""

import pytest

from models.vocabulary import Role
from tests.browser.conftest import NARROW, WIDE, go_through_the_door
from tests.web.staff import make_user

SHAPES = pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])


@LANGUAGES
@SHAPES
def test_the_door_and_the_account_are_readable(visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size, allow=["status of 422"])
    page.goto("/sign-in")
    axe(page)
    picture(page, f"sign-in-{language}-{shape}")
    page.fill("[name=email]", "nobody@takeed.example")
    page.fill("[name=password]", "not the password")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[role=alert]")
    axe(page)
    sign_in(page, Role.seller)
    page.goto("/account")
    axe(page)
    picture(page, f"account-{language}-{shape}")


def test_one_gets_in_and_out_by_keyboard(visitor, work, now, live):
    page = visitor()
    user = make_user(work, now, Role.seller, name="Huda Al Salem")
    go_through_the_door(page, user.email)
    page.goto("/account")
    assert page.locator(".who").inner_text() == user.name
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "page"
    page.locator("form[action='/sign-out'] button").first.press("Enter")
    page.wait_for_url("**/sign-in")
    # Neither the way back nor the address shows the account again.
    page.go_back()
    assert page.locator("[name=password]").is_visible()
    page.goto("/account")
    assert page.locator("[name=password]").is_visible()


def test_the_language_is_changed_in_the_bar(visitor, sign_in):
    page = visitor("en")
    sign_in(page, Role.seller)
    page.goto("/account")
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        page.locator(f".top button[value={language}]").click()
        page.wait_for_selector(f"html[lang={language}][dir={direction}]")
        assert page.url.endswith("/account")


def test_the_bar_is_slim(visitor, sign_in):
    page = visitor("ar")
    sign_in(page, Role.seller)
    page.goto("/account")
    assert page.locator(".top").bounding_box()["height"] <= 44
    assert page.locator(".where").bounding_box()["height"] <= 24


@LANGUAGES
@SHAPES
def test_what_is_refused_says_why(visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size, allow=["status of 403", "status of 404"])
    page.goto("/nowhere")
    axe(page)
    picture(page, f"problem-{language}-{shape}")
    sign_in(page, Role.seller)
    page.goto("/account")
    page.locator(".top form[action='/sign-out'] [name=csrf]").evaluate(
        "field => { field.value = 'of another' }"
    )
    with page.expect_navigation() as refused:
        page.locator(".top form[action='/sign-out'] button").click()
    assert refused.value.status == 403
    axe(page)
    picture(page, f"refused-{language}-{shape}")
