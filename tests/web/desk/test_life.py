"""The life of a case on the server: reloads, tabs, double clicks, old forms, silence, supervisors."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from models.attempts import Attempt
from models.decisions import Decision
from models.diary import DiaryEntry
from models.dispositions import DispositionRow
from models.vocabulary import Role, StepState, Verdict
from tests.building import live_step, verdict_of
from tests.web.desk.conftest import Desk
from verification.contact.watching import return_leases

PHONE = "+966 55 123 4500"


def _count(work, what):
    with work() as session:
        return session.scalar(select(func.count()).select_from(what))


def test_the_desk_is_empty_until_a_case_is_asked_for(desk, order):
    order()
    assert "Welcome" in desk.look()
    assert desk.step is None
    assert desk.next() is not None


def test_looking_claims_nothing(desk, order, engine):
    placed = order()
    desk.next()
    desk.act("give-back")
    for _ in range(3):
        desk.look()
    assert live_step(engine, placed).state is StepState.ready


def test_the_next_case_when_nothing_is_due_says_so(desk):
    assert desk.next() is None
    assert "Nothing is due right now" in desk.text


def test_the_number_is_shown_once_the_call_has_begun(desk, order, work):
    order()
    desk.next()
    assert "551 23" not in desk.text
    assert 'class="phone masked"' in desk.text
    desk.call()
    assert PHONE in desk.text
    assert 'href="tel:+966551234500"' in desk.text
    with work() as session:
        codes = session.scalars(select(DiaryEntry.code)).all()
    assert codes.count("number_revealed") == 1


def test_a_reload_restores_the_very_screen(desk, order):
    order()
    desk.next_called()
    before = desk.look()

    def still(text: str) -> str:
        text = re.sub(r'data-now="[^"]*"', "", text)
        return re.sub(r'name="csrf" value="\w+"', "", text)

    assert still(desk.look()) == still(before)
    assert PHONE in desk.text


def test_a_double_click_records_once_and_shows_the_same_next_case(desk, order, engine, work):
    first, _ = order(), order()
    step = desk.next_called()
    token = desk.marked("token")
    desk.outcome("reject:price")
    following = desk.step
    again = desk.post(f"/desk/cases/{step}/outcome", {"token": token, "outcome": "reject:price"})
    assert again.status_code == 303
    assert desk.step == following
    assert verdict_of(engine, first) is Verdict.rejected
    assert (_count(work, DispositionRow), _count(work, Decision)) == (1, 1)


def test_calling_twice_is_one_call(desk, order, work):
    order()
    desk.next()
    desk.call()
    desk.call()
    assert _count(work, Attempt) == 1


def test_two_tabs_show_one_case(desk, order, engine, clock):
    order(), order()
    step = desk.next()
    other_tab = Desk(desk.browser, engine, clock)
    assert other_tab.next() == step
    other_tab.call()
    assert desk.look().count(PHONE) == 1
    assert desk.step == step


def test_an_old_form_tells_who_has_the_case(desk, sit, order, engine, clock):
    placed = order()
    step = desk.next_called()
    token = desk.marked("token")
    supervisor = sit("salma", Role.supervisor)
    assert supervisor.post(f"/board/cases/{step}/take-over").status_code in (303, 200)
    answer = desk.post(f"/desk/cases/{step}/outcome", {"token": token, "outcome": "confirm"})
    assert answer.status_code == 409
    assert "Salma has had order" in answer.text
    assert verdict_of(engine, placed) is None
    assert str(supervisor.look()).count(PHONE) == 1


def test_a_form_without_a_token_is_an_old_form(desk, order, engine):
    placed = order()
    step = desk.next_called()
    for token in ("", "x", "999", "-1"):
        answer = desk.browser.post(f"/desk/cases/{step}/outcome", {"token": token, "outcome": "confirm"})
        assert answer.status_code == 409, token
    assert verdict_of(engine, placed) is None


def test_a_case_only_looked_at_goes_back_when_the_browser_is_gone(desk, sit, order, engine, clock):
    order()
    step = desk.next()
    clock.forward(seconds=151)
    return_leases(engine, clock())
    assert sit("omar").next() == step
    desk.look()
    assert desk.step is None


def test_a_called_case_waits_for_its_outcome(desk, sit, order, engine, clock):
    order()
    step = desk.next_called()
    clock.forward(seconds=400)
    return_leases(engine, clock())
    assert sit("omar").next() is None
    assert desk.next() == step
    assert "Needs an outcome" in desk.text


def test_the_pulse_keeps_the_case_and_tells_when_it_is_lost(desk, sit, order, engine, clock):
    placed = order()
    step = desk.next()
    form = {"step": str(step), "token": desk.marked("token"), "version": desk.marked("version")}
    for _ in range(4):
        clock.forward(seconds=100)
        told = desk.browser.post("/desk/pulse", form).json
        return_leases(engine, clock())
        assert told["lost"] is False
    assert live_step(engine, placed).lease_holder is not None
    sit("salma", Role.supervisor).post(f"/board/cases/{step}/take-over")
    assert desk.browser.post("/desk/pulse", form).json["lost"] is True


def test_the_pulse_draws_the_rail_only_when_it_changed(desk, order):
    order()
    desk.next()
    told = desk.browser.post("/desk/pulse", {"version": desk.marked("version")}).json
    assert "rail" not in told
    desk.call()
    told = desk.browser.post("/desk/pulse", {"version": told["version"]}).json
    assert "Needs an outcome" in told["rail"]
    assert "rail" not in desk.browser.post("/desk/pulse", {"version": told["version"]}).json


def test_a_break_gives_back_what_was_only_looked_at(desk, order, engine):
    placed = order()
    desk.next()
    desk.post("/desk/break", {"to": "break"})
    assert "You are on a break" in desk.text
    assert live_step(engine, placed).state is StepState.ready


def test_the_break_that_was_asked_for_begins_when_the_case_is_given_back(desk, order):
    order()
    desk.next()
    desk.act("give-back", {"then": "break"})
    assert "You are on a break" in desk.text


def test_a_break_waits_for_the_outcome_of_a_call(desk, order):
    order()
    step = desk.next_called()
    desk.post("/desk/break", {"to": "break"})
    assert desk.step == step
    assert "after this case" in desk.text


def test_a_called_case_is_not_given_back(desk, order):
    order()
    step = desk.next_called()
    assert desk.act("give-back").status_code == 409
    assert desk.step == step


def test_htmx_gets_the_part_that_changes(desk, order):
    order()
    desk.next()
    answer = desk.act("call", HX_Request="true")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="desk"')
    assert 'hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text


def test_the_address_is_put_right_and_the_case_stays(desk, order, engine, work):
    placed = order(address={"short_address": None, "district": None, "street": None, "building": None})
    desk.next_called()
    assert 'class="missing"' in desk.text
    answer = desk.act(
        "address", {"order": placed, "city": "الرياض", "district": "الملقا", "street": "شارع 5"}
    )
    assert answer.status_code == 303
    assert "The address is saved." in desk.text
    assert "الملقا" in desk.text
    assert 'class="missing"' not in desk.text


def test_an_address_that_cannot_be_taken_stays_typed(desk, order):
    placed = order()
    desk.next_called()
    long = "x" * 201
    answer = desk.act("address", {"order": placed, "city": "الرياض", "street": long})
    assert answer.status_code == 409
    assert long in desk.text
    assert "at most 200" in desk.text


def test_another_number_is_called_next(desk, order):
    placed = order()
    step = desk.next_called()
    assert desk.act("phone", {"order": placed, "phone": "not a phone"}).status_code == 409
    assert 'value="not a phone"' in desk.text
    assert desk.act("phone", {"order": placed, "phone": "055 987 6543"}).status_code == 303
    assert desk.step not in (None, step)
    desk.call()
    assert "+966 55 987 6543" in desk.text


def test_what_an_old_tab_asks_about_an_unknown_case_is_refused(desk, order):
    order()
    desk.next()
    unknown = "00000000-0000-7000-8000-000000000000"
    for what in ("call", "outcome", "undo", "give-back", "address", "phone"):
        form = {"token": "1", "outcome": "confirm", "order": unknown, "city": "x", "phone": "0551234567"}
        assert desk.browser.post(f"/desk/cases/{unknown}/{what}", form).status_code == 409, what


def test_the_shift_ends_with_the_signing_out(desk, order, engine, clock):
    placed = order()
    desk.next()
    clock.forward(seconds=30)
    desk.browser.post("/sign-out")
    assert live_step(engine, placed).state is StepState.ready
    assert desk.browser.get("/desk").status_code == 303


def test_who_comes_back_to_a_called_case_is_on_that_call(desk, order, clock):
    order()
    step = desk.next_called()
    clock.forward(seconds=400)
    desk.look()
    assert "Not at work yet" in desk.text
    form = {"step": str(step), "token": desk.marked("token"), "version": desk.marked("version")}
    told = desk.browser.post("/desk/pulse", form).json
    assert (told["state"], told["lost"]) == ("call", False)
    assert told["state_word"] in desk.look()


def test_an_empty_desk_says_when_the_next_call_is_expected(desk, order, now):
    order()
    desk.next_called()
    desk.outcome("call_back", when="in 90 minutes")
    at = (now + timedelta(minutes=90)).astimezone(ZoneInfo("Asia/Riyadh"))
    assert f"The next call is expected today, at <bdi>{at:%H:%M}</bdi>." in desk.text


def test_nothing_that_is_sent_breaks_the_desk(desk, order, engine):
    placed = order()
    desk.next_called()
    nasty = ("\0", "🐫" * 300, "<script>alert</script>", "'; --", "%00%s{}", "١٢٣٤٥٦٧")
    for value in nasty:
        forms = {
            "outcome": {"outcome": value, "when": value, f"order-{placed}": value},
            "preview": {"when": value},
            "address": {"order": placed, "city": value, "street": value, "block": value},
            "phone": {"order": placed, "phone": value},
        }
        for what, form in forms.items():
            assert desk.act(what, form).status_code < 500, (what, value)
            desk.look()
        for promised in ("call_back", f"call_back:{value}", f"reject:{value}", f"quantities:{value}"):
            assert desk.outcome(promised, when=value).status_code == 409
        assert desk.browser.post("/desk/pulse", {"step": value}).status_code == 200
        found = desk.browser.post("/desk/find", {"text": value})
        assert found.status_code == 200
        assert "<script>alert" not in desk.look() + found.text
    assert verdict_of(engine, placed) is None
