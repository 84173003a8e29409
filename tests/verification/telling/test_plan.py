"""What is told of an order's plan: to staff all of it, to sellers nothing of other sellers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orders import Order
from models.outbox import OutboxBody
from models.reasons import Reason
from models.steps import Step
from models.vocabulary import Channel, Chooser, EventType, StepState, Via
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification import diary
from verification.decision.ruling import confirmed
from verification.decision.taking import decide
from verification.telling.events import tell
from verification.telling.listing import diary_entries
from verification.telling.plan import for_sellers, told_plan
from verification.telling.planned import plan_resource
from verification.telling.resource import order_resources

SEEN = [{"kind": "answers_after", "hour": 20}, {"kind": "reads_at", "hour": 21, "times": 2}]
WHY = {
    "code": "answers_at_this_hour",
    "params": {"hour": 21, "percent": 62, "usual_percent": 41, "seen": SEEN},
}
WAITS = {"code": "answers_better_later", "params": {"hour": 21, "percent": 62, "percent_now": 30}}


def _plan(now: datetime) -> dict[str, Any]:
    return {
        "chooser": "learned",
        "arm": "learned",
        "stopped": False,
        "model": 3,
        "chance": 0.81,
        "stop": "not_worth",
        "stop_at": None,
        "waits": WAITS,
        "signs": {"answers_after": 20, "reads_at": [{"hour": 21, "times": 2}]},
        "worth": {"refusal": 0.2, "loss": 2.0, "cost": 0.3, "rank": 4},
        "planned_at": now.isoformat(),
    }


@pytest.fixture
def order(work: Work, now: datetime) -> Order:
    """An order with a learned plan: WhatsApp at nine in the evening, then a call."""
    with work() as session:
        order = received(session, make_seller(session, now).store, draft(), now)
        at = now + timedelta(hours=8)
        step = session.scalars(select(Step)).one()
        step.channel, step.not_before, step.reason, step.chance = Channel.whatsapp, at, WHY, 0.62
        order.plan = _plan(now)
        rung = {"channel": "agent_call", "not_before": (at + timedelta(hours=12)).isoformat()}
        order.ladder = [{**rung, "chance": 0.4, "reason": {"code": "last_hour_in_time", "params": {}}}]
        return order


def test_the_next_contact_tells_why_it_waits_without_a_chance(session: Session, order: Order) -> None:
    [resource] = order_resources(session, [order.id], "en")
    told = resource["next_contact"]
    assert "chance" not in told
    assert told["why_not_now"]["code"] == "answers_better_later"
    assert told["why_not_now"]["text"] == "Answers better at 21:00"
    [arabic] = order_resources(session, [order.id], "ar")
    assert arabic["next_contact"]["why_not_now"]["text"].startswith("فرصة الرد أفضل")


def test_a_contact_that_is_due_waits_for_nothing(session: Session, order: Order) -> None:
    session.scalars(select(Step)).one().state = StepState.ready
    [resource] = order_resources(session, [order.id], "en")
    assert resource["next_contact"]["why_not_now"] is None


def test_without_a_word_in_the_plan_the_rules_say_why(session: Session, order: Order) -> None:
    session.scalars(select(Order)).one().plan = None
    held = {"code": "first_contact", "params": {"held_by": ["outside_hours", "prayer"]}}
    session.scalars(select(Step)).one().reason = held
    [resource] = order_resources(session, [order.id], "en")
    why = resource["next_contact"]["why_not_now"]
    assert (why["code"], why["text"]) == ("held_back", "Held back by: contact hours, a prayer")


def test_the_plan_is_told_with_what_follows(session: Session, order: Order) -> None:
    plan = plan_resource(session, session.get_one(Order, order.id), "en")
    assert (plan["chooser"], plan["stop"]) == ("learned", "not_worth")
    assert plan["next_contact"]["channel"] == "whatsapp"
    assert [rung["channel"] for rung in plan["ladder"]] == ["agent_call"]


def test_an_order_without_a_plan_has_an_empty_one(work: Work, now: datetime) -> None:
    with work() as session:
        order = received(session, make_seller(session, now).store, draft(), now)
        order.plan, order.ladder = None, []
        plan = plan_resource(session, order, "en")
    assert (plan["chooser"], plan["ladder"]) == (None, [])


def _all_doors(session: Session, order: Order) -> tuple[Any, ...]:
    """What its seller reads of an order: the resource, its plan, its diary and its events."""
    tell(session, session.get_one(Order, order.id), EventType.order_changed, now=order.created_at)
    session.flush()
    return (
        order_resources(session, [order.id], "en"),
        plan_resource(session, session.get_one(Order, order.id), "en"),
        diary_entries(session, order.id, "en"),
        session.scalars(select(OutboxBody.body)).all(),
    )


def test_no_seller_reads_what_other_sellers_orders_showed(work: Work, order: Order, now: datetime) -> None:
    at = now + timedelta(hours=2, minutes=3, microseconds=431)
    capped = {**WHY, "params": {**WHY["params"], "held_by": ["min_gap", "prayer"]}}
    with work() as session:
        step = session.scalars(select(Step)).one()
        step.not_before, step.reason = at, capped
        stored = session.get_one(Order, order.id)
        stored.plan = _plan(now) | {"waits": {"code": "cap", "params": {"held_by": ["day_cap"]}}}
        stored.ladder = [
            {"channel": "agent_call", "not_before": at.isoformat(), "chance": 0.4, "reason": capped}
        ]
        diary.write(
            session,
            at=now,
            kind="plan",
            actor="system",
            code="contact_planned",
            params={"channel": "whatsapp", "not_before": at.isoformat(), "reason": capped},
            order_id=order.id,
        )
    with work() as session:
        read = _all_doors(session, order)
    told = repr(read)
    assert "Answers well at 21:00 (held back by: a prayer)" in told
    for others in ("seen", "reads_at", "answers after", "twice", "percent", " %", "chance", "000431"):
        assert others not in told, others
    for cap in ("min_gap", "day_cap", "often enough", "the pause between contacts", "contacts a day"):
        assert cap not in told, cap
    next_contact, [rung] = read[0][0]["next_contact"], read[1]["ladder"]
    rounded_up = "2026-11-22T12:15:00Z"
    assert (next_contact["not_before"], rung["not_before"]) == (rounded_up, rounded_up)
    assert next_contact["why_not_now"]["text"] == "Planned for later"
    assert "from 2026-11-22 12:15 UTC" in read[2][-1]["text"]


def test_a_contact_that_only_caps_hold_back_is_planned_for_later() -> None:
    capped = Reason("held_back", {"by": ["min_gap", "week_call_cap", "on_the_phone"]})
    assert for_sellers(capped) == Reason("planned_for_later")
    assert for_sellers(Reason("held_back", {"by": ["min_gap", "storm"]})).params == {"by": ["storm"]}
    assert for_sellers(Reason("first_contact", {"held_by": ["day_cap"]})) == Reason("first_contact")


def test_the_time_of_what_has_come_due_is_told_as_it_is(session: Session, order: Order) -> None:
    step = session.scalars(select(Step)).one()
    step.not_before, step.state = order.created_at + timedelta(seconds=7), StepState.ready
    [resource] = order_resources(session, [order.id], "en")
    assert resource["next_contact"]["not_before"] == "2026-11-22T10:00:07Z"


def test_a_waiver_still_tells_its_numbers() -> None:
    ground = Reason("waived_known_buyer", {"percent": 4.0, "loss": "0.2500"})
    assert for_sellers(ground) == ground


def test_a_decided_order_keeps_the_plan_it_had(work: Work, order: Order, now: datetime) -> None:
    with work() as session:
        stored = session.get_one(Order, order.id)
        decide(
            session,
            stored,
            confirmed(Via.whatsapp, soft=False),
            now=now,
            actor="buyer",
            proof={"message_id": "1"},
        )
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.ladder == []
        assert [rung.channel for rung in told_plan(stored.plan, stored.ladder).rungs] == [Channel.agent_call]
        assert plan_resource(session, stored, "en")["ladder"] == []


def test_what_a_plan_does_not_tell_is_unknown() -> None:
    plan = told_plan({"chooser": "of tomorrow", "signs": {"answers_after": None, "reads_at": "?"}}, [])
    assert (plan.chooser, plan.arm, plan.waits, plan.seen, plan.known) == (None, None, None, (), False)
    assert told_plan({"chooser": "fixed"}, []).chooser is Chooser.fixed
