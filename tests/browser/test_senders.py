"""The page of the senders in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models.senders import Sender
from models.vocabulary import Role, SenderKind
from tests.browser.conftest import NARROW, WIDE
from verification.routing.stored import add_sender


@pytest.fixture
def some(work, now, live):
    """One of each kind; one does badly and rests."""
    with work() as session:
        for kind, address, more in (
            (SenderKind.whatsapp, "+966112345678", {}),
            (SenderKind.sms, "TAKEED", {"country": "SA"}),
            (SenderKind.voice, "+966112345678", {"country": "SA", "trunk": "BY" + "0" * 32}),
            (SenderKind.voice, "+971412345678", {"country": "AE", "weight": 50}),
        ):
            add_sender(session, kind=kind, address=address, **more, actor="operator", now=now)
        ill = session.scalars(select(Sender).where(Sender.address == "+971412345678")).one()
        ill.standing, ill.standing_at, ill.resting_until = 25, now, now + timedelta(minutes=3)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_senders_are_for_everybody(some, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.admin)
    page.goto("/admin/senders?kind=voice&country=SA")
    axe(page)
    picture(page, f"admin-senders-{language}-{shape}", full=True)


def test_a_weight_is_changed_in_its_row(some, visitor, sign_in, axe, work):
    page = visitor(allow=["status of 422"])
    sign_in(page, Role.admin)
    page.goto("/admin/senders")
    row = page.locator("tbody tr", has_text="TAKEED")
    row.locator("[name=weight]").fill("200")
    row.get_by_role("button", name="Save").click()
    expect(page.locator("#trouble")).to_be_visible()
    axe(page)
    row.locator("[name=weight]").fill("20")
    row.get_by_role("button", name="Save").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("changed")
    with work() as session:
        assert session.scalars(select(Sender.weight).where(Sender.address == "TAKEED")).one() == 20
