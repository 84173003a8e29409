"""The page of the calendar: what stands, what is computed, what is added and removed."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest

from models.base import new_id
from verification.hours.calendar import Occasion, Override
from verification.policy.calendars import calendar_of, list_overrides
from web.admin.audit_words import OCCASIONS

RAMADAN = {"country": "SA", "occasion": "ramadan", "first_on": "2027-02-09", "why": "Court"}
STORM = {
    "country": "OM",
    "place": "Mascat",
    "occasion": "shut",
    "begins_at": "2026-11-23T14:00",
    "ends_at": "2026-11-23T20:00",
    "why": "Cyclone",
}


def plain(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_the_months_ahead_are_computed_for_each_country(admin):
    said = plain(admin.get("/admin/calendar"))
    assert "Nothing: the computed calendar holds." in said
    assert "Ramadan Mon 8 Feb 2027 – Mon 8 Mar 2027 computed, not announced" in said
    assert "National Day" in said
    assert said.count("Eid al-Adha") >= 9


def test_a_sighting_is_added_and_removed(admin, session):
    assert "said=added" in admin.post("/admin/calendar", RAMADAN).location
    [kept] = list_overrides(session)
    assert kept.override == Override("SA", Occasion.ramadan, first_on=date(2027, 2, 9))
    assert (kept.why, kept.set_by_name) == ("Court", "Noura <b>")
    said = plain(admin.get("/admin/calendar?said=added"))
    assert "Saudi Arabia Ramadan begins Tue 9 Feb 2027 Court Noura <b>" in said
    assert "Ramadan Tue 9 Feb 2027 – Tue 9 Mar 2027 set by us" in said
    assert "said=removed" in admin.post(f"/admin/calendar/{kept.id}/remove").location
    assert "said=gone" in admin.post(f"/admin/calendar/{kept.id}/remove").location
    session.rollback()
    assert calendar_of(session).overrides == ()


@pytest.mark.parametrize("occasion", list(Occasion))
def test_the_page_shows_every_occasion(admin, occasion):
    days = {"ramadan": "2027-02-09", "eid_fitr": "2027-03-10", "eid_adha": "2027-05-17"}
    form = {**STORM, "occasion": occasion.value, "first_on": days.get(occasion.value, "2026-12-01")}
    for place in ("", "Muscat"):
        assert admin.post("/admin/calendar", {**form, "place": place}).status_code == 303
    said = plain(admin.get("/admin/calendar"))
    assert f"Oman {OCCASIONS[occasion]}" in said
    assert f"Muscat, Oman {OCCASIONS[occasion]}" in said


def test_a_closure_is_told_in_the_places_own_time(admin, session):
    assert admin.post("/admin/calendar", {**STORM, "place": "مسقط"}).status_code == 303
    [kept] = calendar_of(session).overrides
    assert kept == Override(
        "OM",
        Occasion.shut,
        "OM/muscat",
        begins_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        ends_at=datetime(2026, 11, 23, 16, tzinfo=UTC),
    )
    assert "Muscat, Oman No contact at all Mon 23 Nov, 14:00" in plain(admin.get("/admin/calendar"))


def test_a_closure_of_another_year_names_the_year(admin):
    admin.post("/admin/calendar", {**STORM, "begins_at": "2027-11-23T14:00", "ends_at": "2027-11-23T20:00"})
    assert "Tue 23 Nov 2027, 14:00" in plain(admin.get("/admin/calendar"))


@pytest.mark.parametrize(
    ("form", "field", "rule"),
    [
        ({**RAMADAN, "why": " "}, "why", "Say who announced it"),
        ({**RAMADAN, "why": "x" * 600}, "why", "too long"),
        ({**RAMADAN, "first_on": ""}, "first_on", "This is needed."),
        ({**RAMADAN, "first_on": "9/2/2027"}, "first_on", "not a date"),
        ({**RAMADAN, "first_on": "2027-03-09"}, "first_on", "More than 3 days"),
        ({**RAMADAN, "place": "Atlantis"}, "place", "no such place"),
        ({**RAMADAN, "place": "OM/muscat"}, "place", "no such place"),
        ({**RAMADAN, "country": "FR"}, "country", "no such place"),
        ({**STORM, "place": "", "ends_at": "2026-11-23T13:00"}, "ends_at", "before the beginning"),
        ({**STORM, "place": "", "begins_at": ""}, "begins_at", "This is needed."),
        ({**STORM, "place": "", "begins_at": "0001-01-01T00:00"}, "begins_at", "not a date"),
        ({**STORM, "place": "", "ends_at": "2027-11-23T13:00"}, "ends_at", "At most 30 days"),
        (
            {**RAMADAN, "occasion": "holiday", "first_on": "2020-01-01"},
            "first_on",
            "This has passed already.",
        ),
        ({**RAMADAN, "occasion": "holiday", "first_on": "2926-12-01"}, "first_on", "At most 2 years ahead"),
        (
            {**STORM, "place": "", "begins_at": "9999-11-23T14:00", "ends_at": "9999-11-23T20:00"},
            "begins_at",
            "At most 2 years ahead",
        ),
    ],
)
def test_what_cannot_be_stands_beside_its_field_and_stays_typed(admin, session, form, field, rule):
    answer = admin.post("/admin/calendar", form)
    assert answer.status_code == 422
    assert rule in plain(answer)
    assert f'id="trouble-{field}"' in answer.text
    for name, typed in form.items():
        if name not in ("country", "occasion"):
            assert f'name="{name}"' in answer.text
            assert f'value="{typed}"' in answer.text
    assert f'<option value="{form["occasion"]}" selected>' in answer.text
    assert calendar_of(session).overrides == ()


def test_one_beginning_is_set_once(admin):
    admin.post("/admin/calendar", RAMADAN)
    answer = admin.post("/admin/calendar", RAMADAN)
    assert (answer.status_code, "set already" in plain(answer)) == (422, True)


def test_a_form_that_the_address_begins_to_fill(admin):
    text = admin.get("/admin/calendar?country=EG&occasion=eid_fitr&first_on=2027-03-09").text
    assert '<option value="EG" selected>' in text
    assert '<option value="eid_fitr" selected>' in text
    assert 'value="2027-03-09"' in text


def test_addresses_that_lead_nowhere(admin):
    assert admin.get("/admin/calendar?occasion=storm").status_code == 404
    assert admin.post("/admin/calendar", {}).status_code == 422
    assert "said=gone" in admin.post(f"/admin/calendar/{new_id()}/remove").location


def test_the_calendar_speaks_arabic(admin):
    admin.post("/account", {"language": "ar"})
    admin.post("/admin/calendar", RAMADAN)
    said = plain(admin.get("/admin/calendar"))
    for words in ("بداية رمضان", "الثلاثاء", "السعودية", "عيد الأضحى", "محسوب ولم يُعلن"):
        assert words in said
