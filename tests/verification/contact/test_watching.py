from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from channels.protocol import Contact, Sent
from models.orders import Order
from models.reasons import Reason
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, DecisionReason, Outcome, StepState, Verdict
from tests.building import (
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
    ready_claims,
    reply,
    report,
    set_policy,
    steps_of,
    verdict_of,
)
from verification.contact import watching
from verification.contact.beginning import begin
from verification.contact.contacting import contact
from verification.contact.promoting import promote
from verification.contact.watching import meet_deadlines, return_leases, watch
from verification.planning.scheduling import plan_review


def contacted(engine: Engine, now: datetime, channel: Channel = Channel.whatsapp) -> UUID:
    """An order whose ladder has only this channel, contacted once."""
    set_policy(engine, now, {"ladder": [{"channel": channel.value, "after_minutes": 0}]}, country="SA")
    order = an_order(engine, a_store(engine, now), now)
    [held] = ready_claims(engine, now, channel)
    contact(engine, held, Provider(), lambda: now)
    return order


def watched(engine: Engine, at: datetime) -> dict[str, int]:
    return watch(engine, Provider().channels, Clock(at))


def test_a_contact_that_is_just_beginning_keeps_its_lease(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    [held] = ready_claims(engine, now)
    later = held.expires_at + timedelta(seconds=1)
    with unit_of_work(engine) as session:
        begin(session, held, provider="sandbox", now=now)
        assert return_leases(engine, later) == 0
    assert return_leases(engine, later) == 0
    assert live_step(engine, order).state is StepState.claimed


def test_a_call_whose_result_never_comes_was_not_answered(engine: Engine, now: datetime) -> None:
    order = contacted(engine, now, Channel.ivr)
    watched(engine, now + timedelta(minutes=10))
    assert attempts_of(engine, order)[0].outcome is None
    watched(engine, now + timedelta(minutes=11))
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome) == (AttemptState.closed, Outcome.no_answer)
    assert decisions_of(engine, order)[0].reason is DecisionReason.no_response


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (AttemptState.delivered, Outcome.delivered_unread),
        (AttemptState.reached, Outcome.read_silent),
        (AttemptState.closed, Outcome.delivered_unread),
    ],
)
def test_a_message_that_stays_without_answer_is_closed_as_silence(
    engine: Engine, now: datetime, state: AttemptState, outcome: Outcome
) -> None:
    order = contacted(engine, now)
    hear(engine, report(attempts_of(engine, order)[0], now, state), now)
    waiting = live_step(engine, order)
    assert (waiting.channel, waiting.not_before) == (Channel.page, now + timedelta(hours=6))
    watched(engine, now + timedelta(hours=6, seconds=-1))
    assert verdict_of(engine, order) is None
    watched(engine, now + timedelta(hours=6))
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome) == (AttemptState.closed, outcome)
    assert verdict_of(engine, order) is Verdict.unreachable
    assert len(events_of(engine, order)) == 1


def test_a_wait_for_the_buyers_own_answer_ends(engine: Engine, now: datetime) -> None:
    order = contacted(engine, now)
    later = now + timedelta(hours=6)
    with unit_of_work(engine) as session:
        promote(session, now=later)
    assert watching.end_waits(engine, later) == 1
    assert verdict_of(engine, order) is Verdict.unreachable
    assert watching.end_waits(engine, later) == 0


def test_a_wait_that_is_answered_is_over(engine: Engine, now: datetime) -> None:
    order = contacted(engine, now)
    hear(engine, reply(attempts_of(engine, order)[0], now, button="confirm"), now)
    assert steps_of(engine, order, live=True) == []
    assert verdict_of(engine, order) is Verdict.confirmed


def on_the_phone(engine: Engine, now: datetime) -> UUID:
    """An order about which an agent holds a call."""
    order = contacted(engine, now)
    hear(engine, reply(attempts_of(engine, order)[0], now, button="agent"), now)
    [held] = ready_claims(engine, now, Channel.agent_call, holder="agent:1")
    with unit_of_work(engine) as session:
        begin(session, held, provider="agent", now=now)
    return order


def test_an_agent_who_never_came_back_loses_the_case_to_the_next(engine: Engine, now: datetime) -> None:
    order = on_the_phone(engine, now)
    watched(engine, now + timedelta(minutes=55))
    assert live_step(engine, order).state is StepState.claimed
    watched(engine, now + timedelta(minutes=62))
    assert attempts_of(engine, order)[1].outcome is Outcome.no_answer
    # The wish for an agent stands until one has called.
    step = live_step(engine, order)
    assert (step.state, step.channel, step.reason["code"]) == (
        StepState.scheduled,
        Channel.agent_call,
        "buyer_agent",
    )


def test_a_call_cut_short_by_the_buyers_own_answer_is_closed_too(engine: Engine, now: datetime) -> None:
    order = on_the_phone(engine, now)
    hear(engine, reply(attempts_of(engine, order)[0], now, button="confirm"), now)
    assert steps_of(engine, order, live=True) == []
    watched(engine, now + timedelta(minutes=61))
    assert all(attempt.outcome for attempt in attempts_of(engine, order))
    assert verdict_of(engine, order) is Verdict.confirmed


def test_a_review_that_no_agent_made_ends_and_the_decision_stands(engine: Engine, now: datetime) -> None:
    order = contacted(engine, now)
    hear(engine, reply(attempts_of(engine, order)[0], now, button="confirm"), now)
    with unit_of_work(engine) as session:
        plan_review(session, session.get_one(Order, order), now=now, reason=Reason("decision_disputed"))
    review = live_step(engine, order)
    assert review.channel is Channel.agent_call
    watched(engine, now + timedelta(hours=24))
    assert live_step(engine, order).id == review.id
    watched(engine, now + timedelta(hours=24, seconds=1))
    assert steps_of(engine, order)[-1].state is StepState.expired
    assert verdict_of(engine, order) is Verdict.confirmed
    assert len(decisions_of(engine, order)) == 1


def test_every_order_is_decided_by_its_deadline(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now, phone="")
    assert live_step(engine, order).reason["code"] == "no_usable_number"
    deadline = order_row(engine, order).decide_by
    assert meet_deadlines(engine, deadline - timedelta(minutes=2)) == 0
    assert meet_deadlines(engine, deadline - timedelta(minutes=1)) == 1
    assert verdict_of(engine, order) is Verdict.unreachable
    assert [event.event_type for event in events_of(engine, order)] == ["order.unreachable"]
    assert steps_of(engine, order, live=True) == []
    assert meet_deadlines(engine, deadline) == 0


def test_the_deadline_waits_for_a_contact_in_hand_as_long_as_its_lease_runs(
    engine: Engine, now: datetime
) -> None:
    order = an_order(engine, a_store(engine, now), now, ship_by=(now + timedelta(hours=1)).isoformat())
    deadline = now + timedelta(hours=1)
    with unit_of_work(engine) as session:
        promote(session, now=now)
    [held] = ready_claims(engine, deadline - timedelta(seconds=30))
    assert meet_deadlines(engine, deadline) == 0
    assert meet_deadlines(engine, held.expires_at) == 1
    assert verdict_of(engine, order) is Verdict.unreachable


def test_one_orders_deadline_decides_nothing_for_its_buyers_other_order(
    engine: Engine, now: datetime
) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "whatsapp", "after_minutes": 0}] * 2}, country="SA")
    store = a_store(engine, now)
    soon = an_order(engine, store, now, ship_by=(now + timedelta(minutes=10)).isoformat())
    [held] = ready_claims(engine, now)
    contact(engine, held, Provider(), lambda: now)
    # The phone must rest for 20 minutes, and by then the first order is over.
    late = an_order(engine, store, now)
    assert verdict_of(engine, late) is None
    assert live_step(engine, late).not_before == now + timedelta(minutes=20)
    assert verdict_of(engine, soon) is None
    watched(engine, now + timedelta(minutes=10))
    assert verdict_of(engine, soon) is Verdict.unreachable
    assert live_step(engine, late).not_before == now + timedelta(minutes=20)


def test_one_that_cannot_be_mended_holds_up_no_other(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = a_store(engine, now)
    orders = [an_order(engine, store, now, phone=f"055123456{number}") for number in range(3)]
    broken, decide = orders[1], watching.decide

    def decide_or_break(session: object, order: Order, *args: object, **more: object) -> object:
        if order.id == broken:
            raise RuntimeError("broken")
        return decide(session, order, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "decide", decide_or_break)
    assert meet_deadlines(engine, now + timedelta(hours=48)) == 2
    assert [verdict_of(engine, order) for order in orders] == [Verdict.unreachable, None, Verdict.unreachable]


def test_a_lookup_that_breaks_is_doubt_and_holds_up_no_other_round(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    [held] = ready_claims(engine, now)
    with unit_of_work(engine) as session:
        begin(session, held, provider="sandbox", now=now)

    class Broken(Provider):
        def find(self, contact: Contact, *, known: object) -> Sent | None:
            raise KeyError(contact.reference)

    found = watch(engine, Broken().channels, Clock(now + timedelta(minutes=5)))
    assert found["doubts_resolved"] == 0
    assert attempts_of(engine, order)[0].state is AttemptState.uncertain
    with unit_of_work(engine) as session:
        assert session.scalars(select(Step.state)).all() == [StepState.claimed]
