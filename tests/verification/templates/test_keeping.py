"""Versions of texts: added, refused, put in use, taken out of it; and real orders in them."""

import pytest

from channels.protocol import Button
from models.vocabulary import Channel, MessageClass, TemplateState
from tests import stored
from verification import audit
from verification.policy.changing import Scope, set_value
from verification.refusals import NotFound
from verification.templates.defaults import buttons_in
from verification.templates.keeping import TemplateRefused, add_defaults, add_version, put_in, retire
from verification.templates.listing import find_template, list_templates
from verification.templates.previewing import order_named, preview, preview_all

LINK = "https://orders.takeed.example/c/4WZtq0Tn"
BODY = "من {{store}}: هل تؤكد الطلب {{number}}، {{items}}، بمبلغ {{total}} لنشحنه؟"
SMS = "{{store}}: أكّد هنا {{link}}"


@pytest.fixture
def store(session, now):
    return stored.a_store(session, now)


@pytest.fixture
def add(session, now):
    def add(body=BODY, channel=Channel.whatsapp, **asked):
        return add_version(
            session,
            body=body,
            channel=channel,
            **{
                "seller_id": None,
                "name": "first",
                "language": "ar",
                "message_class": MessageClass.service,
                "buttons": buttons_in("ar"),
                "actor": "operator",
                "now": now,
                **asked,
            },
        )

    return add


def test_a_changed_text_is_the_next_version(session, add, store):
    first = add()
    assert (first.version, first.state) == (1, TemplateState.draft)
    assert add(BODY.replace("هل", "فهل")).version == 2
    assert add(seller_id=store.seller_id).version == 1
    assert add(language="en").version == 1
    assert add(SMS, Channel.sms).buttons == []
    assert [
        (each.seller_slug, each.channel, each.language, each.version) for each in list_templates(session)
    ] == [
        (None, "whatsapp", "ar", 2),
        (None, "whatsapp", "ar", 1),
        (None, "whatsapp", "en", 1),
        (None, "sms", "ar", 1),
        (store.seller.slug, "whatsapp", "ar", 1),
    ]
    own = list_templates(session, seller_id=store.seller_id, all_sellers=False)
    assert [each.seller_id for each in own] == [store.seller_id]


def test_the_same_text_twice_is_refused_unless_the_first_came_to_nothing(add, session, now):
    first = add()
    with pytest.raises(TemplateRefused) as refused:
        add(f"\r\n{BODY}  \r\n")
    assert (refused.value.code, refused.value.params) == ("same_as_before", {"version": 1})
    first.state = TemplateState.rejected
    session.flush()
    assert add().version == 2


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"channel": Channel.ivr}, "channel", "unknown"),
        ({"channel": Channel.page}, "channel", "unknown"),
        ({"name": "welcome"}, "name", "unknown"),
        ({"language": "ar-SA"}, "language", "unknown"),
        ({"language": ""}, "language", "unknown"),
        ({"body": " \n "}, "body", "empty"),
        ({"body": "أكّد\0 طلبك"}, "body", "unreadable"),
        ({"body": "م" * 1601}, "body", "too_long"),
        ({"body": "م" * 1025}, "body", "too_long"),
        ({"body": "{{store}} مرحباً"}, "body", "starts_with_variable"),
        ({"body": "أكّد واحصل على خصم"}, "body", "promotes"),
        ({"body": "أكّد {{phone}} الآن"}, "body", "unknown_variable"),
        ({"buttons": [Button("confirm", "ن" * 21)]}, "buttons", "button_too_long"),
        ({"buttons": [Button("confirm", "\n")]}, "buttons", "button_empty"),
        ({"buttons": [Button("yes", "نعم")]}, "buttons", "unknown"),
        ({"buttons": [Button("confirm", "نعم"), Button("confirm", "أجل")]}, "buttons", "unknown"),
        ({"body": "{{store}}: bit.ly/x", "channel": Channel.sms}, "body", "shortener"),
    ],
)
def test_what_cannot_be_said_is_not_kept(session, add, asked, field, code):
    with pytest.raises(TemplateRefused) as refused:
        add(**asked)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert list_templates(session) == []


def test_a_text_is_kept_when_one_country_allows_it(session, add, now):
    add(SMS, Channel.sms)
    for country in ("SA", "AE", "KW", "QA", "BH", "OM", "JO", "EG", "IQ"):
        scope = Scope(country=country)
        set_value(session, scope=scope, name="sms_links", value="none", actor="operator", now=now)
    with pytest.raises(TemplateRefused) as refused:
        add(SMS + " .", Channel.sms)
    assert refused.value.code == "link_forbidden"


def test_an_sms_is_in_use_at_once_and_whatsapp_is_to_be_approved(session, add, now):
    sms, whatsapp = add(SMS, Channel.sms), add()
    assert put_in(session, sms.id, actor="operator", now=now) is TemplateState.approved
    assert put_in(session, whatsapp.id, actor="operator", now=now) is TemplateState.submitted
    assert find_template(session, whatsapp.id).is_waiting
    with pytest.raises(TemplateRefused) as refused:
        put_in(session, whatsapp.id, actor="operator", now=now)
    assert (refused.value.code, refused.value.params) == ("not_now", {"state": "submitted"})
    retire(session, whatsapp.id, actor="operator", now=now)
    with pytest.raises(TemplateRefused):
        retire(session, whatsapp.id, actor="operator", now=now)
    assert [line.code for line in audit.lines(session).lines][:3] == [
        "template_retired",
        "template_submitted",
        "template_put_in",
    ]


def test_what_takeed_brings_is_added_once(session, store, now):
    made = {"seller_id": None, "actor": "operator", "now": now}
    assert len(add_defaults(session, **made)) == 9
    assert add_defaults(session, **made) == []
    assert len(add_defaults(session, **{**made, "seller_id": store.seller_id})) == 9
    assert {each.channel for each in list_templates(session)} == {Channel.whatsapp}


@pytest.fixture
def order(session, store, now):
    return stored.an_order(session, now, store, stored.a_buyer(session, now, "+966551234567"))


def test_a_real_order_is_seen_in_a_text_and_the_look_is_recorded(session, add, order, now):
    kept = find_template(session, add().id)
    seen = preview(session, kept, order, link=LINK, actor="operator", now=now)
    number = order.external_id
    assert seen.text == f"من Noor: هل تؤكد الطلب {number}، خلاط محمول، بمبلغ 199.00 ر.س. لنشحنه؟"
    assert [each.title for each in seen.buttons] == ["تأكيد الطلب", "إلغاء الطلب", "لاحقاً"]
    assert (seen.parts, seen.problems) == (None, ())
    line = audit.lines(session).lines[0]
    assert (line.code, line.params["order_id"]) == ("template_previewed", str(order.id))
    assert "Noor" not in str(line.params)


def test_an_sms_is_seen_with_its_parts_and_the_rules_of_the_country(session, add, order, now):
    kept = find_template(session, add(SMS, Channel.sms).id)
    seen = preview(session, kept, order, link=LINK, actor="operator", now=now)
    assert [each.code for each in seen.problems] == ["link_unregistered"]
    set_value(
        session,
        scope=Scope(country="SA"),
        name="sms_link_hosts",
        value=["orders.takeed.example"],
        actor="operator",
        now=now,
    )
    seen = preview(session, kept, order, link=LINK, actor="operator", now=now)
    assert seen.text == f"Noor: أكّد هنا {LINK}"
    assert (seen.parts.encoding, seen.parts.parts, seen.problems) == ("ucs2", 1, ())


def test_a_sellers_text_shows_no_other_sellers_order(session, add, order, store, now):
    other = stored.a_store(session, now)
    kept = find_template(session, add(seller_id=other.seller_id).id)
    with pytest.raises(NotFound):
        preview(session, kept, order, link=LINK, actor="operator", now=now)
    with pytest.raises(NotFound):
        order_named(session, order.external_id, seller_id=other.seller_id)
    assert order_named(session, order.external_id, seller_id=store.seller_id).id == order.id


def test_what_would_go_out_is_told_for_each_channel(session, add, order, now):
    said = preview_all(session, order, link=LINK, actor="operator", now=now)
    assert [(each.channel, each.code) for each in said] == [
        (Channel.whatsapp, "no_template"),
        (Channel.sms, "no_link_allowed"),
    ]
    row = add()
    row.state, row.content_id = TemplateState.approved, f"HX{row.id.hex}"
    session.flush()
    assert preview_all(session, order, link=LINK, actor="operator", now=now)[0].template_id == row.id


@pytest.mark.parametrize("text", ["", " ", "#", "\0", "nobody", "0" * 500])
def test_an_order_that_nobody_knows(session, text):
    with pytest.raises(NotFound):
        order_named(session, text)
