"""The overview and the record of changes."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from models.base import new_id
from models.policies import PolicyOverride
from models.vocabulary import SenderKind
from tests import stored
from verification import audit
from verification.hours.calendar import Occasion, Override
from verification.policy.calendars import add_override
from verification.policy.changing import Scope, clear_value, set_value
from verification.routing.stored import add_sender, remove_sender, set_sender

SA = Scope(country="SA")


def plain(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def changed(work, now):
    """What an operator did this morning, a change of a value each minute from the oldest on."""
    with work() as session:
        store = stored.a_store(session, now)
        made = {"actor": "operator"}
        ramadan = Override("SA", Occasion.ramadan, first_on=date(2027, 2, 9))
        storm = Override("OM", Occasion.shut, "OM/muscat", begins_at=now, ends_at=now + timedelta(hours=8))
        add_override(session, ramadan, why="Court", now=now, **made)
        add_override(session, storm, why="Cyclone <b>", now=now + timedelta(minutes=1), **made)
        own = {"name": "call_hours", "value": {"daily": ["12:00-14:00"]}, "legal_basis": "Consent given"}
        shop = Scope(store_id=store.id)
        set_value(session, scope=shop, now=now + timedelta(minutes=2), **own, **made)
        set_value(session, scope=SA, name="undo_seconds", value=20, now=now + timedelta(minutes=3), **made)
        clear_value(session, scope=SA, name="undo_seconds", now=now + timedelta(minutes=4), **made)
        audit.note(session, at=now + timedelta(minutes=5), code="something_new", **made)


def test_senders_are_told_in_words(admin, work, now):
    made = {"actor": "operator", "now": now}
    with work() as session:
        add_sender(session, kind=SenderKind.voice, address="+966500000001", country="SA", **made)
        set_sender(session, "+966500000001", weight=5, **made)
        remove_sender(session, "+966500000001", **made)
    said = plain(admin.get("/admin/audit"))
    values = "Weight {} Contacts a second 1"
    for words in (
        "Sender added: +966500000001 Saudi Arabia",
        f"Sender changed: +966500000001 Saudi Arabia before: {values.format(100)} after: {values.format(5)}",
        "Sender removed: +966500000001 Saudi Arabia",
    ):
        assert words in said


def test_nothing_was_changed_at_first(admin):
    assert "Nothing was changed yet" in plain(admin.get("/admin"))
    assert "No change" in plain(admin.get("/admin/audit"))


@pytest.mark.parametrize("path", ["/admin", "/admin/audit"])
def test_changes_are_told_in_words(admin, changed, now, path):
    began, ended = (f"{now + timedelta(hours=4 + hours):%H:%M}" for hours in (0, 8))
    said = plain(admin.get(path))
    for words in (
        "something_new",
        "Operator Reset: Time to undo Saudi Arabia before: 20 seconds after: 10 seconds",
        "Set: Time to undo Saudi Arabia before: 10 seconds after: 20 seconds",
        "Noor / default before: Every day 10:00–21:30 Friday 16:00–21:30 after: Every day 12:00–14:00",
        f"Calendar: No contact at all Muscat, Oman Sun 22 Nov, {began} – Sun 22 Nov, {ended} Cyclone <b>",
        "Calendar: Ramadan begins Saudi Arabia Tue 9 Feb 2027 Court",
    ):
        assert words in said
    assert said.index("something_new") < said.index("Reset: Time to undo") < said.index("Court")


def test_the_overview_counts_what_stands(admin, changed):
    said = plain(admin.get("/admin"))
    assert "2 lines set" in said
    assert "1 value set" in said
    assert "Countries: 0. Sellers: 0. Stores: 1." in said


def test_the_overview_names_values_that_cannot_be_used(admin, work, now):
    kept = {"country": "SA", "set_by": "operator", "set_at": now}
    with work() as session:
        session.add(PolicyOverride(name="of_old", value=1, **kept))
        session.add(PolicyOverride(name="call_hours", value="always", **kept))
    assert "2 stored policy values cannot be used any more: call_hours · of_old" in plain(admin.get("/admin"))
    assert admin.get("/admin/policies?country=SA").status_code == 200
    with work() as session:
        for name in ("of_old", "call_hours"):
            assert clear_value(session, scope=SA, name=name, actor="operator", now=now)
    assert "cannot be used" not in plain(admin.get("/admin"))
    assert "of_old" in plain(admin.get("/admin/audit"))


def test_the_changes_of_one_value(admin, changed):
    answer = admin.get("/admin/audit?scope=country&id=SA&name=undo_seconds")
    assert answer.text.count('<th scope="row"') == 2
    assert "Time to undo" in plain(answer)


def test_a_long_record_goes_on(admin, work, now):
    with work() as session:
        for number in range(120):
            audit.note(session, at=now + timedelta(seconds=number), actor="operator", code=f"code_{number}_")
    seen, address = [], "/admin/audit"
    while address:
        text = admin.get(address).text
        seen += re.findall(r"code_(\d+)_", text)
        address = next(iter(re.findall(r'href="(/admin/audit\?after=[^"]+)"', text)), None)
    assert [int(each) for each in seen] == [*range(119, -1, -1)]
    assert "No change" in plain(admin.get(f"/admin/audit?after={new_id()}"))


@pytest.mark.parametrize("query", ["after=x", "name=nothing", "id=a%00b"])
def test_addresses_that_lead_nowhere(admin, query):
    assert admin.get(f"/admin/audit?{query}").status_code == 404


def test_the_record_speaks_arabic(admin, changed):
    admin.post("/account", {"language": "ar"})
    said = plain(admin.get("/admin/audit"))
    for words in ("مشغّل النظام", "مهلة التراجع", "بداية رمضان", "مسقط، عُمان", "20 ثانية"):
        assert words in said
