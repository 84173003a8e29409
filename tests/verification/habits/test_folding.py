"""Buyers' counts: each contact and sign of life once, whatever comes when, and however many count at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from channels.protocol import Meaning
from models.attempts import Attempt
from models.buyers import Buyer, BuyerSign
from models.slots import Habits
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Outcome, Regime, SignOfLife
from tests.building import an_order, attempts_of, hear, order_row, reply, report, set_policy
from tests.verification.outcome.asked import asked
from verification.habits.folding import NOTHING, fold, fold_waiting
from verification.habits.reading import pasts_of
from verification.outcome.taking_in import take_in
from verification.slots.cells import contact_cell, contact_cell_of_week, order_cell, sign_cell
from verification.steps.transitions import advance, begin_again, conclude

ORDERED = order_cell(datetime(2026, 11, 22, 11, 30, tzinfo=UTC))
"""The tests' order came at 08:30 UTC, which is 11:30 in Riyadh."""


def counted(engine: Engine, buyer_id: UUID) -> dict[int, int]:
    """The buyer's cells, without that of the order."""
    with unit_of_work(engine) as session:
        cells = dict(pasts_of(session, [buyer_id])[buyer_id].cells)
    cells.pop(ORDERED, None)
    return cells


def count(engine: Engine, now: datetime, *buyer_ids: UUID) -> None:
    with unit_of_work(engine) as session:
        fold(session, buyer_ids, now=now)


def end(engine: Engine, attempt: Attempt, outcome: Outcome, at: datetime, meaning: str | None = None) -> None:
    with unit_of_work(engine) as session:
        held = session.get_one(Attempt, attempt.id)
        held.meaning = meaning
        conclude(held, outcome, at)


def cell(now: datetime, channel: Channel, reached: bool) -> int:
    return contact_cell(channel, now + timedelta(hours=3), "SA", Regime.normal, reached=reached)


@pytest.mark.parametrize(
    ("channel", "outcome", "meaning", "counts"),
    [
        (Channel.ivr, Outcome.answered, None, True),
        (Channel.whatsapp, Outcome.replied, None, True),
        (Channel.whatsapp, Outcome.opted_out, None, True),
        (Channel.whatsapp, Outcome.wrong_number, None, True),
        (Channel.ivr, Outcome.no_answer, None, False),
        (Channel.ivr, Outcome.busy, None, False),
        (Channel.ivr, Outcome.voicemail, None, False),
        (Channel.whatsapp, Outcome.read_silent, None, False),
        (Channel.whatsapp, Outcome.delivered_unread, None, False),
        (Channel.ivr, Outcome.unreachable, Meaning.switched_off, False),
        (Channel.whatsapp, Outcome.unreachable, Meaning.switched_off, None),
        (Channel.whatsapp, Outcome.unreachable, Meaning.no_such_channel, None),
        (Channel.ivr, Outcome.unreachable, Meaning.no_such_number, None),
        (Channel.ivr, Outcome.unreachable, None, None),
        (Channel.whatsapp, Outcome.failed, Meaning.provider_down, None),
    ],
)
def test_a_contact_counts_by_what_came_of_it(
    engine: Engine,
    now: datetime,
    channel: Channel,
    outcome: Outcome,
    meaning: Meaning | None,
    counts: bool | None,
) -> None:
    set_policy(engine, now, {"ladder": [{"channel": channel.value, "after_minutes": 60}]}, country="SA")
    _, attempt = asked(engine, now, channel)
    end(engine, attempt, outcome, now, meaning and meaning.value)
    count(engine, now, attempt.buyer_id)
    assert counted(engine, attempt.buyer_id) == ({} if counts is None else {cell(now, channel, counts): 1})


def test_counting_again_changes_nothing_and_news_move_the_count(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    for outcome, reached in ((Outcome.delivered_unread, False), (Outcome.replied, True)):
        end(engine, attempt, outcome, now)
        for _ in range(2):
            count(engine, now, attempt.buyer_id)
            assert counted(engine, attempt.buyer_id) == {cell(now, Channel.whatsapp, reached): 1}


def test_what_is_told_twice_within_one_transaction_is_counted_as_it_ends(
    engine: Engine, now: datetime
) -> None:
    """The object at hand notices its next change, although its count was written past it."""
    _, attempt = asked(engine, now)
    with unit_of_work(engine) as session:
        held = session.get_one(Attempt, attempt.id)
        for outcome in (Outcome.delivered_unread, Outcome.read_silent, Outcome.replied):
            conclude(held, outcome, now)
            fold(session, [attempt.buyer_id], now=now)
            assert not held.recount
    assert counted(engine, attempt.buyer_id) == {cell(now, Channel.whatsapp, True): 1}


def test_a_failure_that_was_none_and_an_outcome_taken_back_leave_no_count(
    engine: Engine, now: datetime
) -> None:
    set_policy(engine, now, {"ladder": [{"channel": "ivr", "after_minutes": 60}]}, country="SA")
    _, attempt = asked(engine, now, Channel.ivr)
    with unit_of_work(engine) as session:
        held = session.get_one(Attempt, attempt.id)
        advance(held, AttemptState.failed, now)
        held.meaning = Meaning.switched_off.value
        conclude(held, Outcome.unreachable, now)
        fold(session, [attempt.buyer_id], now=now)
    assert counted(engine, attempt.buyer_id) == {cell(now, Channel.ivr, False): 1}
    with unit_of_work(engine) as session:
        advance(session.get_one(Attempt, attempt.id), AttemptState.reached, now)
        fold(session, [attempt.buyer_id], now=now)
    assert counted(engine, attempt.buyer_id) == {}


def test_a_transaction_that_is_given_up_counts_nothing(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    end(engine, attempt, Outcome.replied, now)
    with Session(engine) as session:
        fold(session, [attempt.buyer_id], now=now)
        session.rollback()
    assert counted(engine, attempt.buyer_id) == {}
    count(engine, now, attempt.buyer_id)
    assert sum(counted(engine, attempt.buyer_id).values()) == 1


def test_many_who_count_at_once_count_once(engine: Engine, now: datetime) -> None:
    attempts = [asked(engine, now, phone=f"05512345{number:02}")[1] for number in range(12)]
    for attempt in attempts:
        end(engine, attempt, Outcome.replied, now)

    def work(_: int) -> None:
        with unit_of_work(engine) as session:
            while fold_waiting(session, now=now, limit=5):
                session.commit()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    for attempt in attempts:
        assert counted(engine, attempt.buyer_id) == {cell(now, Channel.whatsapp, True): 1}
    with unit_of_work(engine) as session:
        assert not session.scalars(select(Attempt).where(Attempt.recount)).all()
        assert fold_waiting(session, now=now, limit=5) == 0


def test_two_who_add_to_one_buyer_at_once_lose_nothing(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    count(engine, now, attempt.buyer_id)
    before = counted(engine, attempt.buyer_id)

    def see(hour: int) -> None:
        with unit_of_work(engine) as session:
            seen_at = now.replace(hour=hour)
            session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.page_used, seen_at=seen_at))
            fold(session, [attempt.buyer_id], now=now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(see, [15, 16, 17, 18] * 5))
    after = counted(engine, attempt.buyer_id)
    assert sum(after.values()) == sum(before.values()) + 20
    assert sorted(after.values())[-4:] == [5, 5, 5, 5]


def test_what_another_is_changing_is_left_to_it_and_counted_later(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    end(engine, attempt, Outcome.read_silent, now)
    with Session(engine) as other:
        conclude(
            other.scalars(select(Attempt).where(Attempt.id == attempt.id).with_for_update()).one(),
            Outcome.replied,
            now,
        )
        other.flush()
        count(engine, now, attempt.buyer_id)
        assert counted(engine, attempt.buyer_id) == {}
        other.commit()
    with unit_of_work(engine) as session:
        assert fold_waiting(session, now=now, limit=10) == 1
    assert counted(engine, attempt.buyer_id) == {cell(now, Channel.whatsapp, True): 1}


SEEN = datetime(2026, 11, 20, 18, 10, tzinfo=UTC)
"""Friday 21:10 in Riyadh, a day of rest there; Friday 22:10 in Dubai, where it is none."""


@pytest.mark.parametrize("country", ["SA", "AE"])
@pytest.mark.parametrize("kind", SignOfLife)
def test_signs_of_life_count_on_the_buyers_clock(
    engine: Engine, now: datetime, kind: SignOfLife, country: str
) -> None:
    phone = {"SA": "0551234567", "AE": "0501234567"}[country]
    order, _ = asked(engine, now, phone=phone, country=country)
    buyer_id = order_row(engine, order).buyer_id
    count(engine, now, buyer_id)
    before = counted(engine, buyer_id)
    with unit_of_work(engine) as session:
        session.add(BuyerSign(buyer_id=buyer_id, kind=kind, seen_at=SEEN))
    count(engine, now, buyer_id)
    local = SEEN + timedelta(hours={"SA": 3, "AE": 4}[country])
    gained = {cell: times for cell, times in counted(engine, buyer_id).items() if times != before.get(cell)}
    assert gained == {sign_cell(kind, local, country): 1}
    count(engine, now, buyer_id)
    assert counted(engine, buyer_id) == before | gained


def test_a_sign_in_ramadan_does_not_speak_of_other_weeks_but_an_order_does(
    engine: Engine, now: datetime
) -> None:
    _, attempt = asked(engine, now)
    in_ramadan = datetime(2027, 2, 20, 21, tzinfo=UTC)
    with unit_of_work(engine) as session:
        for kind in (SignOfLife.message_read, SignOfLife.order_placed):
            session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=kind, seen_at=in_ramadan))
    count(engine, in_ramadan, attempt.buyer_id)
    assert counted(engine, attempt.buyer_id) == {order_cell(in_ramadan + timedelta(hours=3)): 1}
    with unit_of_work(engine) as session:
        assert NOTHING in session.scalars(select(BuyerSign.counted_as)).all()


def test_a_call_that_the_buyer_made_is_a_sign_and_no_contact(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    with unit_of_work(engine) as session:
        held = session.get_one(Attempt, attempt.id)
        held.called_in, held.channel = True, Channel.ivr
        conclude(held, Outcome.answered, now)
        session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.called_in, seen_at=now))
    count(engine, now, attempt.buyer_id)
    here = sign_cell(SignOfLife.called_in, now + timedelta(hours=3), "SA")
    assert counted(engine, attempt.buyer_id) == {here: 1}


def test_of_an_erased_buyer_nothing_is_counted_any_more(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    with unit_of_work(engine) as session:
        session.get_one(Buyer, attempt.buyer_id).erased_at = now
        session.add(BuyerSign(buyer_id=attempt.buyer_id, kind=SignOfLife.page_used, seen_at=now))
    end(engine, attempt, Outcome.replied, now)
    with unit_of_work(engine) as session:
        assert fold_waiting(session, now=now, limit=10) == 1
        assert session.get(Habits, attempt.buyer_id) is None
        assert fold_waiting(session, now=now, limit=10) == 0


def test_the_hour_is_that_at_which_the_contact_was_made(engine: Engine, now: datetime) -> None:
    """An answer at night to a message of noon says that a message at noon is answered."""
    order, attempt = asked(engine, now)
    later = now + timedelta(hours=9)
    hear(engine, reply(attempt, later, button="confirm"), later)
    count(engine, later, attempt.buyer_id)
    [counts] = [attempts.local_hour_of_week for attempts in attempts_of(engine, order)]
    at = contact_cell_of_week(Channel.whatsapp, counts, "SA", Regime.normal, reached=True)
    assert counted(engine, attempt.buyer_id) == {at: 1}


def test_an_attempt_begun_once_more_waits_uncounted() -> None:
    attempt = Attempt(channel=Channel.agent_call, state=AttemptState.failed, outcome=None)
    begin_again(attempt, "agent:1", datetime(2026, 11, 22, tzinfo=UTC))
    assert not attempt.recount


REPORTS = st.lists(
    st.sampled_from(
        [
            (AttemptState.sent, None),
            (AttemptState.delivered, None),
            (AttemptState.reached, None),
            (AttemptState.failed, Meaning.switched_off),
            (AttemptState.failed, Meaning.undeliverable),
            (AttemptState.reached, Outcome.answered),
            (AttemptState.closed, Outcome.no_answer),
            (AttemptState.closed, Outcome.busy),
            (AttemptState.closed, Outcome.voicemail),
            ("reply", "confirm"),
            ("count", None),
        ]
    ),
    max_size=7,
    unique=True,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(REPORTS, st.randoms(use_true_random=False))
def test_every_order_of_arrival_ends_in_the_same_counts(
    line: tuple[Engine, datetime, Attempt], told: list[tuple[object, object]], random: object
) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert after(*line, told) == after(*line, shuffled)


@pytest.fixture
def line(engine: Engine, now: datetime) -> tuple[Engine, datetime, Attempt]:
    set_policy(engine, now, {"ladder": [{"channel": "ivr", "after_minutes": 60}]}, country="SA")
    _, attempt = asked(engine, now, Channel.ivr)
    return engine, now, attempt


def after(
    engine: Engine, now: datetime, attempt: Attempt, told: Sequence[tuple[object, object]]
) -> dict[int, int]:
    """The counts after these reports, counted where "count" stands and at the end; nothing is kept."""
    with Session(engine, expire_on_commit=False) as session:
        for state, said in told:
            if state == "count":
                fold(session, [attempt.buyer_id], now=now)
            elif state == "reply":
                take_in(session, reply(attempt, now, button="confirm"), now=now)
            else:
                meaning = said if isinstance(said, Meaning) else None
                outcome = said if isinstance(said, Outcome) else None
                event = report(attempt, now, state, meaning=meaning, outcome=outcome)  # type: ignore[arg-type]
                take_in(session, event, now=now)
        fold(session, [attempt.buyer_id], now=now)
        cells = pasts_of(session, [attempt.buyer_id])[attempt.buyer_id].cells
        assert sum(cells.values()) <= 3
        return cells


def test_a_second_order_of_the_buyer_is_counted_too(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    an_order(engine, order_row(engine, order).store_id, now)
    count(engine, now, attempt.buyer_id)
    with unit_of_work(engine) as session:
        assert pasts_of(session, [attempt.buyer_id])[attempt.buyer_id].cells[ORDERED] == 2
