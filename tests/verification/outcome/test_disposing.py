from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from models.buyers import OptOut, Reachability
from models.orders import Order
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel, DecisionReason, Disposition, Outcome, Verdict, Via
from tests.building import (
    a_store,
    an_order,
    attempts_of,
    decisions_of,
    events_of,
    hear,
    live_step,
    reply,
    set_policy,
    steps_of,
    verdict_of,
)
from tests.verification.outcome.asked import asked, call
from verification.contact.claiming import Claim
from verification.contact.watching import return_leases
from verification.intake.disputing import dispute_order
from verification.intake.withdrawing import withdraw_order
from verification.outcome.disposing import Disposed, dispose
from verification.steps.transitions import Stale

AGENTS = {"ladder": [{"channel": "agent_call", "after_minutes": 60}] * 3}


@pytest.fixture
def store(engine: Engine, now: datetime) -> UUID:
    set_policy(engine, now, AGENTS, country="SA")
    return a_store(engine, now)


def ended(engine: Engine, held: Claim, now: datetime, *orders: UUID, **chosen: object) -> None:
    choice = Disposed(**chosen)  # type: ignore[arg-type]
    with unit_of_work(engine) as session:
        dispose(session, held, dict.fromkeys(orders, choice), now=now)


def test_an_agents_yes_is_proved_by_the_call_and_held_back_while_it_can_be_undone(
    engine: Engine, store: UUID, now: datetime
) -> None:
    order = an_order(engine, store, now)
    held = call(engine, now)
    later = now + timedelta(minutes=3)
    ended(engine, held, later, order, disposition=Disposition.confirm, changes={"quantity": 2})
    [attempt], [decision], [event] = (
        attempts_of(engine, order),
        decisions_of(engine, order),
        events_of(engine, order),
    )
    assert (decision.verdict, decision.via, decision.actor) == (Verdict.confirmed, Via.agent_call, "agent:1")
    assert decision.proof == {"kind": "call", "attempt_id": str(attempt.id), "at": later.isoformat()}
    assert decision.changes == {"quantity": 2}
    assert attempt.outcome is Outcome.answered
    assert event.not_before == later + timedelta(seconds=10)


def test_each_order_of_a_case_has_its_own_choice(engine: Engine, store: UUID, now: datetime) -> None:
    yes, no, later = (an_order(engine, store, now) for _ in range(3))
    held = call(engine, now)
    choices = {
        yes: Disposed(Disposition.confirm, soft=True),
        no: Disposed(Disposition.reject, DecisionReason.price),
        later: Disposed(Disposition.call_back, call_back_at=now + timedelta(hours=3)),
    }
    with unit_of_work(engine) as session:
        dispose(session, held, choices, now=now)
    assert decisions_of(engine, yes)[0].soft
    assert decisions_of(engine, no)[0].reason is DecisionReason.price
    step = live_step(engine, later)
    assert (step.channel, step.not_before) == (Channel.agent_call, now + timedelta(hours=3))


def test_an_order_without_a_choice_leaves_everything_as_it_was(
    engine: Engine, store: UUID, now: datetime
) -> None:
    one, other = (an_order(engine, store, now) for _ in range(2))
    held = call(engine, now)
    with pytest.raises(KeyError):
        ended(engine, held, now, one, disposition=Disposition.confirm)
    assert verdict_of(engine, one) is None
    ended(engine, held, now, one, other, disposition=Disposition.confirm)
    assert verdict_of(engine, other) is Verdict.confirmed


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        (Disposition.no_answer, Outcome.no_answer),
        (Disposition.busy, Outcome.busy),
        (Disposition.voicemail, Outcome.voicemail),
    ],
)
def test_who_was_not_there_is_called_again(
    engine: Engine, store: UUID, now: datetime, disposition: Disposition, outcome: Outcome
) -> None:
    order = an_order(engine, store, now)
    ended(engine, call(engine, now), now, order, disposition=disposition)
    assert attempts_of(engine, order)[0].outcome is outcome
    step = live_step(engine, order)
    assert step.channel is Channel.agent_call
    assert step.not_before >= now + timedelta(minutes=60)


def test_a_dead_line_is_not_called_again(engine: Engine, store: UUID, now: datetime) -> None:
    order = an_order(engine, store, now)
    ended(engine, call(engine, now), now, order, disposition=Disposition.unreachable)
    with unit_of_work(engine) as session:
        known = session.execute(select(Reachability.channel, Reachability.reachable)).all()
    assert known == [(Channel.agent_call, False)]
    assert decisions_of(engine, order)[0].reason is DecisionReason.no_response


@pytest.mark.parametrize("beside", [Disposition.stop, Disposition.confirm])
def test_a_wish_for_silence_holds_whatever_was_chosen_for_the_other_order(
    engine: Engine, store: UUID, now: datetime, beside: Disposition
) -> None:
    silent, other = (an_order(engine, store, now) for _ in range(2))
    held = call(engine, now)
    choices = {silent: Disposed(Disposition.stop), other: Disposed(beside)}
    with unit_of_work(engine) as session:
        dispose(session, held, choices, now=now)
    with unit_of_work(engine) as session:
        assert set(session.scalars(select(OptOut.channel))) == {Channel.agent_call, Channel.ivr}
    assert verdict_of(engine, silent) is Verdict.unreachable


@pytest.mark.parametrize("how", ["withdrawn", "confirmed", "lease lost"])
def test_an_agent_whose_case_is_gone_writes_nothing(engine: Engine, now: datetime, how: str) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, button="agent"), now)
    held = call(engine, now)
    if how == "withdrawn":
        with unit_of_work(engine) as session:
            withdraw_order(session, session.get_one(Order, order), None, now=now)
    elif how == "confirmed":
        hear(engine, reply(attempt, now, button="confirm"), now)
    else:
        # An agent who has dialled keeps the case; only one who has not loses it with the lease.
        assert return_leases(engine, held.expires_at + timedelta(seconds=1)) == 0
        held = Claim(**{**vars(held), "token": held.token - 1})
    before = decisions_of(engine, order)
    with pytest.raises(Stale):
        ended(engine, held, now, order, disposition=Disposition.reject)
    assert [one.id for one in decisions_of(engine, order)] == [one.id for one in before]


def disputed(engine: Engine, now: datetime, button: str) -> UUID:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, button=button), now)
    with unit_of_work(engine) as session:
        dispute_order(session, session.get_one(Order, order), None, now=now)
    return order


@pytest.mark.parametrize(
    ("before", "disposition", "verdicts"),
    [
        ("confirm", Disposition.confirm, [Verdict.confirmed]),
        ("confirm", Disposition.reject, [Verdict.confirmed, Verdict.rejected]),
        ("confirm", Disposition.no_answer, [Verdict.confirmed]),
        ("cancel", Disposition.confirm, [Verdict.rejected, Verdict.confirmed]),
        ("cancel", Disposition.reject, [Verdict.rejected]),
    ],
)
def test_a_review_ends_with_the_agents_word(
    engine: Engine, now: datetime, before: str, disposition: Disposition, verdicts: list[Verdict]
) -> None:
    order = disputed(engine, now, before)
    ended(engine, call(engine, now), now, order, disposition=disposition)
    assert [decision.verdict for decision in decisions_of(engine, order)] == verdicts
    assert steps_of(engine, order, live=True) == []
