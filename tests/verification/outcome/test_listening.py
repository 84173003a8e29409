from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from models.buyers import BuyerSign, OptOut, Reachability
from models.messages import Message, MessageBody
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, DecisionReason, Intent, Outcome, Verdict, Via
from tests.building import (
    OTHER,
    Clock,
    Provider,
    a_store,
    an_order,
    attempts_of,
    decisions_of,
    events_of,
    hear,
    live_step,
    order_row,
    reply,
    set_policy,
    steps_of,
    verdict_of,
)
from tests.orders import KEYS
from tests.verification.outcome.asked import ask, asked
from verification.contact.watching import watch
from verification.intake.correcting import correct_order
from verification.intake.shipping import CourierReport, report_shipment
from verification.intake.withdrawing import withdraw_order


def told(engine: Engine, order: UUID) -> list[str]:
    return [event.event_type.value for event in events_of(engine, order)]


def test_a_tapped_button_confirms_with_itself_as_proof(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    later = now + timedelta(minutes=4)
    hear(engine, reply(attempt, later, button="confirm"), later)
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.via, decision.reason) == (
        Verdict.confirmed,
        Via.whatsapp,
        DecisionReason.buyer_confirmed,
    )
    assert (decision.soft, decision.actor, decision.decided_at) == (False, "buyer", later)
    assert decision.proof
    with unit_of_work(engine) as session:
        said = session.get_one(Message, UUID(decision.proof["message_id"]))
    assert (said.direction, said.button, said.intent) == ("in", "confirm", Intent.confirm)
    assert decision.proof["attempt_id"] == str(attempt.id)
    assert (decision.proof["kind"], decision.proof["button"]) == ("button", "confirm")
    assert told(engine, order) == ["order.confirmed"]
    assert steps_of(engine, order, live=True) == []


def test_the_words_are_kept_apart_from_the_proof(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, text="ان شاء الله\0"), now)
    [decision] = decisions_of(engine, order)
    assert decision.soft
    assert decision.proof
    assert decision.proof["kind"] == "words"
    with unit_of_work(engine) as session:
        body = session.get_one(MessageBody, UUID(decision.proof["message_id"]))
    assert (body.body, body.expires_at) == ("ان شاء الله", now + timedelta(days=60))
    assert "الله" not in str(decision.proof)


def test_an_answer_on_the_page_behind_an_sms_is_the_pages(engine: Engine, now: datetime) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "sms", "after_minutes": 0}]}, country="SA")
    order, attempt = asked(engine, now, Channel.sms)
    hear(engine, reply(attempt, now, button="cancel"), now)
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.via) == (Verdict.rejected, Via.page)
    with unit_of_work(engine) as session:
        assert "page_used" in session.scalars(select(BuyerSign.kind)).all()


@pytest.mark.parametrize(
    ("said", "verdict", "code"),
    [
        ({"button": "later"}, None, "asked_to_call_later"),
        ({"button": "question"}, None, "buyer_question"),
        ({"button": "brand-new"}, None, "buyer_unclear"),
        ({"text": "غيروا العنوان"}, None, "buyer_change"),
        ({"text": "🦜"}, None, "buyer_unclear"),
        ({"text": ""}, None, "buyer_unclear"),
        ({"text": "1"}, Verdict.confirmed, None),
        ({"text": "٢"}, Verdict.rejected, None),
    ],
)
def test_what_is_no_plain_answer_goes_to_an_agent(
    engine: Engine, now: datetime, said: dict[str, str], verdict: Verdict | None, code: str | None
) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, **said), now)
    assert verdict_of(engine, order) is verdict
    if code:
        step = live_step(engine, order)
        assert (step.channel, step.reason["code"]) == (Channel.agent_call, code)


def test_later_is_called_later(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, button="later"), now)
    assert live_step(engine, order).not_before == now + timedelta(minutes=180)


def test_digits_mean_nothing_a_day_after_they_were_offered(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    later = now + timedelta(hours=24)
    hear(engine, reply(attempt, later, text="1"), later)
    assert verdict_of(engine, order) is None
    assert live_step(engine, order).reason["code"] == "buyer_unclear"


def test_a_wrong_number_leads_to_the_alternate_phone(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now, buyer={"alternate_phone": OTHER})
    hear(engine, reply(attempt, now, text="الرقم غلط"), now)
    [after] = attempts_of(engine, order)
    assert after.outcome is Outcome.wrong_number
    step = live_step(engine, order)
    assert (step.channel, step.not_before, step.reason["code"]) == (Channel.whatsapp, now, "next_number")
    assert step.contact_point_id != attempt.contact_point_id
    ask(engine, now)
    second = attempts_of(engine, order)[1]
    hear(engine, reply(second, now, button="confirm"), now)
    assert verdict_of(engine, order) is Verdict.confirmed


def test_a_wrong_number_without_another_ends_unreachable(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, text="الرقم غلط"), now)
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.reason) == (Verdict.unreachable, DecisionReason.no_usable_number)
    assert told(engine, order) == ["order.unreachable"]


def test_stop_silences_its_channel_and_the_case_goes_on_elsewhere(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, text="توقف"), now)
    with unit_of_work(engine) as session:
        assert session.scalars(select(OptOut.channel)).all() == [Channel.whatsapp]
    assert attempts_of(engine, order)[0].outcome is Outcome.opted_out
    step = live_step(engine, order)
    assert step.channel is Channel.sms
    # The next order knows too.
    assert live_step(engine, an_order(engine, a_store(engine, now), now)).channel is Channel.sms


def test_stop_on_the_last_way_ends_unreachable_because_of_it(engine: Engine, now: datetime) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "whatsapp", "after_minutes": 0}]}, country="SA")
    order, attempt = asked(engine, now)
    dead = {
        "contact_point_id": attempt.contact_point_id,
        "reachable": False,
        "reason": "dead",
        "noted_at": now,
    }
    with unit_of_work(engine) as session:
        for channel in (Channel.sms, Channel.ivr, Channel.agent_call):
            session.add(Reachability(channel=channel, **dead))
    hear(engine, reply(attempt, now, text="stop"), now)
    [decision] = decisions_of(engine, order)
    assert (decision.verdict, decision.reason) == (Verdict.unreachable, DecisionReason.opted_out)


def test_three_orders_in_one_contact_each_get_their_own_decision(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    orders = [an_order(engine, store, now) for _ in range(3)]
    ask(engine, now)
    [attempt] = attempts_of(engine, orders[0])
    hear(engine, reply(attempt, now, button="confirm"), now)
    for order in orders:
        [decision] = decisions_of(engine, order)
        assert (decision.verdict, decision.order_id) == (Verdict.confirmed, order)
        assert told(engine, order) == ["order.confirmed"]


def test_a_buyer_who_cancels_after_confirming_is_heard(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, button="confirm"), now)
    later = now + timedelta(hours=2)
    hear(engine, reply(attempt, later, button="cancel"), later)
    first, second = decisions_of(engine, order)
    assert (second.verdict, second.supersedes_id) == (Verdict.rejected, first.id)
    assert order_row(engine, order).decision_id == second.id
    assert told(engine, order) == ["order.confirmed", "order.rejected"]
    versions = [event.order_version for event in events_of(engine, order)]
    assert versions == sorted(set(versions))


def test_a_yes_after_a_no_is_an_agents_to_settle(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, button="cancel"), now)
    hear(engine, reply(attempt, now, button="confirm"), now)
    assert verdict_of(engine, order) is Verdict.rejected
    step = live_step(engine, order)
    assert (step.channel, step.reason["code"]) == (Channel.agent_call, "buyer_confirm")


def test_a_late_confirmation_is_still_one(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    deadline = now + timedelta(hours=48)
    watch(engine, Provider().channels, Clock(deadline))
    assert verdict_of(engine, order) is Verdict.unreachable
    hear(engine, reply(attempt, deadline, button="confirm"), deadline)
    assert verdict_of(engine, order) is Verdict.confirmed
    assert told(engine, order) == ["order.unreachable", "order.confirmed"]


@pytest.mark.parametrize("button", ["confirm", "cancel", "later", "agent", "wrong_number"])
def test_a_reply_after_shipping_changes_nothing(engine: Engine, now: datetime, button: str) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, button="confirm"), now)
    with unit_of_work(engine) as session:
        report_shipment(session, session.get_one(Order, order), CourierReport("shipped", now), now=now)
    before = told(engine, order)
    hear(engine, reply(attempt, now, button=button), now)
    assert len(decisions_of(engine, order)) == 1
    assert told(engine, order) == before
    assert steps_of(engine, order, live=True) == []


def test_a_reply_about_a_withdrawn_order_still_counts_for_the_other(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    gone, kept = (an_order(engine, store, now) for _ in range(2))
    ask(engine, now)
    [attempt] = attempts_of(engine, kept)
    with unit_of_work(engine) as session:
        withdraw_order(session, session.get_one(Order, gone), None, now=now)
    hear(engine, reply(attempt, now, button="confirm"), now)
    assert verdict_of(engine, gone) is Verdict.withdrawn
    assert verdict_of(engine, kept) is Verdict.confirmed


def test_every_answer_is_a_line_of_the_thread(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    for button in ("question", "later"):
        hear(engine, reply(attempt, now, button=button), now)
    with unit_of_work(engine) as session:
        thread = session.scalars(select(Message).order_by(Message.id)).all()
    assert [(said.direction, said.intent) for said in thread] == [
        ("out", None),
        ("in", Intent.question),
        ("in", Intent.later),
    ]


@pytest.mark.parametrize("button", ["confirm", "cancel", "agent"])
def test_an_order_corrected_to_another_phone_is_no_longer_the_first_ones_to_decide(
    engine: Engine, now: datetime, button: str
) -> None:
    order_id, attempt = asked(engine, now)
    with unit_of_work(engine) as session:
        order = session.get_one(Order, order_id)
        later = now + timedelta(minutes=1)
        correct_order(session, order, {"buyer": {"phone": "0509876543"}}, now=later, keys=KEYS)
    hear(engine, reply(attempt, later, button), later)
    assert verdict_of(engine, order_id) is None
    assert live_step(engine, order_id).reason["code"] == "first_contact"
