from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from models.calendars import CalendarOverride
from models.reasons import Reason
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Outcome, StepState
from tests.building import (
    OTHER,
    Provider,
    a_store,
    an_order,
    attempts_of,
    hear,
    live_step,
    order_row,
    ready_claims,
    reply,
    report,
    set_policy,
    steps_of,
)
from tests.conftest import Work
from verification.contact.beginning import begin
from verification.contact.claiming import claim
from verification.contact.contacting import contact
from verification.contact.promoting import promote
from verification.contact.watching import return_leases
from verification.planning.facts import known_of
from verification.planning.scheduling import lock_buyer
from verification.steps.transitions import Stale, hold, redate, release

NIGHT = datetime(2026, 11, 22, 20, tzinfo=UTC)  # 23:00 in Riyadh
MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 09:00


def test_a_claim_takes_due_steps_of_its_channel_best_first(engine: Engine, work: Work, now: datetime) -> None:
    store = a_store(engine, now)
    first, urgent, other = (an_order(engine, store, now, phone=f"055123456{number}") for number in range(3))
    with work() as session:
        promote(session, now=now)
        session.get_one(Step, live_step(engine, urgent).id).priority = 10
        session.get_one(Step, live_step(engine, other).id).channel = Channel.ivr
    with work() as session:
        claims = claim(session, Channel.whatsapp, "worker", now=now, limit=5)
    assert [one.step_id for one in claims] == [live_step(engine, urgent).id, live_step(engine, first).id]
    assert {one.token for one in claims} == {1}
    assert live_step(engine, other).state is StepState.ready


def test_what_is_not_due_is_not_claimed(engine: Engine, work: Work, now: datetime) -> None:
    an_order(engine, a_store(engine, now), now)
    with work() as session:
        assert claim(session, Channel.whatsapp, "worker", now=now) == []


def test_two_open_claims_never_share_a_step(engine: Engine, work: Work, now: datetime) -> None:
    store = a_store(engine, now)
    for number in range(4):
        an_order(engine, store, now, phone=f"055123456{number}")
    with work() as session:
        promote(session, now=now)
    with work() as one, work() as other:
        first = claim(one, Channel.whatsapp, "one", now=now, limit=2)
        second = claim(other, Channel.whatsapp, "two", now=now, limit=5)
    assert (len(first), len(second)) == (2, 2)
    assert not {each.step_id for each in first} & {each.step_id for each in second}


def test_one_batch_takes_one_step_of_a_buyer_with_two(engine: Engine, now: datetime) -> None:
    orders = [an_order(engine, a_store(engine, now), now) for _ in range(2)]
    assert len(ready_claims(engine, now)) == 1
    assert sorted(live_step(engine, order).state for order in orders) == ["claimed", "ready"]
    # While the one is in hand, the other waits.
    assert ready_claims(engine, now) == []


def test_processes_that_claim_at_once_hold_one_step_a_buyer(engine: Engine, now: datetime) -> None:
    stores = [a_store(engine, now) for _ in range(2)]
    for number in range(10):
        for store in stores if number % 2 else stores[::-1]:
            an_order(engine, store, now, phone=f"055123456{number}")
    with unit_of_work(engine) as session:
        promote(session, now=now)

    def work(holder: int) -> int:
        taken = 0
        for _ in range(10):
            with unit_of_work(engine) as session:
                taken += len(claim(session, Channel.whatsapp, f"worker-{holder}", now=now, limit=3))
        return taken

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(work, range(4))) == 10
    with unit_of_work(engine) as session:
        held = select(func.count(), func.count(Step.buyer_id.distinct())).where(Step.state == "claimed")
        assert session.execute(held).one() == (10, 10)


def test_a_buyer_whose_case_is_being_changed_is_passed_over(
    engine: Engine, work: Work, now: datetime
) -> None:
    order = an_order(engine, a_store(engine, now), now)
    with work() as session:
        promote(session, now=now)
    with work() as changing:
        lock_buyer(changing, order_row(engine, order).buyer_id)
        assert ready_claims(engine, now) == []
    assert len(ready_claims(engine, now)) == 1


def test_a_lease_that_ran_out_comes_back_under_a_new_token(engine: Engine, now: datetime) -> None:
    an_order(engine, a_store(engine, now), now)
    [first] = ready_claims(engine, now)
    assert return_leases(engine, first.expires_at) == 0
    later = first.expires_at + timedelta(seconds=1)
    assert return_leases(engine, later) == 1
    [second] = ready_claims(engine, later)
    assert (second.step_id, second.token) == (first.step_id, first.token + 1)


def test_what_came_due_after_hours_is_moved_to_the_morning(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    assert ready_claims(engine, NIGHT) == []
    step = live_step(engine, order)
    assert (step.state, step.not_before) == (StepState.scheduled, MORNING)
    assert step.reason == {"code": "first_contact", "params": {"held_by": ["outside_hours"]}}
    assert len(ready_claims(engine, MORNING)) == 1


PRAYER = datetime(2026, 11, 22, 11, 40, tzinfo=UTC)  # 14:40 in Riyadh
AFTER_PRAYER = datetime(2026, 11, 22, 12, 8, tzinfo=UTC)
CALLS_FIRST = {"ladder": [{"channel": "ivr", "after_minutes": 0}]}


def test_no_phone_rings_during_a_prayer_and_no_message_comes_that_can_wait(
    engine: Engine, now: datetime
) -> None:
    store = a_store(engine, now)
    message = an_order(engine, store, now, phone=OTHER)
    set_policy(engine, now, CALLS_FIRST, store_id=store)
    call = an_order(engine, store, now)
    for channel, order in ((Channel.ivr, call), (Channel.whatsapp, message)):
        assert ready_claims(engine, PRAYER, channel) == []
        step = live_step(engine, order)
        assert (step.place, step.not_before) == ("SA/riyadh", AFTER_PRAYER)
        assert step.reason["params"] == {"held_by": ["prayer"]}
        assert len(ready_claims(engine, AFTER_PRAYER, channel)) == 1


def test_a_message_that_could_not_wait_for_the_end_of_a_prayer_goes_out(
    engine: Engine, now: datetime
) -> None:
    soon = (AFTER_PRAYER - timedelta(minutes=5)).isoformat()
    an_order(engine, a_store(engine, now), now, ship_by=soon)
    [held] = ready_claims(engine, PRAYER)
    with unit_of_work(engine) as session:
        begin(session, held, provider="sandbox", now=PRAYER)


def test_a_storm_that_was_set_meanwhile_stops_what_was_planned(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    ends = now + timedelta(hours=1)
    with unit_of_work(engine) as session:
        session.add(
            CalendarOverride(
                country="SA",
                place="SA/riyadh",
                occasion="shut",
                begins_at=now,
                ends_at=ends,
                why="sand",
                set_by="test",
                set_at=now,
            )
        )
    assert ready_claims(engine, now) == []
    step = live_step(engine, order)
    assert (step.not_before, step.reason["params"]) == (ends, {"held_by": ["storm"]})


def test_a_provider_is_told_until_when_the_phone_may_ring(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    set_policy(engine, now, CALLS_FIRST, store_id=store)
    an_order(engine, store, now)
    [held] = ready_claims(engine, now, Channel.ivr)
    with unit_of_work(engine) as session:
        _, made = begin(session, held, provider="sandbox", now=now)
    assert made.valid_until == datetime(2026, 11, 22, 11, 38, tzinfo=UTC)  # the afternoon prayer begins


def test_another_sellers_contact_holds_a_step_back(engine: Engine, now: datetime) -> None:
    mine, theirs = (an_order(engine, a_store(engine, now), now) for _ in range(2))
    provider = Provider()
    [first] = ready_claims(engine, now)
    contact(engine, first, provider, lambda: now)
    waiting = mine if steps_of(engine, theirs)[0].id == first.step_id else theirs
    assert ready_claims(engine, now) == []
    step = live_step(engine, waiting)
    assert step.not_before == now + timedelta(minutes=20)
    assert step.reason["params"] == {"held_by": ["min_gap"]}


def test_a_phone_on_which_a_call_goes_on_is_not_called_by_another_seller(
    engine: Engine, now: datetime
) -> None:
    stores = [a_store(engine, now) for _ in range(2)]
    for store in stores:
        set_policy(engine, now, {**CALLS_FIRST, "min_gap_minutes": 0}, store_id=store)
    orders = [an_order(engine, store, now) for store in stores]
    with unit_of_work(engine) as session:
        # The second is another buyer's who has the same phone, so that both may be in hand at once.
        point_id = live_step(engine, orders[0]).contact_point_id
    theirs = an_order(engine, stores[1], now, phone=OTHER)
    with unit_of_work(engine) as session:
        session.get_one(Step, live_step(engine, theirs).id).contact_point_id = point_id
    claims = [held for _ in range(2) for held in ready_claims(engine, now, Channel.ivr)]
    assert len(claims) == 2
    provider = Provider()
    for held in claims:
        contact(engine, held, provider, lambda: now)
    assert len(provider.sends) == 1

    # The same buyer's order at the other store is held back by the claim, until the call's end is known.
    assert ready_claims(engine, now + timedelta(seconds=1), Channel.ivr) == []
    [attempt] = [one for order in (*orders, theirs) for one in attempts_of(engine, order)]
    held_back = [step for order in orders for step in steps_of(engine, order, live=True)]
    [waiting] = [step for step in held_back if step.reason["params"].get("held_by") == ["on_the_phone"]]
    assert waiting.not_before == attempt.answer_until
    hear(engine, report(attempt, now, AttemptState.closed, outcome=Outcome.no_answer), now)
    with unit_of_work(engine) as session:
        known = known_of(session, [point_id], now)[point_id]
    assert [touch.open_until for touch in known.touches] == [None]


def test_who_asked_for_silence_meanwhile_is_not_contacted(engine: Engine, now: datetime) -> None:
    first = an_order(engine, a_store(engine, now), now)
    provider = Provider()
    [claimed] = ready_claims(engine, now)
    contact(engine, claimed, provider, lambda: now)
    second = an_order(engine, a_store(engine, now), now)  # planned on WhatsApp, after a gap
    assert live_step(engine, second).channel is Channel.whatsapp
    hear(engine, reply(attempts_of(engine, first)[0], now, text="توقف"), now)

    later = now + timedelta(minutes=30)
    [dropped] = ready_claims(engine, later)
    assert not dropped.permitted
    contact(engine, dropped, provider, lambda: later)
    assert len(provider.sends) == 1
    assert live_step(engine, second).channel is Channel.sms


@pytest.mark.parametrize("gone", ["returned", "claimed again"])
def test_a_stale_holder_writes_nothing(engine: Engine, work: Work, now: datetime, gone: str) -> None:
    order = an_order(engine, a_store(engine, now), now)
    [stale] = ready_claims(engine, now)
    later = stale.expires_at + timedelta(seconds=1)
    return_leases(engine, later)
    if gone == "claimed again":
        ready_claims(engine, later, holder="other")
    before = live_step(engine, order)

    for write in (
        lambda session: begin(session, stale, provider="sandbox", now=now),
        lambda session: hold(session, stale.step_id, stale.token, expires_at=later + timedelta(hours=1)),
    ):
        with pytest.raises(Stale), work() as session:
            write(session)
    with work() as session:
        assert not release(session, stale.step_id, stale.token)
        redate(session, stale.step_id, stale.token, not_before=later, reason=Reason("late"))
    provider = Provider()
    contact(engine, stale, provider, lambda: later)
    assert provider.sends == []
    assert attempts_of(engine, order) == []
    after = live_step(engine, order)
    assert (after.state, after.lease_expires_at) == (before.state, before.lease_expires_at)


def test_an_order_that_arrives_while_its_buyer_is_contacted_gets_its_own_step_and_then_one_with_the_other(
    engine: Engine, now: datetime
) -> None:
    store = a_store(engine, now)
    first = an_order(engine, store, now)
    [held] = ready_claims(engine, now)
    second = an_order(engine, store, now)
    assert live_step(engine, first).id == held.step_id
    assert live_step(engine, second).id != held.step_id
    assert ready_claims(engine, now) == []
    contact(engine, held, Provider(), lambda: now)
    assert live_step(engine, first).id == live_step(engine, second).id
    assert live_step(engine, second).not_before == now + timedelta(minutes=20)


def test_another_buyer_is_not_held_up(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    an_order(engine, store, now)
    ready_claims(engine, now)
    an_order(engine, store, now, phone=OTHER)
    assert len(ready_claims(engine, now)) == 1
