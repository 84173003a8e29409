"""The bar over staff's pages."""

from models.vocabulary import Role


def test_a_latin_name_too_long_for_a_phone_ends_in_dots_also_in_arabic(visitor, sign_in, picture):
    page = visitor("ar", (390, 844))
    sign_in(page, Role.agent, name="Alexandra of the Gulf")
    picture(page, "header-ar-phone")
    who = page.locator(".top .who")
    assert who.evaluate("each => each.scrollWidth > each.clientWidth")
    assert who.evaluate("each => getComputedStyle(each).direction") == "ltr"
