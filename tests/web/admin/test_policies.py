"""The page of policies: what is shown, what is saved, what is said about what cannot be."""

import re
from html import unescape

import pytest

from tests import stored
from verification.policy.changing import standing
from verification.policy.describing import values

BASIS = "Consent at checkout"


@pytest.fixture
def store(work, now):
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        return store


def plain(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def held(session, name, **whose):
    return next(each for each in standing(session, **{"country": "SA", **whose}) if each.name == name)


def put(admin, name, *, act="set", **fields):
    return admin.post("/admin/policies", {"country": "SA", "name": name, "act": act, **fields})


def field(text, name, part):
    return re.search(rf'<input[^>]*value="([^"]*)"[^>]*id="{name}-{part}"', text)[1]


def test_every_value_is_there_with_its_default_and_source(admin):
    text = admin.get("/admin/policies?country=AE").text
    for name in values():
        assert f'<details class="value" id="{name}"' in text
    said = plain(admin.get("/admin/policies?country=AE"))
    assert "UAE Cabinet Resolution 56/2024" in said
    assert "a choice of ours" in said
    assert "Every day 09:00–18:00 · Friday 09:00–12:00, 15:00–18:00".replace(" · ", " ") in said


def test_a_number_is_saved_and_said(admin, session):
    answer = put(admin, "undo_seconds", value="٢٠")
    assert answer.location == "/admin/policies?country=SA&said=set&name=undo_seconds#undo_seconds"
    found = held(session, "undo_seconds")
    assert (found.value, found.origin, found.set_by_name) == (20, "country", "Noura <b>")
    said = plain(admin.get(answer.location))
    assert "Saved: Time to undo." in said
    assert "for Saudi Arabia, by Noura <b>, Sun 22 Nov" in said
    assert "20 seconds" in said


def test_hours_are_read_as_people_write_them(admin, session):
    typed = {"daily": "9:00 – 14:00، 16:00-21:30", "fri": "-", "sat": " ", "mon": "٠٩:٠٠-١٢:٠٠"}
    assert put(admin, "message_hours", **typed).status_code == 303
    assert held(session, "message_hours").value == {
        "daily": ["09:00-14:00", "16:00-21:30"],
        "fri": [],
        "mon": ["09:00-12:00"],
    }
    text = admin.get("/admin/policies?country=SA").text
    assert field(text, "message_hours", "daily") == "09:00-14:00, 16:00-21:30"
    assert field(text, "message_hours", "fri") == "-"


def test_a_value_is_reset(admin, session):
    put(admin, "undo_seconds", value="20")
    assert "said=cleared" in put(admin, "undo_seconds", act="clear").location
    assert held(session, "undo_seconds").origin == "default"
    assert "said=unset" in put(admin, "undo_seconds", act="clear").location


@pytest.mark.parametrize(
    ("name", "fields", "kept"),
    [
        ("vary_call_hours", {"value": ""}, False),
        ("prayer_pause_calls", {"value": "soft"}, "soft"),
        ("suspicious_value", {"value": ""}, None),
        ("suspicious_value", {"value": "١٥٠٠"}, "1500"),
        ("freight_out_cost", {"value": " $٦٫٥٠ "}, "6.50"),
        ("whatsapp_cost", {"value": "0.0125"}, "0.0125"),
        ("chooser", {"value": "fixed"}, "fixed"),
        ("waive_low_risk", {"value": "1"}, True),
        ("control_percent", {"value": "٥"}, 5),
        ("friday_prayer", {"value": "12:15 - 13:45"}, "12:15-13:45"),
        ("ramadan_calls_from", {"value": "9:30"}, "09:30"),
        ("ramadan_call_hours", {}, None),
        ("dial_mode", {"value": "click_to_call"}, "click_to_call"),
        (
            "sms_link_hosts",
            {"value": "Shop.example.com، c.example.com "},
            ["shop.example.com", "c.example.com"],
        ),
        ("sms_link_hosts", {"value": ""}, []),
        (
            "ladder",
            {"value": '[{"channel": "agent_call", "after_minutes": 5}]'},
            [{"channel": "agent_call", "after_minutes": 5}],
        ),
    ],
)
def test_each_kind_of_value_is_saved(admin, session, name, fields, kept):
    assert put(admin, name, **fields).status_code == 303
    found = held(session, name)
    assert (found.value, found.origin) == (kept, "country")
    assert admin.get("/admin/policies?country=SA").status_code == 200


def test_retention_has_a_number_for_each_kind(admin, session):
    days = dict.fromkeys(values()["retention_days"].choices, "30")
    assert put(admin, "retention_days", **days).status_code == 303
    assert set(held(session, "retention_days").value.values()) == {30}
    refused = put(admin, "retention_days", **{**days, "address": "never"})
    assert refused.status_code == 422
    assert 'id="retention_days-address" name="address" aria-invalid="true"' in refused.text


@pytest.mark.parametrize(
    ("name", "fields", "where", "rule"),
    [
        ("undo_seconds", {"value": "999"}, "value", "A whole number from 0 to 120."),
        ("undo_seconds", {"value": "ten"}, "value", "A whole number from 0 to 120."),
        ("undo_seconds", {"value": "1" * 5000}, "value", "A whole number from 0 to 120."),
        ("suspicious_quantity", {"value": "0"}, "value", "A whole number, 1 or more."),
        ("suspicious_value", {"value": "a lot\0"}, "value", "An amount such as 2000.00"),
        ("freight_out_cost", {"value": "2,50"}, "value", "An amount in US dollars, such as 2.00."),
        ("freight_out_cost", {"value": ""}, "value", "An amount in US dollars, such as 2.00."),
        ("complaint_price", {"value": "-1"}, "value", "An amount in US dollars, such as 2.00."),
        ("sms_cost", {"value": "0.00001"}, "value", "An amount in US dollars, such as 2.00."),
        ("sms_cost", {"value": "1e3"}, "value", "An amount in US dollars, such as 2.00."),
        ("decision_value", {"value": "9" * 5000}, "value", "An amount in US dollars, such as 2.00."),
        ("chooser", {"value": "learn"}, "value", "cannot be chosen"),
        ("control_percent", {"value": "51"}, "value", "A whole number from 0 to 50."),
        ("random_per_thousand", {"value": "2.5"}, "value", "A whole number from 0 to 100."),
        ("friday_prayer", {"value": "noon"}, "value", "a window such as 12:15-13:45"),
        ("dial_mode", {"value": "phone"}, "value", "cannot be chosen"),
        ("sms_link_hosts", {"value": "https://shop.example.com/x"}, "value", "Hosts such as"),
        (
            "sms_link_hosts",
            {"value": ",".join(f"{letter}.example.com" for letter in "abcdefghijklmnopqrstu")},
            "value",
            "At most 20 hosts.",
        ),
        ("call_hours", {"daily": "10:00-20:00", "fri": "late"}, "fri", "Windows such as"),
        ("call_hours", {"daily": "20:00-10:00"}, "daily", "Windows such as"),
        ("call_hours", {"daily": " "}, "daily", "Windows such as"),
        ("ladder", {"value": "[{"}, "value", "this is not JSON"),
        ("ladder", {"value": "[" * 10_000}, "value", "this is not JSON"),
        ("ladder", {"value": '[{"channel": "pigeon", "after_minutes": 0}]'}, "value", "It cannot be read"),
        ("ladder", {}, "value", "this is not JSON"),
        ("ladder", {"value": "[]"}, "value", "From 1 to 20 contacts are needed."),
        ("undo_seconds", {"value": "true"}, "value", "A whole number from 0 to 120."),
        (
            "call_hours",
            {"daily": ", ".join(f"{hour:02}:00-{hour:02}:30" for hour in range(13))},
            "daily",
            "A day has at most 12 windows.",
        ),
    ],
)
def test_what_cannot_be_stands_beside_its_field_and_stays_typed(admin, session, name, fields, where, rule):
    before = held(session, name).value
    answer = put(admin, name, **fields)
    assert answer.status_code == 422
    assert rule in plain(answer)
    assert re.search(rf'id="{name}-{where}" name="{where}" aria-invalid="true"', answer.text)
    assert re.search(rf'<details class="value" id="{name}" open>', answer.text)
    for typed in fields.values():
        assert typed.replace("\0", "\ufffd")[:40] in unescape(answer.text).replace("\0", "\ufffd")
    assert held(session, name).value == before


def test_a_sellers_hours_need_their_basis(admin, session, store):
    whose = {"seller": store.seller.slug}
    hours = {"daily": "12:00-14:00"}
    refused = put(admin, "call_hours", **hours, **whose, legal_basis="because")
    assert refused.status_code == 422
    assert 'id="call_hours-legal_basis" name="legal_basis" aria-invalid="true"' in refused.text
    assert 'value="because"' in refused.text
    assert 'value="12:00-14:00"' in refused.text
    assert put(admin, "call_hours", **hours, **whose, legal_basis=BASIS).status_code == 303
    found = held(session, "call_hours", seller_id=store.seller_id)
    assert (found.origin, found.legal_basis) == ("seller", BASIS)
    assert held(session, "call_hours").origin == "default"


def test_a_basis_that_is_too_long_is_told_so(admin, store):
    answer = put(admin, "call_hours", seller=store.seller.slug, daily="10:00-20:00", legal_basis="x" * 1_001)
    assert answer.status_code == 422
    assert "A legal basis has at most 1,000 characters." in plain(answer)


def test_a_store_has_its_own(admin, session, store):
    whose = {"seller": store.seller.slug, "store": "default"}
    answer = put(admin, "undo_seconds", value="3", **whose)
    assert f"seller={store.seller.slug}&store=default" in answer.location
    found = held(session, "undo_seconds", seller_id=store.seller_id, store_id=store.id)
    assert (found.value, found.origin) == (3, "store")
    text = admin.get(answer.location).text
    assert '<span class="origin is-store">' in text
    other = admin.get(f"/admin/policies?country=KW&seller={store.seller.slug}&store=another").text
    assert '<span class="origin is-store">' not in other


@pytest.mark.parametrize("query", ["country=FR", "seller=nobody", "seller=a%00b", "country=sa"])
def test_whose_values_nobody_knows(admin, query):
    assert admin.get(f"/admin/policies?{query}").status_code == 404


def test_a_value_that_is_none_is_none(admin):
    assert put(admin, "no_such", value="1").status_code == 404


def test_arabic_pages_speak_arabic(admin):
    admin.post("/account", {"language": "ar"})
    put(admin, "undo_seconds", value="20")
    said = plain(admin.get("/admin/policies"))
    for words in ("كل يوم", "الجمعة", "السعودية", "20 ثانية"):
        assert words in said
    assert "عدد صحيح من 0 إلى 120" in plain(put(admin, "undo_seconds", value="x"))


def test_what_weighs_contacts_is_said_with_its_unit(admin):
    put(admin, "chooser", value="learned")
    said = plain(admin.get("/admin/policies?country=SA"))
    for words in (
        "Choosing hours and channels",
        "Who chooses what buyers' answers have taught",
        "Orders to compare with 3%",
        "Contacts by lot 10 of 1,000",
        "First contact 15 minutes",
        "What it is worth",
        "A WhatsApp message 0.012 USD",
        "Orders that need no contact No",
    ):
        assert words in said
    admin.post("/account", {"language": "ar"})
    said = plain(admin.get("/admin/policies?country=SA"))
    assert "شحن الذهاب 5.00 دولار" in said
    assert "ما تعلّمناه من ردود المشترين" in said
    assert "مبلغ بالدولار الأمريكي" in plain(put(admin, "freight_out_cost", value="free"))
