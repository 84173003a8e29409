"""The page of the week of agents: saved, filled in, taken back; the coming hours beside it."""

import re
from datetime import timedelta
from html import unescape

import pytest

from models.shifts import AgentInterval
from models.slots import AgentPrice
from models.vocabulary import AgentState, Role
from tests.web.staff import Browser, make_user
from verification.slots.staffing import FORBIDDEN
from verification.staffing.roster import read_week
from verification.staffing.week import Staff, block

EMPTY = {f"h-{day}-{hour}": "" for day in range(7) for hour in range(24)}
QUICK = {"first_day": "6", "last_day": "3", "first_hour": "9", "until_hour": "22", "agents": "6"}


def plain(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def typed(answer):
    """The fields of the week that hold something."""
    found = re.findall(r'<input name="(h-\d-\d+)" value="([^"]+)"', answer.text)
    return dict(found)


def week_of(session):
    session.rollback()
    return read_week(session)


def test_at_first_nobody_said(admin):
    said = plain(admin.get("/admin/staffing"))
    assert "Nobody said yet who is at work: planned calls are not bounded." in said
    assert "(Asia/Riyadh)" in said
    assert "Take it back" not in said


def test_a_week_is_saved_and_taken_back(admin, session):
    form = {**EMPTY, "act": "save", "h-6-9": "6", "h-0-22": "٣", "h-4-3": "0", "calls_an_hour": "12"}
    assert admin.post("/admin/staffing", form).location == "/admin/staffing?said=saved"
    assert week_of(session) == {(6, 9): Staff(6, 12), (0, 22): Staff(3, 12)}
    page = admin.get("/admin/staffing?said=saved")
    assert typed(page) == {"h-6-9": "6", "h-0-22": "3"}
    assert "The week is saved." in plain(page)
    assert "Agents at work: the week" in plain(admin.get("/admin/audit"))
    assert admin.post("/admin/staffing", {"act": "clear"}).location == "/admin/staffing?said=cleared"
    assert week_of(session) == {}
    assert "taken back, nothing is bounded" in plain(admin.get("/admin/audit"))
    assert "nobody is at work" not in plain(admin.get("/admin/audit"))
    admin.post("/admin/staffing", {**EMPTY, "act": "save", "h-6-13": "0", "calls_an_hour": "10"})
    assert "nobody is at work" in plain(admin.get("/admin/audit"))


def test_calls_an_hour_left_empty_stay_as_they_are(admin, session):
    for hour, calls in (("h-6-9", "12"), ("h-6-10", "5")):
        kept = typed(admin.get("/admin/staffing"))
        old = {} if not kept else {"calls_an_hour": ""}
        form = {**EMPTY, **kept, hour: "2", "act": "save", "calls_an_hour": calls, **old}
        admin.post("/admin/staffing", form)
    assert week_of(session) == {(6, 9): Staff(2, 12), (6, 10): Staff(2, 10)}
    assert 'name="calls_an_hour" value=""' in admin.get("/admin/staffing").text


def test_a_quick_fill_is_looked_over_before_it_is_saved(admin, session):
    answer = admin.post(
        "/admin/staffing", {**EMPTY, **QUICK, "act": "fill", "h-5-9": "1", "calls_an_hour": "10"}
    )
    assert answer.status_code == 200
    assert "not saved yet" in plain(answer)
    filled = typed(answer)
    assert filled.pop("h-5-9") == "1"
    assert filled == {f"h-{day}-{hour}": "6" for day, hour in block((6, 0, 1, 2, 3), 9, 22)}
    assert week_of(session) == {}
    admin.post("/admin/staffing", {**EMPTY, **typed(answer), "act": "save", "calls_an_hour": "10"})
    assert len(week_of(session)) == 66


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"agents": ""}, "agents", "This is needed."),
        ({"agents": "six"}, "agents", "A whole number from 0 to 10,000."),
        ({"agents": "10001"}, "agents", "A whole number from 0 to 10,000."),
        ({"until_hour": "9"}, "until_hour", "This is when it begins."),
        ({"first_day": "9"}, "first_day", "A whole number from 0 to 6."),
        ({"last_day": "x"}, "last_day", "A whole number from 0 to 6."),
    ],
)
def test_a_quick_fill_that_cannot_be_is_told_beside_its_field(admin, change, field, rule):
    answer = admin.post("/admin/staffing", {**EMPTY, **QUICK, **change, "act": "fill", "h-1-7": "4"})
    assert answer.status_code == 422
    assert re.search(rf'id="trouble-{field}">{re.escape(rule)}', answer.text)
    assert typed(answer) == {"h-1-7": "4"}, "what was typed stays"


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "10001", "9" * 5000, "<b>", "1\0"])
def test_numbers_that_cannot_be_change_nothing_and_stay_typed(admin, session, text):
    for name in ("h-2-4", "calls_an_hour"):
        answer = admin.post("/admin/staffing", {**EMPTY, "act": "save", "h-6-9": "6", name: text})
        assert answer.status_code == 422
        assert "Nothing was changed" in plain(answer)
        assert typed(answer)["h-6-9"] == "6"
        assert 'aria-invalid="true"' in answer.text
    assert week_of(session) == {}


@pytest.mark.parametrize("form", [{}, {"act": "save"}, {"act": "fill"}, {**EMPTY, "act": "explode"}, EMPTY])
def test_what_is_no_form_of_ours_changes_nothing(admin, session, form):
    admin.post("/admin/staffing", {**EMPTY, "act": "save", "h-6-9": "6"})
    assert admin.post("/admin/staffing", form).status_code == 400
    assert len(week_of(session)) == 1


def test_the_last_four_weeks_are_suggested(admin, work, now, session):
    form = {**EMPTY, "act": "worked", "h-1-1": "7"}
    answer = admin.post("/admin/staffing", form)
    assert "Nobody worked at the desk in the last four weeks." in plain(answer)
    assert typed(answer) == {"h-1-1": "7"}
    agent = make_user(work, now, Role.agent)
    with work() as rows:
        for week in range(4):
            began = now - timedelta(weeks=week, hours=4)
            ended = began + timedelta(hours=3)
            rows.add(
                AgentInterval(
                    user_id=agent.id,
                    state=AgentState.waiting,
                    began_at=began,
                    expires_at=ended,
                    ended_at=ended,
                )
            )
    answer = admin.post("/admin/staffing", form)
    assert typed(answer) == {"h-6-9": "1", "h-6-10": "1", "h-6-11": "1"}
    assert week_of(session) == {}


def test_the_coming_hours_stand_beside_the_week(admin, work, now, session):
    admin.post("/admin/staffing", {**EMPTY, "act": "save", "h-6-13": "6"})
    assert "Nothing is planned yet." in plain(admin.get("/admin/staffing"))
    with work() as rows:
        for number, (price, wanted, planned, room) in enumerate(
            [
                (1, 8, 8, 60),
                (2.31, 64, 40, 40),
                (FORBIDDEN, 9, 0, 0),
                (FORBIDDEN, 45, 45, 40),
                (FORBIDDEN, 0, 0, 0),
            ]
        ):
            rows.add(
                AgentPrice(
                    begins_at=now.replace(minute=0) + timedelta(hours=number),
                    price=price,
                    wanted=wanted,
                    planned=planned,
                    room=room,
                    reckoned_at=now,
                )
            )
    said = plain(admin.get("/admin/staffing"))
    assert "today 13:00 8 60 14:00 40 40 ×2.3 15:00 0 0 nobody 16:00 45 40 full" in said
    assert "17:00" not in said.partition("today")[2]


def test_only_admins_come_here(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    assert browser.get("/admin/staffing").status_code == 403
    assert browser.post("/admin/staffing", {"act": "clear"}).status_code == 403


def test_the_page_speaks_arabic(admin):
    admin.post("/account", {"language": "ar"})
    text = plain(admin.get("/admin/staffing"))
    assert "حفظ الأسبوع" in text
    assert "تعبئة سريعة" in text
