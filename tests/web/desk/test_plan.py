"""The plan on an order's page: what was done, what comes next, what follows, why, and why it ends."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Arm, Channel, Choice, Role, StepState, Via
from verification.decision.ruling import confirmed
from verification.decision.taking import decide

SEEN = [{"kind": "answers_after", "hour": 20}, {"kind": "reads_at", "hour": 21, "times": 2}]
WHY = {
    "code": "answers_at_this_hour",
    "params": {"hour": 21, "percent": 62, "usual_percent": 41, "seen": SEEN},
}


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def card(text, name="plan-card"):
    """The words of one card of the page."""
    return words("<i " + text.partition(f"sheet-card {name}")[2].partition("</section>")[0])


@pytest.fixture
def plan(work, now):
    """`plan(order)` gives an order a plan by what was learned, from nine this evening on."""

    def give(order_id: UUID, *, chosen: Choice = Choice.best, **told):
        with work() as session:
            order = session.get_one(Order, order_id)
            at = now + timedelta(hours=8)
            step = session.scalars(
                select(Step).join(StepOrder).where(StepOrder.order_id == order_id, StepOrder.live)
            ).one()
            step.state, step.channel, step.not_before = StepState.scheduled, Channel.agent_call, at
            step.reason, step.chance, step.chosen = WHY, 0.48, chosen
            order.arm = Arm(told.get("arm", "learned"))
            order.plan = {
                "chooser": "learned",
                "arm": "learned",
                "stopped": False,
                "model": 3,
                "chance": 0.81,
                "stop": "not_worth",
                "waits": {
                    "code": "answers_better_later",
                    "params": {"hour": 21, "percent": 62, "percent_now": 30},
                },
                "signs": {"answers_after": 20},
                "worth": {"refusal": 0.23, "loss": 2.07, "cost": 0.31, "rank": 4},
                "planned_at": now.isoformat(),
                **told,
            }
            rung = {
                "channel": "whatsapp",
                "not_before": (at + timedelta(hours=13)).isoformat(),
                "chance": 0.33,
            }
            order.ladder = [{**rung, "reason": {"code": "last_hour_in_time", "params": {}}, "point": 0}]

    return give


def test_the_timeline_tells_what_comes_why_and_why_it_ends(desk, order, plan):
    placed = order()
    plan(placed)
    text = desk.browser.get(f"/desk/orders/{placed}").text
    told = card(text)
    assert "Why not now: Answers better at 21:00 (62 %, now 30 %)" in told
    assert "Decided in time with a chance of 81%" in told
    assert "Unasked, it is likely to lose $ 2.07; asking costs about $ 0.31" in told
    assert "by what was learned, version 3." in told
    steps = text.partition('<ol class="plan-steps">')[2].partition("</ol>")[0]
    stations = re.findall(r"Now |Next Agent call|If that fails WhatsApp|Then no more|Deadline", words(steps))
    assert [each.strip() for each in stations] == [
        "Now",
        "Next Agent call",
        "If that fails WhatsApp",
        "Then no more",
        "Deadline",
    ]
    assert "48% chance of a decision" in told
    assert "answers after 20:00; read WhatsApp at 21:00 twice" in told
    assert "Not worth another contact" in told
    assert "drawn by lot" not in told


def test_what_chose_is_told(desk, order, plan):
    placed = order()
    address = f"/desk/orders/{placed}"
    plan(placed, chosen=Choice.random)
    assert "drawn by lot" in card(desk.browser.get(address).text)
    plan(placed, arm="control", chooser="fixed", model=None, chance=None)
    assert "Kept on the fixed schedule, to compare with." in card(desk.browser.get(address).text)
    plan(placed, arm="control", model=3)
    assert "by what was learned, version 3" in card(desk.browser.get(address).text)
    plan(placed, stopped=True, chooser="fixed", model=None)
    assert "choosing is stopped for everybody" in card(desk.browser.get(address).text)
    plan(placed, model=0)
    assert "nothing has been learned yet" in card(desk.browser.get(address).text)


def test_of_a_decided_order_a_stop_is_told_as_past(desk, order, plan, work, now):
    placed = order()
    plan(placed, stopped=True, chooser="fixed", model=None)
    with work() as session:
        stored = session.get_one(Order, placed)
        ruling = confirmed(Via.whatsapp, soft=False)
        decide(session, stored, ruling, now=now, actor="buyer", proof={"message_id": "1"})
    told = card(desk.browser.get(f"/desk/orders/{placed}").text)
    assert "choosing was stopped for everybody" in told
    assert "choosing is stopped" not in told


def test_the_legend_names_every_colour(desk, order, plan):
    placed = order()
    plan(placed)
    text = desk.browser.get(f"/desk/orders/{placed}").text
    legend = text.partition("plan-legend")[2].partition("</ul>")[0]
    assert {"hour-open", "hour-outside", "hour-hard", "hour-soft"} == set(re.findall(r"hour-\w+", legend))
    assert "prayer or another pause" in legend


def test_an_order_planned_before_plans_were_kept_still_has_a_page(desk, order, work):
    placed = order()
    with work() as session:
        session.get_one(Order, placed).plan = None
        session.get_one(Order, placed).ladder = []
    told = card(desk.browser.get(f"/desk/orders/{placed}").text)
    assert "Agent call" in told
    assert "Deadline" in told


def test_a_decided_order_shows_what_the_plan_was(desk, order, plan, work):
    placed = order()
    desk.next_called()
    with work() as session:
        session.get_one(Order, placed).ladder = [
            {
                "channel": "sms",
                "not_before": "2026-11-23T09:00:00+00:00",
                "chance": 0.2,
                "reason": {"code": "last_hour_in_time", "params": {}},
            }
        ]
    desk.outcome("reject:price")
    told = card(desk.browser.get(f"/desk/orders/{placed}").text)
    assert told.startswith("What the plan was")
    assert "Answered" in told
    assert "Rejected" in told
    assert "Deadline" not in told


def test_the_buyers_week_is_told_with_how_much_is_known(desk, order):
    placed = order()
    text = desk.browser.get(f"/desk/orders/{placed}").text
    told = card(text, "week-card")
    assert "When this buyer answers Nothing was tried with this buyer yet" in told
    assert text.count('<th scope="row">') >= 48
    desk.next_called()
    desk.outcome("no_answer")
    assert "Known of this buyer: 1 contact" in card(
        desk.browser.get(f"/desk/orders/{placed}").text, "week-card"
    )


def test_the_page_is_there_in_arabic_without_a_word_of_english(desk, order, plan):
    placed = order()
    plan(placed)
    desk.browser.post("/account", {"language": "ar"})
    text = desk.browser.get(f"/desk/orders/{placed}").text
    told = card(text) + card(text, "week-card")
    assert "لماذا ليس الآن" in told
    assert "قرأ واتساب عند الساعة 21:00 مرتين" in told
    assert not re.search(r"[A-Za-z]{3,}", told)


def test_the_case_tells_its_chance_and_the_best_hours_today(desk, order, work):
    order()
    desk.next()
    told = words(desk.text)
    assert "Why now:" in told
    assert re.search(
        r"Best hour left today: \d\d:00, answered with \d+%; now \d+%|best hour left today", told
    )
    assert desk.text.count("<rect") >= 24


def test_the_board_tells_why_not_now(app, desk, sit, order, plan):
    placed = order()
    plan(placed)
    told = words(sit("salma", Role.supervisor).browser.get("/board/orders").text)
    assert "48% chance" in told
    assert "Why not now: Answers better at 21:00 (62 %, now 30 %)" in told
