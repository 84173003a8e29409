"""The page of the senders: kept, changed, removed, explained."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import select

from models.base import new_id
from models.calendars import AuditLine
from models.senders import Sender
from models.vocabulary import Role, SenderKind
from tests.orders import make_seller
from tests.web.staff import Browser, make_user
from verification.routing.stored import add_sender, list_senders

TRUNK = "BY" + "0" * 32
NEW = {"kind": "voice", "address": "+966 50 000 0000", "country": "SA", "seller": "", "weight": "80"}
NEW |= {"per_second": "2.5", "trunk": TRUNK}


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def admin(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.admin).email)
    return browser


@pytest.fixture
def shop(work, now):
    with work() as session:
        return make_seller(session, now).seller


@pytest.fixture
def known(work, now):
    """A sender for everybody."""
    with work() as session:
        kept = {"kind": SenderKind.sms, "address": "TAKEED", "actor": "operator", "now": now}
        return add_sender(session, **kept).id


def senders(work, now):
    with work() as session:
        return list_senders(session, now)


def test_without_senders_the_page_says_so(admin):
    text = words(admin.get("/admin/senders").text)
    assert "0 senders" in text
    assert "No sender yet." in text
    assert "Simulated buyers need no senders" in text


def test_a_sender_is_added_with_all_that_it_needs(admin, work, now, shop):
    answer = admin.post("/admin/senders", {**NEW, "seller": shop.slug})
    assert answer.headers["Location"] == "/admin/senders?said=added"
    [kept] = senders(work, now)
    assert (kept.kind, kept.address, kept.country, kept.seller) == ("voice", "+966500000000", "SA", shop.slug)
    assert (kept.weight, kept.per_second, kept.trunk) == (80, Decimal("2.5"), TRUNK)
    assert kept.created_by.startswith("agent:")
    text = words(admin.get("/admin/senders?said=added").text)
    assert "used from the next contact on" in text
    assert f"+966500000000 Calls {shop.name} Saudi Arabia 100%" in text
    assert "Sender added: +966500000000" in words(admin.get("/admin/audit").text)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"address": "hello there, buyer"}, "Write a number such as"),
        ({"address": "+966\0"}, "Write a number such as"),
        ({"trunk": "BY1"}, "A trunk is BY"),
        ({"kind": "sms"}, "Only calls leave by a trunk"),
        ({"country": "FR"}, "This country is not served"),
        ({"weight": "101"}, "a whole number from 0 to 100"),
        ({"weight": "half"}, "a whole number from 0 to 100"),
        ({"weight": "9" * 5000}, "a whole number from 0 to 100"),
        ({"per_second": "0"}, "from 0.001 to 1,000"),
        ({"per_second": "fast"}, "from 0.001 to 1,000"),
        ({"per_second": "NaN"}, "from 0.001 to 1,000"),
    ],
)
def test_a_rule_that_is_broken_stands_beside_its_field(admin, work, now, wrong, rule):
    answer = admin.post("/admin/senders", {**NEW, **wrong})
    assert answer.status_code == 422
    assert rule in words(answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert senders(work, now) == []


def test_the_same_sender_twice_is_told_and_what_was_typed_stays(admin, work, now):
    admin.post("/admin/senders", NEW)
    answer = admin.post("/admin/senders", {**NEW, "weight": "7"})
    assert answer.status_code == 422
    assert "already there" in answer.text
    assert 'value="7"' in answer.text
    assert len(senders(work, now)) == 1


@pytest.mark.parametrize("form", [{**NEW, "kind": "fax"}, {**NEW, "seller": "nobody"}, {}])
def test_what_no_form_of_ours_sends_leads_nowhere(admin, form):
    assert admin.post("/admin/senders", form).status_code == 404


def test_a_sender_is_changed_and_the_change_recorded(admin, work, now, known):
    changed = {"weight": "0", "per_second": "10"}
    assert admin.post(f"/admin/senders/{known}/set", changed).status_code == 303
    [kept] = senders(work, now)
    assert (kept.weight, kept.per_second) == (0, 10)
    assert "switched off" in admin.get("/admin/senders").text
    with work() as session:
        [line] = session.scalars(select(AuditLine).where(AuditLine.code == "sender_set"))
    assert (line.params["before"]["weight"], line.params["after"]["weight"]) == (100, 0)


def test_a_wrong_change_changes_nothing_and_stands_in_its_row(admin, work, now, known):
    answer = admin.post(f"/admin/senders/{known}/set", {"weight": "-1", "per_second": "10"})
    assert answer.status_code == 422
    assert 'value="-1"' in answer.text
    assert senders(work, now)[0].weight == 100


def test_a_sender_is_removed_once(admin, work, now, known):
    for said in ("removed", "gone"):
        answer = admin.post(f"/admin/senders/{known}/remove")
        assert answer.headers["Location"] == f"/admin/senders?said={said}"
    assert senders(work, now) == []
    assert admin.post(f"/admin/senders/{new_id()}/set", NEW).headers["Location"].endswith("said=gone")


def test_the_page_says_which_sender_would_be_used_and_why_not_the_others(admin, work, now, shop):
    with work() as session:
        for number, (seller, more) in enumerate(
            [
                (None, {}),
                (None, {"weight": 50}),
                (shop.id, {}),
                (None, {"country": "AE"}),
                (None, {"weight": 0}),
            ]
        ):
            kept = {"kind": SenderKind.voice, "address": f"+96650000000{number}", "seller_id": seller, **more}
            add_sender(session, **kept, actor="operator", now=now)
        resting = session.scalars(select(Sender).where(Sender.address == "+966500000001")).one()
        resting.resting_until = now + timedelta(minutes=2)
    asked = "/admin/senders?kind=voice&country=SA&seller="
    text = words(admin.get(asked).text)
    assert "+966500000000 takes 100% of the buyers" in text
    assert "+966500000001 rests after failures" in text
    assert "+966500000002 is for another seller" in text
    assert "+966500000003 is for another country" in text
    assert "+966500000004 is switched off: its weight is 0" in text
    text = words(admin.get(asked + shop.slug).text)
    assert "+966500000002 takes 100% of the buyers" in text
    assert "+966500000000 could be used, but another one is nearer" in text
    assert "There is no sender for these buyers" in words(
        admin.get("/admin/senders?kind=sms&country=SA").text
    )


@pytest.mark.parametrize(
    "asked", ["kind=fax&country=SA", "kind=sms&country=FR", "kind=sms", "kind=sms&country=SA&seller=x"]
)
def test_a_question_about_nothing_of_ours_leads_nowhere(admin, asked):
    assert admin.get(f"/admin/senders?{asked}").status_code == 404


def test_a_supervisor_sets_no_senders(app, work, now, known):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    assert browser.get("/admin/senders").status_code == 403
    assert browser.post(f"/admin/senders/{known}/remove").status_code == 403
