"""What a message says: the text, the buttons and variables of a template, and where nothing may be said."""

from uuid import uuid4

import pytest

from channels.protocol import ContactOrder
from models.base import new_id
from models.templates import MessageTemplate
from models.vocabulary import Channel, MessageClass, TemplateState
from tests import stored
from verification.policy.values import default_policy, with_overrides
from verification.templates.composing import NoTemplate, compose
from verification.templates.defaults import built_in

LINK = "https://orders.takeed.example/c/4WZtq0Tn"
REFERENCE = "tk-0198"
BUTTONS = [{"id": "confirm", "title": "نعم"}, {"id": "cancel", "title": "إلغاء"}]


def an_order(number="#1047", total="199.00", currency="SAR", items=("خلاط محمول",)):
    return ContactOrder(uuid4(), number, total, currency, items)


@pytest.fixture
def seller(session, now):
    return stored.a_store(session, now).seller_id


@pytest.fixture
def add(session, now):
    def add(name="first", language="ar", channel=Channel.whatsapp, **columns):
        row = MessageTemplate(
            **{
                "id": new_id(),
                "seller_id": None,
                "channel": channel,
                "name": name,
                "language": language,
                "version": 1,
                "message_class": MessageClass.service,
                "body": f"{name} {language}: {{{{store}}}}, {{{{number}}}}.",
                "buttons": BUTTONS,
                "state": TemplateState.approved,
                "state_at": now,
                "content_id": f"HX{new_id().hex}",
                "created_by": "operator",
                "created_at": now,
                **columns,
            }
        )
        session.add(row)
        session.flush()
        return row

    return add


@pytest.fixture
def say(session, seller):
    def say(channel=Channel.whatsapp, *, country="SA", policy=None, **asked):
        policy = with_overrides(default_policy(country), policy or {})
        return compose(
            session,
            channel=channel,
            country=country,
            policy=policy,
            **{
                "seller_id": seller,
                "store_name": "متجر نور",
                "orders": [an_order()],
                "language": "ar",
                "attempt_number": 1,
                "link": LINK,
                "reference": REFERENCE,
                "window_open": False,
                **asked,
            },
        )

    return say


def test_a_template_goes_out_with_its_variables_and_buttons(say, add):
    row = add(body="من {{store}}: طلبك {{number}}، {{items}}، {{total}}. تؤكده يا {{store}}؟")
    said = say()
    assert said.content_id == row.content_id
    assert said.template_id == row.id
    assert said.variables == {
        "1": "متجر نور",
        "2": "#1047",
        "3": "خلاط محمول",
        "4": "199.00 ر.س.",
        "5": REFERENCE,
    }
    assert [(each.id, each.title) for each in said.buttons] == [
        (f"confirm:{REFERENCE}", "نعم"),
        (f"cancel:{REFERENCE}", "إلغاء"),
    ]
    assert said.text == "من متجر نور: طلبك #1047، خلاط محمول، 199.00 ر.س.. تؤكده يا متجر نور؟"


@pytest.mark.parametrize("state", [each for each in TemplateState if each is not TemplateState.approved])
def test_what_is_not_approved_is_not_said(say, add, state):
    add(state=state)
    assert say() == NoTemplate("no_template")


def test_without_any_template_whatsapp_is_silent(say):
    assert say() == NoTemplate("no_template")
    assert say(Channel.ivr) == NoTemplate("no_template")


def test_promotions_ask_nobody_about_an_order(say, add):
    add(message_class=MessageClass.promotion)
    assert say() == NoTemplate("no_template")


def test_each_contact_has_its_own_text_and_falls_to_a_simpler_one(say, add):
    add("first"), add("reminder"), add("last_call")
    told = [say(attempt_number=number).text.split()[0] for number in (1, 2, 3, 4)]
    assert told == ["first", "reminder", "last_call", "last_call"]


def test_a_reminder_that_is_missing_is_said_as_at_first(say, add):
    add("first")
    assert say(attempt_number=2).text.startswith("first")


def test_the_buyers_language_comes_first_then_the_countrys_then_english(say, add):
    add(language="en")
    assert say(language="ur").text.startswith("first en")
    add(language="ar")
    assert say(language="ur").text.startswith("first ar")
    assert say(language="en").text.startswith("first en")
    add(language="ur")
    assert say(language="ur", attempt_number=3).text.startswith("first ur")


def test_the_sellers_own_text_comes_before_everybodys_and_the_newer_before_the_older(say, add, seller):
    add(version=3)
    own = add(seller_id=seller)
    assert say().template_id == own.id
    newer = add(seller_id=seller, version=2)
    add(seller_id=seller, version=3, state=TemplateState.submitted)
    assert say().template_id == newer.id


def test_another_sellers_text_is_theirs(say, add, session, now):
    add(seller_id=stored.a_store(session, now).seller_id)
    assert say() == NoTemplate("no_template")


def test_in_the_window_answers_are_numbered_lines(say, add):
    assert say(window_open=True).text.splitlines()[-4:] == [
        "أجب برقم:",
        "1. تأكيد الطلب",
        "2. إلغاء الطلب",
        "3. لاحقاً",
    ]
    row = add()
    said = say(window_open=True)
    assert (said.content_id, said.buttons, said.template_id) == (None, (), row.id)
    assert said.text.splitlines()[-3:] == ["1. نعم", "2. إلغاء", "3. لاحقاً"]


def test_a_text_with_the_link_needs_one(say, add):
    add(body="{{store}}: {{link}} .")
    assert say(link=None) == NoTemplate("no_template")
    assert say().variables == {"1": "متجر نور", "2": LINK, "3": REFERENCE}
    assert "{{" not in say(link=None, window_open=True).text


def test_several_orders_are_named_together(say, add):
    add(body="{{store}}: {{number}}, {{items}}, {{total}}.")
    orders = [
        an_order(items=("خلاط", "إبريق")),
        an_order("#1048", "1.50", items=()),
        an_order("7", "2.000", "KWD", ()),
    ]
    assert say(orders=orders).text == ("متجر نور: #1047، #1048، 7, خلاط، إبريق, 200.50 ر.س. + 2.000 د.ك..")


def test_no_variable_is_empty_long_or_of_several_lines(say, add):
    add(body="{{store}}: {{items}} {{number}}.")
    said = say(orders=[an_order("a\n\t b {{total}}", items=())], store_name="ن" * 200)
    assert said.variables["1"] == "ن" * 59 + "…"
    assert said.variables["2"] == "—"
    assert said.variables["3"] == "a b { {total} }"


def test_an_sms_is_a_notice_with_the_link(say):
    said = say(Channel.sms, country="KW")
    assert said.text == f"متجر نور: أكّد طلبك #1047 (199.00 ر.س.) أو ألغه من هنا: {LINK}"
    assert (said.content_id, said.buttons) == (None, ())
    assert say(Channel.sms, country="KW", language="en", attempt_number=5).text.startswith("متجر نور: please")
    assert say(Channel.sms, country="IQ", language="ckb").text.startswith("متجر نور: داواکاریی")


def test_links_go_only_where_the_country_lets_them(say):
    assert say(Channel.sms, country="AE") == NoTemplate("no_link_allowed")
    assert say(Channel.sms, country="SA") == NoTemplate("no_link_allowed")
    registered = {"sms_link_hosts": ["orders.takeed.example"]}
    assert LINK in say(Channel.sms, country="SA", policy=registered).text
    assert say(Channel.sms, policy={"sms_link_hosts": ["takeed.example"]}) == NoTemplate("no_link_allowed")
    assert say(Channel.sms, country="KW", link=None) == NoTemplate("no_link_allowed")


def test_a_notice_written_without_a_link_is_sent_without_one(say, add):
    add(channel=Channel.sms, body="{{store}}: نتصل بك اليوم عن طلبك {{number}}.", content_id=None, buttons=[])
    assert say(Channel.sms, country="AE").text == "متجر نور: نتصل بك اليوم عن طلبك #1047."


@pytest.mark.parametrize(
    ("country", "name", "is_said"),
    [
        ("AE", "noon.com", False),
        ("AE", "Call 04 123 4567", False),
        ("AE", "Gift Shop 24", True),
        ("SA", "noon.com", False),
        ("KW", "noon.com", True),
    ],
)
def test_a_stores_name_that_breaks_the_countrys_rule_is_not_sent(say, add, country, name, is_said):
    add(channel=Channel.sms, body="{{store}}: طلبك {{number}} عندنا.", content_id=None, buttons=[])
    said = say(Channel.sms, country=country, store_name=name, orders=[an_order("123456789")])
    assert said == NoTemplate("forbidden_text") if not is_said else said.text.startswith(name)


def test_what_is_said_is_not_in_its_repr(say, add):
    add()
    assert "متجر" not in repr(say())


def test_there_is_a_text_for_each_language_and_contact():
    for language in ("ar", "en", "ckb"):
        assert built_in(Channel.sms, "first", language)
        for name in ("first", "reminder", "last_call"):
            assert len(built_in(Channel.whatsapp, name, language).buttons) == 3
