from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text

from channels.protocol import Contact, Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.messages import Message
from models.orders import Order
from models.reasons import Reason
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Outcome, StepState, Verdict
from tests.building import (
    E164,
    OTHER,
    Clock,
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
    verdict_of,
)
from verification.contact.beginning import begin
from verification.contact.claiming import Claim
from verification.contact.contacting import contact, settle
from verification.contact.watching import watch
from verification.intake.withdrawing import withdraw_order
from verification.planning.plan import ASKED
from verification.planning.scheduling import lock_buyer
from verification.steps.transitions import Stale
from verification.wording.rendering import render


def somebody_waits(engine: Engine) -> bool:
    """Whether a transaction waits for another's lock, as seen by a new one: each sees one moment."""
    with unit_of_work(engine) as session:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(session.scalar(text(f"{waiting} AND datname = current_database()")))


def claimed(engine: Engine, now: datetime, **patch: object) -> tuple[Claim, UUID]:
    order = an_order(engine, a_store(engine, now), now, **patch)
    [held] = ready_claims(engine, now)
    return held, order


def test_a_contact_is_written_down_with_all_that_choosing_well_will_need(
    engine: Engine, now: datetime
) -> None:
    held, order = claimed(engine, now)
    later = now + timedelta(seconds=30)
    provider = Provider()
    contact(engine, held, provider, lambda: later)

    [attempt] = attempts_of(engine, order)
    assert attempt.state is AttemptState.sent
    # The provider's first word is its answer; no callback repeats it.
    assert (attempt.provider_id, attempt.cost, attempt.sender) == (
        f"p-{attempt.reference}",
        Decimal("0.01"),
        "+1",
    )
    assert (attempt.local_hour_of_week, attempt.regime, attempt.order_age_seconds) == (
        6 * 24 + 13,
        "normal",
        30,
    )
    assert (attempt.attempt_number, attempt.propensity, attempt.holder) == (1, 1, "worker")
    [sent] = provider.sends
    assert (sent.phone, sent.country, sent.zone, sent.language) == (E164, "SA", "Asia/Riyadh", "ar")
    assert sent.valid_until == datetime.fromisoformat("2026-11-22T22:00+03:00")
    assert [(one.order_id, one.total, one.currency) for one in sent.orders] == [(order, "199.00", "SAR")]
    with unit_of_work(engine) as session:
        assert session.scalar(select(Message.direction)) == "out"
    done, following = steps_of(engine, order)
    assert (done.state, following.channel, following.not_before) == (
        StepState.done,
        Channel.sms,
        later + timedelta(minutes=60),
    )


def test_nothing_is_held_open_while_the_provider_is_called(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)

    def look(wanted: Contact) -> Sent:
        with unit_of_work(engine) as session:
            [attempt] = attempts_of(engine, order)
            assert (attempt.state, attempt.reference) == (AttemptState.sending, wanted.reference)
            session.scalars(select(Step).with_for_update(nowait=True)).all()
            session.scalars(select(Order).with_for_update(nowait=True)).all()
        return Sent("p")

    contact(engine, held, Provider(look), lambda: now)
    assert attempts_of(engine, order)[0].state is AttemptState.sent


def test_three_open_orders_of_one_buyer_are_one_contact(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    orders = [an_order(engine, store, now) for _ in range(3)]
    provider = Provider()
    for held in ready_claims(engine, now):
        contact(engine, held, provider, lambda: now)
    [sent] = provider.sends
    assert [one.order_id for one in sent.orders] == orders
    assert len({live_step(engine, order).id for order in orders}) == 1


@pytest.mark.parametrize(
    ("state", "outcome"), [(AttemptState.delivered, None), (AttemptState.failed, Outcome.unreachable)]
)
def test_a_callback_that_overtakes_the_send_result_is_not_overwritten(
    engine: Engine, now: datetime, state: AttemptState, outcome: Outcome | None
) -> None:
    held, order = claimed(engine, now)

    def overtaken(wanted: Contact) -> Sent:
        [attempt] = attempts_of(engine, order)
        hear(engine, report(attempt, now, state, provider_id="theirs"), now)
        return Sent("theirs", cost=Decimal("0.02"))

    contact(engine, held, Provider(overtaken), lambda: now)
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome) == (state, outcome)
    assert (attempt.provider_id, attempt.cost) == ("theirs", Decimal("0.02"))
    assert live_step(engine, order).state is StepState.scheduled


def test_a_confirmation_that_overtakes_the_send_result_stands(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)

    def overtaken(wanted: Contact) -> Sent:
        hear(engine, reply(attempts_of(engine, order)[0], now, button="confirm"), now)
        return Sent("theirs")

    contact(engine, held, Provider(overtaken), lambda: now)
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome) == (AttemptState.closed, Outcome.replied)
    assert verdict_of(engine, order) is Verdict.confirmed
    assert steps_of(engine, order, live=True) == []


@pytest.mark.parametrize("answer", [Uncertain("timeout"), Refused("no", Meaning.retry_later)])
def test_what_came_back_outweighs_a_lost_or_refusing_answer(
    engine: Engine, now: datetime, answer: Exception
) -> None:
    held, order = claimed(engine, now)

    def overtaken(wanted: Contact) -> Exception:
        hear(engine, report(attempts_of(engine, order)[0], now, AttemptState.delivered), now)
        return answer

    contact(engine, held, Provider(overtaken), lambda: now)
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome) == (AttemptState.delivered, None)
    assert live_step(engine, order).state is StepState.scheduled


LATER = {Meaning.switched_off}


@pytest.mark.parametrize("meaning", [one for one in Meaning if one.was_made and one not in LATER])
def test_a_refusal_leads_to_another_channel_and_never_to_a_verdict(
    engine: Engine, now: datetime, meaning: Meaning
) -> None:
    held, order = claimed(engine, now)
    contact(engine, held, Provider(lambda wanted: Refused("63003", meaning)), lambda: now)
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.outcome, attempt.error_code) == (
        AttemptState.failed,
        Outcome.failed,
        "63003",
    )
    row = order_row(engine, order)
    is_agents = meaning is Meaning.no_such_number
    assert live_step(engine, order).channel is (Channel.agent_call if is_agents else Channel.sms)
    assert (row.decision_id, row.last_outcome) == (None, Outcome.failed)


def test_a_number_that_does_not_exist_is_an_agents_to_find(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)
    contact(engine, held, Provider(lambda wanted: Refused("21211", Meaning.no_such_number)), lambda: now)
    again = an_order(engine, a_store(engine, now), now)
    for each in (order, again):
        step = live_step(engine, each)
        assert (step.channel, step.priority, step.reason["code"]) == (
            Channel.agent_call,
            ASKED,
            "no_such_number",
        )
        assert step.contact_point_id is not None
    for language in ("en", "ar"):
        words = render(Reason.from_json(step.reason), language)
        assert words != "no_such_number"
        assert "{" not in words


def test_the_buyers_other_number_is_tried_before_an_agent_looks_for_the_right_one(
    engine: Engine, now: datetime
) -> None:
    held, order = claimed(engine, now, buyer={"alternate_phone": OTHER})
    contact(engine, held, Provider(lambda wanted: Refused("21211", Meaning.no_such_number)), lambda: now)
    step = live_step(engine, order)
    assert (step.channel, step.contact_point_id != held.contact_point_id) == (Channel.whatsapp, True)


SHUT_ROADS = {Meaning.provider_down, Meaning.slow_down}


@pytest.mark.parametrize("meaning", [one for one in Meaning if not one.was_made and one not in SHUT_ROADS])
def test_what_the_provider_did_not_take_is_made_again_three_times_and_then_otherwise(
    engine: Engine, now: datetime, meaning: Meaning
) -> None:
    order = an_order(engine, a_store(engine, now), now)
    provider, clock = Provider(lambda wanted: Refused("429", meaning)), Clock(now)
    for _ in range(4):
        [held] = ready_claims(engine, clock.at)
        contact(engine, held, provider, clock)
        clock.move(seconds=10)
    assert live_step(engine, order).channel is Channel.sms
    attempts = attempts_of(engine, order)
    assert [(one.channel, one.attempt_number) for one in attempts] == [(Channel.whatsapp, 1)] * 4
    assert {(one.state, one.outcome, one.meaning) for one in attempts} == {
        (AttemptState.failed, Outcome.failed, meaning.value)
    }
    # Nobody read the earlier ones: each reads like the first.
    assert {sent.attempt_number for sent in provider.sends} == {1}


@pytest.mark.parametrize("meaning", sorted(SHUT_ROADS))
def test_while_nothing_gets_through_a_contact_keeps_its_place_for_two_hours(
    engine: Engine, now: datetime, meaning: Meaning
) -> None:
    set_policy(engine, now, {"prayer_pause_messages": "off"}, country="SA")
    order = an_order(engine, a_store(engine, now), now)
    provider, clock = Provider(lambda wanted: Refused("503", meaning)), Clock(now)
    for _ in range(12):
        [held] = ready_claims(engine, clock.at)
        contact(engine, held, provider, clock)
        step = live_step(engine, order)
        assert (step.channel, step.not_before) == (Channel.whatsapp, now)
        clock.move(minutes=10)
    for _ in range(4):
        [held] = ready_claims(engine, clock.at)
        contact(engine, held, provider, clock)
    assert live_step(engine, order).channel is Channel.sms


@pytest.mark.parametrize("meaning", [one for one in Meaning if not one.was_made])
def test_what_the_provider_did_not_take_counts_against_no_cap(
    engine: Engine, now: datetime, meaning: Meaning
) -> None:
    caps = {"max_attempts_per_order": 1, "max_attempts_per_day": 1, "min_gap_minutes": 60}
    set_policy(engine, now, caps, country="SA")
    order = an_order(engine, a_store(engine, now), now)
    refusing, clock = Provider(lambda wanted: Refused("no", meaning)), Clock(now)
    for _ in range(3):
        [held] = ready_claims(engine, clock.at)
        contact(engine, held, refusing, clock)
        clock.move(seconds=10)
    [held] = ready_claims(engine, clock.at)
    contact(engine, held, Provider(), clock)
    assert [one.state for one in attempts_of(engine, order)] == [
        *[AttemptState.failed] * 3,
        AttemptState.sent,
    ]


def test_a_phone_that_was_off_is_tried_there_once_more_later(engine: Engine, now: datetime) -> None:
    order = an_order(engine, a_store(engine, now), now)
    provider, clock = Provider(lambda wanted: Refused("30003", Meaning.switched_off)), Clock(now)
    [held] = ready_claims(engine, clock.at)
    contact(engine, held, provider, clock)
    again = live_step(engine, order)
    assert (again.channel, again.not_before) == (Channel.whatsapp, now + timedelta(minutes=180))
    clock.move(minutes=180)
    [held] = ready_claims(engine, clock.at)
    contact(engine, held, provider, clock)
    assert live_step(engine, order).channel is Channel.sms


@pytest.mark.parametrize(
    ("meaning", "channel"), [(Meaning.no_such_channel, Channel.sms), (Meaning.retry_later, Channel.whatsapp)]
)
def test_only_a_phone_that_is_not_there_shuts_the_channel_for_the_next_order(
    engine: Engine, now: datetime, meaning: Meaning, channel: Channel
) -> None:
    held, _ = claimed(engine, now)
    contact(engine, held, Provider(lambda wanted: Refused("no", meaning)), lambda: now)
    order = an_order(engine, a_store(engine, now), now)
    assert live_step(engine, order).channel is channel


def test_a_seller_who_withdraws_while_we_send_gets_a_withdrawn_order(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)

    def overtaken(wanted: Contact) -> Sent:
        with unit_of_work(engine) as session:
            withdraw_order(session, session.get_one(Order, order), None, now=now)
        return Sent("theirs")

    contact(engine, held, Provider(overtaken), lambda: now)
    assert verdict_of(engine, order) is Verdict.withdrawn
    assert steps_of(engine, order, live=True) == []
    assert attempts_of(engine, order)[0].state is AttemptState.sent
    hear(engine, reply(attempts_of(engine, order)[0], now, button="confirm"), now)
    assert verdict_of(engine, order) is Verdict.withdrawn


def test_a_withdrawal_between_claim_and_contact_stops_the_contact(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)
    with unit_of_work(engine) as session:
        withdraw_order(session, session.get_one(Order, order), None, now=now)
    provider = Provider()
    contact(engine, held, provider, lambda: now)
    assert provider.sends == []


def test_a_beginning_contact_waits_for_a_withdrawal_and_never_the_other_way_round(
    engine: Engine, now: datetime
) -> None:
    held, order = claimed(engine, now)
    provider = Provider()
    with ThreadPoolExecutor(1) as worker:
        with unit_of_work(engine) as session:
            lock_buyer(session, held.buyer_id)
            contacting = worker.submit(contact, engine, held, provider, lambda: now)
            while not somebody_waits(engine):
                assert not contacting.done()
            withdraw_order(session, session.get_one(Order, order), None, now=now)
        contacting.result()
    assert provider.sends == []
    assert verdict_of(engine, order) is Verdict.withdrawn


@pytest.mark.parametrize(
    "late", [timedelta(seconds=60), timedelta(hours=10, seconds=-1)], ids=["lease over", "hours over"]
)
def test_a_contact_that_starts_too_late_is_not_made(engine: Engine, now: datetime, late: timedelta) -> None:
    held, order = claimed(engine, now)
    provider = Provider()
    clock = Clock(now + late)
    contact(engine, held, provider, clock)
    assert provider.sends == []
    assert attempts_of(engine, order) == []
    watch(engine, provider.channels, Clock(held.expires_at + timedelta(seconds=1)))
    assert live_step(engine, order).state is StepState.ready


def test_two_buyers_who_share_a_phone_do_not_get_its_gap_broken(engine: Engine, now: datetime) -> None:
    # The second order's own phone is another buyer's; the shared one becomes its next number.
    store = a_store(engine, now)
    an_order(engine, store, now)
    theirs = an_order(engine, store, now, phone=OTHER, buyer={"alternate_phone": "0551234567"})
    with unit_of_work(engine) as session:
        shared = session.get_one(Step, steps_of(engine, theirs)[0].id)
        point = session.scalar(select(Step.contact_point_id).where(Step.id != shared.id))
        shared.contact_point_id = point
    one, other = ready_claims(engine, now)
    provider = Provider()
    contact(engine, one, provider, lambda: now)
    with pytest.raises(Stale), unit_of_work(engine) as session:
        begin(session, other, provider="sandbox", now=now)
    contact(engine, other, provider, lambda: now)
    assert len(provider.sends) == 1


# Where a worker can die: each leaves what the steps before it have committed.
def die_before_begin(engine: Engine, held: Claim, provider: Provider, now: datetime) -> None:
    pass


def die_before_send(engine: Engine, held: Claim, provider: Provider, now: datetime) -> None:
    with unit_of_work(engine) as session:
        begin(session, held, provider="sandbox", now=now)


def die_after_send(engine: Engine, held: Claim, provider: Provider, now: datetime) -> None:
    with unit_of_work(engine) as session:
        _, wanted = begin(session, held, provider="sandbox", now=now)
    provider.send(wanted)


def die_after_settling(engine: Engine, held: Claim, provider: Provider, now: datetime) -> None:
    contact(engine, held, provider, lambda: now)


def die_in_doubt(engine: Engine, held: Claim, provider: Provider, now: datetime) -> None:
    die_after_send(engine, held, provider, now)
    with unit_of_work(engine) as session:
        attempt_id = session.scalars(select(Attempt.id).where(Attempt.step_id == held.step_id)).one()
        settle(session, attempt_id, Uncertain("timeout"), now=now)


@pytest.mark.parametrize(
    ("death", "sends"),
    [
        (die_before_begin, 0),
        (die_before_send, 0),
        (die_after_send, 1),
        (die_in_doubt, 1),
        (die_after_settling, 1),
    ],
)
def test_wherever_a_worker_dies_nothing_is_stranded_and_nobody_contacted_twice_for_one_step(
    engine: Engine, now: datetime, death: Callable[..., None], sends: int
) -> None:
    held, order = claimed(engine, now)
    provider, clock = Provider(), Clock(now)
    death(engine, held, provider, now)
    assert len(provider.sends) == sends
    clock.move(minutes=3)
    watch(engine, provider.channels, clock)
    watch(engine, provider.channels, clock)

    step = live_step(engine, order)
    assert step.state is not StepState.claimed
    for again in ready_claims(engine, clock.at):
        contact(engine, again, provider, clock)
    assert [sent.reference for sent in provider.sends].count(f"tk-{held.step_id.hex}") <= 1
    attempts = attempts_of(engine, order)
    assert len({attempt.step_id for attempt in attempts}) == len(attempts)
    assert live_step(engine, order).state is not StepState.claimed


@pytest.mark.parametrize("button", ["later", "question", "confirm", None])
@pytest.mark.parametrize("death", [die_after_send, die_in_doubt])
def test_an_answer_to_a_contact_whose_maker_died_strands_nothing(
    engine: Engine, now: datetime, death: Callable[..., None], button: str | None
) -> None:
    held, order = claimed(engine, now)
    provider = Provider()
    death(engine, held, provider, now)
    [attempt] = attempts_of(engine, order)
    if button:
        hear(engine, reply(attempt, now, button=button), now)
    else:
        hear(engine, report(attempt, now, AttemptState.closed, outcome=Outcome.no_answer), now)
    if button == "confirm":
        assert verdict_of(engine, order) is Verdict.confirmed
    else:
        assert live_step(engine, order).state is StepState.scheduled
    watch(engine, provider.channels, Clock(now + timedelta(minutes=5)))
    with unit_of_work(engine) as session:
        stuck = select(func.count()).select_from(Step).where(Step.state == StepState.claimed)
        assert session.scalar(stuck) == 0


def test_a_surprise_is_doubt_and_not_failure(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)
    contact(engine, held, Provider(lambda wanted: KeyError("sid")), lambda: now)
    [attempt] = attempts_of(engine, order)
    assert (attempt.state, attempt.error_code) == (AttemptState.uncertain, "KeyError")
    assert live_step(engine, order).state is StepState.claimed


def lost(provider: Provider, *, taken: bool) -> Callable[[Contact], Exception]:
    def answer(wanted: Contact) -> Exception:
        if taken:
            provider.accept(wanted)
        return Uncertain("timeout")

    return answer


@pytest.mark.parametrize("taken", [True, False])
def test_a_send_without_an_answer_is_looked_up_and_never_repeated(
    engine: Engine, now: datetime, taken: bool
) -> None:
    held, order = claimed(engine, now)
    provider, clock = Provider(), Clock(now)
    provider.script = lost(provider, taken=taken)
    contact(engine, held, provider, clock)
    assert live_step(engine, order).state is StepState.claimed
    clock.move(minutes=1)
    watch(engine, provider.channels, clock)  # too early to ask
    assert attempts_of(engine, order)[0].state is AttemptState.uncertain
    clock.move(minutes=2)
    watch(engine, provider.channels, clock)
    [attempt] = attempts_of(engine, order)
    assert attempt.state is (AttemptState.sent if taken else AttemptState.failed)
    # What the provider never took is made again as it was.
    assert live_step(engine, order).channel is (Channel.sms if taken else Channel.whatsapp)
    assert len(provider.sends) == 1


def test_a_send_that_cannot_be_looked_up_for_hours_is_given_up(engine: Engine, now: datetime) -> None:
    held, order = claimed(engine, now)
    provider, clock = Provider(cannot_say=True), Clock(now)
    provider.script = lost(provider, taken=True)
    contact(engine, held, provider, clock)
    for _ in range(6):
        clock.move(minutes=59)
        watch(engine, provider.channels, clock)
        assert live_step(engine, order).state is StepState.claimed
    clock.move(minutes=10)
    watch(engine, provider.channels, clock)
    assert live_step(engine, order).channel is Channel.sms
    assert attempts_of(engine, order)[0].error_code == "never_known"
    # It had arrived after all: the answer counts.
    hear(engine, reply(attempts_of(engine, order)[0], clock.at, button="confirm"), clock.at)
    assert verdict_of(engine, order) is Verdict.confirmed


def test_a_provider_down_over_the_deadline_does_not_hold_up_the_decision(
    engine: Engine, now: datetime
) -> None:
    set_policy(engine, now, {"deadline_hours": 1}, country="SA")
    held, order = claimed(engine, now)
    provider = Provider(lambda wanted: Uncertain("timeout"), cannot_say=True)
    contact(engine, held, provider, lambda: now)
    watch(engine, provider.channels, Clock(now + timedelta(hours=1)))
    assert verdict_of(engine, order) is Verdict.unreachable
    watch(engine, provider.channels, Clock(now + timedelta(hours=7)))
    assert attempts_of(engine, order)[0].state is AttemptState.failed


def test_a_provider_that_is_down_does_not_hold_up_the_watch(engine: Engine, now: datetime) -> None:
    store = a_store(engine, now)
    for number in range(6):
        an_order(engine, store, now, phone=f"055120000{number}")
    provider, clock = Provider(lambda wanted: Uncertain("timeout"), cannot_say=True), Clock(now)
    for held in ready_claims(engine, now):
        contact(engine, held, provider, clock)
    clock.move(minutes=3)
    watch(engine, provider.channels, clock)
    assert provider.lookups == 3
    provider.cannot_say = False
    watch(engine, provider.channels, clock)
    assert provider.lookups == 9
