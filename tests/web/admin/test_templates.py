"""The pages of message templates: what is listed, written, put in use, and seen with a real order."""

import re
from html import unescape
from uuid import UUID

import pytest

from models.vocabulary import Role, TemplateState
from settings import Settings
from tests import stored
from tests.web.staff import Browser, make_user
from verification import audit
from verification.templates.listing import list_templates

BODY = "من {{store}}: هل تؤكد الطلب {{number}} لنشحنه؟"
NEW = {
    "channel": "whatsapp",
    "name": "first",
    "language": "ar",
    "seller": "",
    "message_class": "service",
    "body": BODY,
    "confirm": "نعم",
    "cancel": "إلغاء",
    "later": " ",
}

NOBODYS = UUID(int=7)


@pytest.fixture
def live(app):
    """The app with a provider's credentials."""
    context = app.extensions["takeed"]
    before = context.settings
    real = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token"}
    context.settings = Settings.from_env(
        {**real, "TAKEED_DATA": str(before.data), "TAKEED_SECRET_KEY": before.secret_key}
    )
    yield
    context.settings = before


@pytest.fixture
def order(work, now):
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        order = stored.an_order(session, now, store, stored.a_buyer(session, now, "+966551234567"))
        order.number = "#1047"
        order.slug = store.seller.slug
        return order


def plain(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def add(admin, **more):
    answer = admin.post("/admin/templates/new", {**NEW, **more})
    assert answer.status_code == 303, plain(answer)
    return answer.location


def test_nothing_yet_but_what_takeed_brings(admin, session):
    said = plain(admin.get("/admin/templates"))
    assert "No text yet, so buyers are not written to on WhatsApp." in said
    assert "Without the credentials of a provider nothing can be submitted." in said
    assert "{{store}}: please confirm or cancel your order {{number}}" in said
    answer = admin.post("/admin/templates/defaults", {"seller": ""})
    assert answer.location == "/admin/templates?said=defaults"
    said = plain(admin.get(answer.location))
    assert "were added as drafts" in said
    assert "Add the texts that come with Takeed" not in said
    assert len(list_templates(session)) == 9


def test_a_text_is_added_and_shown(admin, session):
    where = add(admin)
    (kept,) = list_templates(session)
    assert where == f"/admin/templates/{kept.id}?said=added"
    assert [(each.id, each.title) for each in kept.buttons] == [("confirm", "نعم"), ("cancel", "إلغاء")]
    said = plain(admin.get(where))
    assert "First message, WhatsApp, Arabic, version 1 Draft" in said
    assert "Added as a draft." in said
    assert "Noura <b>" in said
    assert "من {{store}} : هل تؤكد الطلب {{number}} لنشحنه؟" in said
    assert "First message Arabic All sellers 1 Draft" in plain(admin.get("/admin/templates"))


def test_a_new_version_starts_from_the_old_one(admin, session):
    where = add(admin).partition("?")[0]
    form = admin.get(f"/admin/templates/new?from={where.rpartition('/')[2]}").text
    assert BODY in form
    assert 'value="نعم"' in form
    assert "Version 1 says just that." in plain(admin.post("/admin/templates/new", NEW))
    add(admin, body=BODY.replace("هل", "فهل"))
    session.expire_all()
    assert [each.version for each in list_templates(session)] == [2, 1]
    assert "version 2" in plain(admin.get(where))


def test_the_form_starts_with_what_takeed_says(admin):
    form = unescape(admin.get("/admin/templates/new?channel=sms&name=first&language=en").text)
    assert "{{store}}: please confirm or cancel your order" in form
    assert (
        "{{"
        not in re.search(
            r"<textarea[^>]*>(.*?)</textarea>", admin.get("/admin/templates/new?language=ur").text, re.S
        )[1]
    )


@pytest.mark.parametrize(
    ("more", "field", "rule"),
    [
        ({"body": " "}, "body", "Some text is needed."),
        ({"body": "{{store}} سلام"}, "body", "begins with a variable"),
        ({"body": "أكّد واحصل على خصم"}, "body", "“خصم” sells"),
        ({"body": "أكّد {{phone}} هنا"}, "body", "There is no variable phone."),
        ({"body": "أكّد {{}} هنا"}, "body", "There is no variable {{}}."),
        ({"body": "أكّد\0 هنا"}, "body", "It holds a letter that cannot be kept."),
        ({"body": "م" * 2000}, "body", "1,600"),
        ({"confirm": "ن" * 21}, "confirm", "A button has at most 20 letters."),
        ({"channel": "pigeon"}, "channel", "Choose one of the list."),
        ({"channel": "ivr"}, "channel", "Choose one of the list."),
        ({"name": "welcome"}, "name", "Choose one of the list."),
        ({"language": "%s"}, "language", "Choose one of the list."),
        ({"message_class": ""}, "message_class", "Choose one of the list."),
        ({"channel": "sms", "body": "{{store}}: bit.ly/x"}, "body", "bit.ly shortens links"),
    ],
)
def test_what_cannot_be_said_stands_beside_its_field_and_stays_typed(admin, session, more, field, rule):
    answer = admin.post("/admin/templates/new", {**NEW, **more})
    assert answer.status_code == 422
    assert rule in plain(answer)
    assert re.search(rf'id="{field}" name="{field}" aria-invalid="true"', answer.text)
    if field == "body":
        assert more["body"].replace("\0", "").strip() in unescape(answer.text).replace("\0", "")
    assert list_templates(session) == []


def test_an_sms_is_put_in_use_at_once(admin, session):
    where = add(admin, channel="sms", body="{{store}}: {{link}}").partition("?")[0]
    said = plain(admin.get(where))
    assert "An SMS may carry no link there. In: United Arab Emirates." in said
    assert "Put in use" in said
    assert admin.post(f"{where}/submit", {}).location == f"{where}?said=used"
    assert "In use" in plain(admin.get(where))
    again = admin.post(f"{where}/submit", {})
    assert again.status_code == 422
    assert "It is in use already." in plain(again)
    assert admin.post(f"{where}/retire", {}).location == f"{where}?said=retired"
    assert "It is out of use already." in plain(admin.post(f"{where}/retire", {}))
    codes = [line.code for line in audit.lines(session, limit=3).lines]
    assert codes == ["template_retired", "template_put_in", "template_added"]
    said = plain(admin.get("/admin/audit"))
    assert "Text taken out of use: First message, SMS, Arabic, version 1" in said


def test_without_a_provider_nothing_is_submitted(admin, session):
    where = add(admin).partition("?")[0]
    assert "Submit to WhatsApp" not in plain(admin.get(where))
    assert admin.post(f"{where}/submit", {}).status_code == 404
    assert list_templates(session)[0].state is TemplateState.draft


def test_with_a_provider_a_text_waits_to_be_submitted(live, admin, session):
    where = add(admin).partition("?")[0]
    assert "Submit to WhatsApp" in plain(admin.get(where))
    assert admin.post(f"{where}/submit", {}).location == f"{where}?said=submitted"
    assert list_templates(session)[0].is_waiting
    assert "To be submitted" in plain(admin.get(where))


def test_an_order_is_seen_in_a_text_and_the_look_recorded(admin, session, order):
    where = add(admin).partition("?")[0]
    said = plain(admin.post(f"{where}/preview", {"order": " 1047 "}))
    assert "من Noor: هل تؤكد الطلب #1047 لنشحنه؟" in said
    line = audit.lines(session).lines[0]
    assert (line.code, line.params["order_id"], line.name) == (
        "template_previewed",
        str(order.id),
        "Noura <b>",
    )
    assert "An order seen in a text: First message, WhatsApp, Arabic" in plain(admin.get("/admin/audit"))
    assert "1047" not in plain(admin.get(where))


def test_an_sms_is_seen_with_its_parts(admin, order):
    where = add(admin, channel="sms", body="{{store}}: أكّد الطلب {{number}} هنا {{link}}").partition("?")[0]
    said = plain(admin.post(f"{where}/preview", {"order": str(order.id)}))
    assert re.search(r"Noor: أكّد الطلب #1047 هنا http\S+/c/x{24}", said)
    assert "An SMS of 2 parts." in said
    assert "An SMS may carry only links to registered hosts there." in said


@pytest.mark.parametrize("number", ["", "9999", "a\0b", "x" * 5000])
def test_an_order_that_nobody_knows_is_said(admin, order, number):
    where = add(admin).partition("?")[0]
    answer = admin.post(f"{where}/preview", {"order": number})
    assert answer.status_code == 422
    assert "We know no such order." in plain(answer)


def test_a_seller_has_texts_of_its_own(admin, session, order):
    add(admin)
    own = add(admin, seller=order.slug).partition("?")[0]
    said = plain(admin.get(f"/admin/templates?seller={order.slug}"))
    assert "First message Arabic Noor 1 Draft" in said
    assert "First message Arabic All sellers" not in said
    assert "First message Arabic All sellers" in plain(admin.get("/admin/templates"))
    assert f"seller={order.slug}" in admin.get(own).text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/templates?seller=nobody",
        "/admin/templates?seller=a%00b",
        f"/admin/templates/{NOBODYS}",
        "/admin/templates/new?seller=nobody",
        "/admin/templates/new?from=x",
        f"/admin/templates/new?from={NOBODYS}",
    ],
)
def test_what_nobody_knows_is_not_found(admin, path):
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize("act", ["submit", "retire", "preview"])
def test_acts_on_what_nobody_knows(admin, act):
    assert admin.post(f"/admin/templates/{NOBODYS}/{act}", {}).status_code == 404


def test_templates_are_for_admins(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    assert browser.get("/admin/templates").status_code == 403
    assert browser.post("/admin/templates/new", NEW).status_code == 403


def test_arabic_pages_speak_arabic(admin, order):
    admin.post("/account", {"language": "ar"})
    where = add(admin, channel="sms", body="{{store}}: أكّد الطلب {{number}} هنا {{link}}").partition("?")[0]
    said = plain(admin.post(f"{where}/preview", {"order": "1047"}))
    for text in (
        "الرسالة الأولى، رسالة نصية، العربية، النسخة 1",
        "مسودة",
        "رسالة قصيرة من جزأين.",
        "الإمارات",
    ):
        assert text in said
    assert "كلمة «خصم» ترويجية" in plain(admin.post("/admin/templates/new", {**NEW, "body": "خصم لك"}))
