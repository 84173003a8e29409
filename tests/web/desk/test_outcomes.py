import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.vocabulary import AttemptState, Channel, Outcome, Role, StepState, Verdict
from tests.building import attempts_of, decisions_of, events_of, live_step, order_row, steps_of, verdict_of
from web.desk.choosing import REASONS


def test_a_case_is_confirmed_in_two_presses_and_the_next_one_comes(desk, order, engine):
    first, second = order(), order()
    step = desk.next_called()
    answer = desk.outcome("confirm")
    assert answer.status_code == 303
    assert verdict_of(engine, first) is Verdict.confirmed
    assert verdict_of(engine, second) is None
    [decision] = decisions_of(engine, first)
    assert decision.proof["kind"] == "call"
    assert desk.step not in (None, step)
    assert "Recorded: Confirm" in desk.text


def test_a_god_willing_is_kept_with_the_yes(desk, order, engine):
    placed = order()
    desk.next_called()
    desk.outcome("confirm_soft")
    [decision] = decisions_of(engine, placed)
    assert (decision.verdict, decision.soft) == (Verdict.confirmed, True)


def test_a_no_has_its_reason(desk, order, engine):
    placed = order()
    desk.next_called()
    desk.outcome("reject:price")
    [decision] = decisions_of(engine, placed)
    assert (decision.verdict, decision.reason.value) == (Verdict.rejected, "price")


@pytest.mark.parametrize(
    ("pressed", "outcome"),
    [
        ("no_answer", Outcome.no_answer),
        ("busy", Outcome.busy),
        ("voicemail", Outcome.voicemail),
        ("unreachable", Outcome.unreachable),
        ("wrong_number", Outcome.wrong_number),
    ],
)
def test_a_call_without_an_answer_leaves_the_order_open(desk, order, engine, pressed, outcome):
    placed = order()
    desk.next_called()
    assert desk.outcome(pressed).status_code == 303
    [attempt] = attempts_of(engine, placed)
    assert (attempt.outcome, attempt.state) == (outcome, AttemptState.closed)
    assert verdict_of(engine, placed) in (None, Verdict.unreachable)


def test_a_call_is_promised_for_the_time_that_was_typed(desk, order, engine, now):
    placed = order()
    desk.next_called()
    assert desk.outcome("call_back", when="tomorrow 20:30").status_code == 303
    promised = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    step = live_step(engine, placed)
    assert (step.channel, step.not_before) == (Channel.agent_call, promised)


def test_a_promise_stands_in_the_rail_before_it_is_due(desk, order, now):
    order()
    desk.next_called()
    desk.outcome("call_back", when="in 90 minutes")
    at = (now + timedelta(minutes=90)).astimezone(ZoneInfo("Asia/Riyadh"))
    assert f"<time><bdi>{at:%H:%M}</bdi></time>" in desk.text
    assert "yours" in desk.text
    assert f"Recorded: Call back today {at:%H:%M}" in desk.text


def test_every_reason_has_a_key_of_its_own(desk, order):
    order()
    desk.next_called()
    keys = re.findall(r'value="reject:(\w+)" data-digit="(.)"', desk.text)
    assert [key for _, key in keys] == list("1234567890-")
    assert len(keys) == len(REASONS)


def test_a_time_that_cannot_be_promised_says_why_and_offers_others(desk, order, engine):
    placed = order()
    step = desk.next_called()
    answer = desk.outcome("call_back", when="tomorrow 3 am")
    assert answer.status_code == 409
    assert "outside the hours" in desk.text
    assert 'value="tomorrow 3 am"' in desk.text
    assert 'name="outcome" value="call_back:2026-11-2' in desk.text
    assert 'panel is-open" id="panel-call_back"' in desk.text
    assert desk.step == step
    assert verdict_of(engine, placed) is None


def test_what_is_no_time_stays_in_its_field(desk, order):
    order()
    desk.next_called()
    assert desk.outcome("call_back", when="soonish").status_code == 409
    assert 'value="soonish"' in desk.text
    assert "not a time in the next 14 days" in desk.text


def test_a_typed_time_is_shown_as_it_was_read_before_it_is_promised(desk, order, engine):
    placed = order()
    desk.next_called()
    answer = desk.browser.post(f"/desk/cases/{desk.step}/preview", {"when": "tomorrow 9 pm"})
    assert "tomorrow <bdi>21:00</bdi>" in answer.text
    assert live_step(engine, placed).state is StepState.claimed


def test_a_delivery_day_goes_to_the_seller_with_the_yes(desk, order, engine):
    placed = order()
    desk.next_called()
    desk.outcome("deliver:2026-11-25")
    [decision] = decisions_of(engine, placed)
    assert (decision.verdict, decision.changes) == (Verdict.confirmed, {"deliver_on": "2026-11-25"})


def test_quantities_go_to_the_seller_with_the_yes(desk, order, engine):
    placed = order()
    desk.next_called()
    name = f"quantity-{placed}-1"
    position = 1 if f'name="{name}"' in desk.text else 0
    name = f"quantity-{placed}-{position}"
    desk.outcome("quantities", **{name: "3", f"{name}-was": "1"})
    [decision] = decisions_of(engine, placed)
    assert decision.changes == {"items": [{"position": position, "quantity": 3}]}


def test_a_supervisor_gets_what_is_handed_on(desk, sit, order, engine, clock):
    placed = order()
    desk.next_called()
    desk.outcome("supervisor")
    assert verdict_of(engine, placed) is None
    assert desk.next() is None
    clock.forward(hours=5)
    supervisor = sit("salma", Role.supervisor)
    assert supervisor.next() is not None
    assert supervisor.text.count('<article class="order"') == 1


def test_two_orders_of_one_buyer_may_part(desk, order, engine):
    first, second = order(phone="0551239999"), order(phone="0551239999")
    desk.next_called()
    assert desk.text.count('<article class="order"') == 2
    desk.outcome("confirm", **{f"order-{second}": "reject:duplicate"})
    assert verdict_of(engine, first) is Verdict.confirmed
    assert verdict_of(engine, second) is Verdict.rejected


def test_an_answer_for_one_order_needs_somebody_who_answered(desk, order, engine):
    first, second = order(phone="0551239999"), order(phone="0551239999")
    desk.next_called()
    assert desk.outcome("busy", **{f"order-{second}": "reject:price"}).status_code == 409
    assert "nobody answered" in desk.text
    assert 'value="reject:price" selected' in desk.text
    assert verdict_of(engine, first) is verdict_of(engine, second) is None


def test_the_last_outcome_is_undone_before_the_seller_hears(desk, order, engine, clock):
    placed = order()
    step = desk.next_called()
    desk.outcome("reject:price")
    clock.forward(seconds=9)
    assert desk.post(f"/desk/cases/{step}/undo").status_code == 303
    assert verdict_of(engine, placed) is None
    assert desk.step == step
    assert "needs an outcome" in desk.text
    desk.outcome("confirm")
    assert verdict_of(engine, placed) is Verdict.confirmed


def test_after_ten_seconds_the_outcome_stands(desk, order, engine, clock):
    placed = order()
    step = desk.next_called()
    desk.outcome("reject:price")
    clock.forward(seconds=11)
    desk.look()
    assert "toast-undo" not in desk.text
    assert desk.post(f"/desk/cases/{step}/undo").status_code == 409
    assert "Too late" in desk.text
    assert verdict_of(engine, placed) is Verdict.rejected


def test_a_break_begins_after_the_case_when_asked_for(desk, order):
    order(), order()
    desk.next_called()
    desk.outcome("confirm", then="break")
    assert desk.step is None
    assert "You are on a break" in desk.text
    desk.post("/desk/break", {"to": "work"})
    assert desk.next() is not None


def test_nothing_is_recorded_before_the_call(desk, order, engine):
    placed = order()
    desk.next()
    assert desk.outcome("confirm").status_code == 409
    assert "Begin the call first" in desk.text
    assert verdict_of(engine, placed) is None
    assert desk.step is not None


def test_an_unknown_button_is_refused_and_nothing_is_lost(desk, order, engine):
    placed = order()
    step = desk.next_called()
    for value in (
        "nonsense",
        "reject:nonsense",
        "deliver:someday",
        "deliver:1999-01-01",
        "deliver:2036-01-01",
        "call_back:2026-11-23T18:00:00",
        "",
    ):
        assert desk.outcome(value).status_code == 409, value
    assert desk.step == step
    assert order_row(engine, placed).decision_id is None
    assert steps_of(engine, placed, live=True)


def test_a_stopped_buyer_is_left_alone(desk, order, engine, clock):
    placed = order()
    desk.next_called()
    assert desk.outcome("stop").status_code == 303
    assert not [step for step in steps_of(engine, placed, live=True) if step.channel is Channel.agent_call]
    assert order_row(engine, placed).last_outcome is Outcome.opted_out
    assert all(event.created_at <= clock() + timedelta(seconds=1) for event in events_of(engine, placed))
