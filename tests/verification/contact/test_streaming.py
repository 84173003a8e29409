from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Event, Lock
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from channels.protocol import Contact, Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Outcome, StepState
from tests.building import Clock, Provider, a_store, an_order, attempts_of, live_step
from verification.contact.promoting import promote
from verification.contact.streaming import Crew, make_all
from verification.contact.watching import watch

WHATSAPP = (Channel.whatsapp,)


def due(engine: Engine, now: datetime, count: int) -> list[Any]:
    store = a_store(engine, now)
    orders = [an_order(engine, store, now, phone=f"05512{number:05}") for number in range(count)]
    with unit_of_work(engine) as session:
        promote(session, now=now)
    return orders


def crew(
    engine: Engine, clock: Callable[[], datetime], provider: Provider, threads: int = 0, **more: Any
) -> Crew:
    return Crew(engine, provider.channels, clock, "worker", threads=threads, **more)


def states(engine: Engine) -> Counter[AttemptState]:
    with unit_of_work(engine) as session:
        return Counter(session.scalars(select(Attempt.state)))


@pytest.mark.parametrize("threads", [0, 1, 4])
def test_each_due_contact_is_made_once_whoever_makes_it(engine: Engine, now: datetime, threads: int) -> None:
    orders = due(engine, now, 30)
    provider = Provider()
    assert make_all(crew(engine, lambda: now, provider, threads), WHATSAPP) == 30
    assert len({sent.reference for sent in provider.sends}) == len(provider.sends) == 30
    assert states(engine) == {AttemptState.sent: 30}
    assert {live_step(engine, order).channel for order in orders[:5]} == {Channel.sms}
    assert make_all(crew(engine, lambda: now, provider, threads), WHATSAPP) == 0


def test_threads_wait_for_the_provider_at_the_same_time(engine: Engine, now: datetime) -> None:
    due(engine, now, 4)
    together = Barrier(4, timeout=30)
    provider = Provider()

    def answer(wanted: Contact) -> Sent:
        together.wait()
        return provider.accept(wanted)

    provider.script = answer
    assert make_all(crew(engine, lambda: now, provider, 4), WHATSAPP) == 4
    assert states(engine) == {AttemptState.sent: 4}


@pytest.mark.parametrize("threads", [0, 3])
def test_a_contact_whose_answer_cannot_be_kept_holds_up_no_other(
    engine: Engine, now: datetime, threads: int
) -> None:
    due(engine, now, 10)
    # The provider gives one id twice, which no two contacts can have.
    lock, twice = Lock(), iter(["p-1", "p-1"])
    provider = Provider()

    def answer(wanted: Contact) -> Sent:
        with lock:
            return Sent(next(twice, None) or f"p-{wanted.reference}")

    provider.script = answer
    make_all(crew(engine, lambda: now, provider, threads), WHATSAPP)
    assert states(engine) == {AttemptState.sent: 9, AttemptState.sending: 1}


def test_a_step_that_cannot_be_begun_holds_up_no_other(engine: Engine, now: datetime) -> None:
    orders = due(engine, now, 6)
    broken = live_step(engine, orders[2])
    with unit_of_work(engine) as session:
        # An attempt that a step cannot have yet: the database takes no second one.
        session.execute(
            text(
                "INSERT INTO attempts (id, step_id, buyer_id, store_id, channel, reference, holder, provider,"
                " state, attempt_number, order_age_seconds, local_hour_of_week, regime, propensity,"
                " started_at, answer_until, state_at) VALUES (gen_random_uuid(), :step, :buyer, :store,"
                " 'whatsapp', 'before', 'x', 'x', 'failed', 1, 0, 0, 'normal', 1, :now, :now, :now)"
            ),
            {"step": broken.id, "buyer": broken.buyer_id, "store": broken.store_id, "now": now},
        )
    provider = Provider()
    make_all(crew(engine, lambda: now, provider), WHATSAPP)
    assert len(provider.sends) == 5
    assert live_step(engine, orders[2]).state is StepState.claimed


@pytest.mark.parametrize("threads", [0, 2])
def test_the_end_of_a_process_leaves_the_rest_in_the_queue(
    engine: Engine, now: datetime, threads: int
) -> None:
    due(engine, now, 30)
    stopped, provider = Event(), Provider()

    def answer(wanted: Contact) -> Sent:
        stopped.set()
        return provider.accept(wanted)

    provider.script = answer

    def pause(seconds: float) -> bool:
        return stopped.is_set()

    made = make_all(crew(engine, lambda: now, provider, threads, pause=pause), WHATSAPP)
    assert 0 < made < 30
    assert states(engine) == {AttemptState.sent: made}
    with unit_of_work(engine) as session:
        left = Counter(session.scalars(select(Step.state).where(Step.channel == Channel.whatsapp)))
    assert left == {StepState.done: made, StepState.ready: 30 - made}


@pytest.mark.parametrize("waits", [timedelta(seconds=31), timedelta(hours=10)], ids=["too long", "closed"])
def test_what_waited_too_long_for_its_turn_is_not_sent(
    engine: Engine, now: datetime, waits: timedelta
) -> None:
    orders = due(engine, now, 3)
    clock, provider = Clock(now), Provider()

    def answer(wanted: Contact) -> Sent:
        clock.at = now + waits
        return provider.accept(wanted)

    provider.script = answer
    make_all(crew(engine, clock, provider), WHATSAPP)
    assert len(provider.sends) == 1
    late = [one for order in orders for one in attempts_of(engine, order) if one.outcome is Outcome.failed]
    assert [one.error_code for one in late] == ["not_in_time"] * 2
    # They have used nothing up, and are made when they may be.
    again = [live_step(engine, order) for order in orders]
    assert Counter(step.channel for step in again) == {Channel.whatsapp: 2, Channel.sms: 1}
    assert [one.attempt_number for one in again if one.channel is Channel.whatsapp] == [1, 1]


@pytest.mark.parametrize("threads", [0, 3])
def test_doubts_and_refusals_among_many_are_each_their_own(
    engine: Engine, now: datetime, threads: int
) -> None:
    due(engine, now, 12)
    provider, clock = Provider(), Clock(now)

    def answer(wanted: Contact) -> Sent | Exception:
        match int(wanted.phone[-1]) % 3:
            case 0:
                provider.accept(wanted)
                return Uncertain("timeout")
            case 1:
                return Refused("63024", Meaning.no_such_channel)
            case _:
                return provider.accept(wanted)

    provider.script = answer
    assert make_all(crew(engine, clock, provider, threads), WHATSAPP) == 12
    found = states(engine)
    assert found[AttemptState.uncertain]
    assert found[AttemptState.failed]
    assert found[AttemptState.sent]
    clock.move(minutes=3)
    watch(engine, provider.channels, clock)
    assert states(engine)[AttemptState.uncertain] == 0
    assert len(provider.sends) == 12
    with unit_of_work(engine) as session:
        assert session.scalar(select(func.count()).select_from(Step).where(Step.state == "claimed")) == 0
