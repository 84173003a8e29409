"""The pages of message templates in a real browser: readable for everybody, in both directions."""

import pytest
from playwright.sync_api import expect

from models.vocabulary import Channel, MessageClass, Role, TemplateState
from tests import stored
from tests.browser.conftest import NARROW, WIDE
from verification.templates.defaults import buttons_in
from verification.templates.keeping import add_defaults, add_version, put_in

SMS = "{{store}}: نتصل بك اليوم عن طلبك {{number}}، وللتأكيد الآن: {{link}}"


@pytest.fixture
def texts(work, now, live):
    """Texts in every state; the ids of one for WhatsApp and one for SMS, and a real order's number."""
    made = {"actor": "operator", "now": now}
    with work() as session:
        store = stored.a_store(session, now)
        order = stored.an_order(session, now, store, stored.a_buyer(session, now, "+966551234567"))
        order.number = "#1047"
        rows = add_defaults(session, seller_id=None, **made)
        states = [
            TemplateState.approved,
            TemplateState.rejected,
            TemplateState.submitted,
            TemplateState.paused,
            TemplateState.retired,
        ]
        for row, state in zip(rows, states, strict=False):
            row.state, row.content_id = state, f"HX{row.id.hex}"
        rows[1].problem = "TAG_CONTENT_MISMATCH"
        whatsapp = add_version(
            session,
            seller_id=None,
            channel=Channel.whatsapp,
            name="first",
            language="ar",
            message_class=MessageClass.service,
            body=rows[0].body.replace("السلام عليكم", "مرحباً"),
            buttons=buttons_in("ar"),
            **made,
        )
        sms = add_version(
            session,
            seller_id=store.seller_id,
            channel=Channel.sms,
            name="first",
            language="ar",
            message_class=MessageClass.service,
            body=SMS,
            buttons=(),
            **made,
        )
        put_in(session, sms.id, **made)
        return whatsapp.id, sms.id


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_templates_are_for_everybody(texts, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.admin)
    whatsapp, sms = texts
    page.goto("/admin/templates")
    axe(page)
    picture(page, f"templates-{language}-{shape}", full=True)
    for name, template_id in (("whatsapp", whatsapp), ("sms", sms)):
        page.goto(f"/admin/templates/{template_id}")
        page.fill("#order", "1047")
        page.click(".looking button")
        expect(page.locator(".looking ~ .bubble")).to_contain_text("#1047")
        axe(page)
        picture(page, f"template-{name}-{language}-{shape}", full=True)
    page.goto(f"/admin/templates/new?from={whatsapp}")
    axe(page)
    picture(page, f"template-new-{language}-{shape}", full=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_text_that_sells_is_told_beside_its_field(texts, visitor, sign_in, axe, picture, language):
    page = visitor(language, allow=["status of 422"])
    sign_in(page, Role.admin)
    page.goto("/admin/templates/new")
    page.fill("#body", "أكّد طلبك اليوم واحصل على خصم")
    page.click(".writing .acts button")
    expect(page.locator("#body")).to_be_focused()
    expect(page.locator("#trouble-body")).to_contain_text("خصم")
    axe(page)
    picture(page, f"template-refused-{language}")
    page.fill("#body", "هل تؤكد الطلب {{number}} من {{store}} لنشحنه؟")
    page.click(".writing .acts button")
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator(".bubble .said")).to_contain_text("{{number}}")
