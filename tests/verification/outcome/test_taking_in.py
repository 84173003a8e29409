from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from channels.protocol import EventKind, Meaning
from models.buyers import BuyerSign, Reachability
from models.diary import DiaryEntry
from models.inbound import InboundBody, InboundEvent
from models.messages import Message
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, InboundState, Outcome, Verdict
from tests.building import (
    an_event,
    attempts_of,
    decisions_of,
    events_of,
    hear,
    live_step,
    order_row,
    reply,
    report,
    set_policy,
    verdict_of,
)
from tests.verification.outcome.asked import asked


def test_an_event_is_kept_with_its_raw_form_and_the_contact_it_belongs_to(
    engine: Engine, now: datetime
) -> None:
    _, attempt = asked(engine, now)
    taken = hear(engine, report(attempt, now, AttemptState.delivered, raw='{"a":"\0"}'), now)
    with unit_of_work(engine) as session:
        stored = session.get_one(InboundEvent, taken.event_id)
        assert (stored.state, stored.attempt_id) == (InboundState.applied, attempt.id)
        assert session.get_one(InboundBody, taken.event_id).body == '{"a":""}'


def test_an_event_is_found_by_the_providers_own_id_too(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(
        engine,
        report(attempt, now, AttemptState.delivered, reference=None, provider_id=attempt.provider_id),
        now,
    )
    assert attempts_of(engine, order)[0].state is AttemptState.delivered


@pytest.mark.parametrize(
    ("stranger", "problem"),
    [
        ({"reference": "tk-nobody"}, "unknown_reference"),
        ({"reference": None}, "unknown_reference"),
        ({"reference": None, "provider_id": "nobody"}, "unknown_reference"),
        ({"code": "brand-new-status"}, "unknown_status"),
    ],
)
def test_what_fits_nothing_is_kept_and_shown_and_changes_nothing(
    engine: Engine, now: datetime, stranger: dict[str, Any], problem: str
) -> None:
    order, attempt = asked(engine, now)
    before = order_row(engine, order).updated_at
    taken = hear(engine, an_event(attempt, now, kind=EventKind.transport, **stranger), now)
    assert taken.state is InboundState.quarantined
    with unit_of_work(engine) as session:
        assert session.get_one(InboundEvent, taken.event_id).problem == problem
        assert session.get(InboundBody, taken.event_id)
    [after] = attempts_of(engine, order)
    assert (after.state, after.outcome) == (AttemptState.sent, None)
    assert order_row(engine, order).updated_at == before


def test_the_same_event_twice_is_one(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    confirmation = reply(attempt, now, button="confirm")
    assert not hear(engine, confirmation, now).repeated
    assert hear(engine, confirmation, now + timedelta(hours=1)).repeated
    assert len(decisions_of(engine, order)) == 1


@pytest.mark.parametrize("copies", [1, 2], ids=["one body in two threads", "two bodies in two threads"])
def test_events_at_the_same_instant_from_two_threads_are_one_change(
    engine: Engine, now: datetime, copies: int
) -> None:
    order, attempt = asked(engine, now)
    bodies = [reply(attempt, now, button="confirm") for _ in range(copies)] * (4 // copies)
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda event: hear(engine, event, now), bodies))
    assert sum(not result.repeated for result in results) == copies
    assert len(decisions_of(engine, order)) == 1
    assert len(events_of(engine, order)) == 1
    with unit_of_work(engine) as session:
        said = select(func.count()).select_from(Message).where(Message.direction == "in")
        assert session.scalar(said) == copies


def test_two_threads_with_different_answers_agree_with_some_order(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    answers = [reply(attempt, now, button=button) for button in ("confirm", "cancel")]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda event: hear(engine, event, now), answers))
    verdicts = [decision.verdict for decision in decisions_of(engine, order)]
    # A yes after a no is an agent's to settle; a no after a yes holds.
    assert verdicts in ([Verdict.confirmed, Verdict.rejected], [Verdict.rejected])
    assert verdict_of(engine, order) is Verdict.rejected


def story(engine: Engine, order: Any) -> tuple[Any, ...]:
    """What every order of arrival must agree on."""
    [attempt] = attempts_of(engine, order)
    with unit_of_work(engine) as session:
        reach = [row.reachable for row in session.scalars(select(Reachability))]
    return (attempt.state, attempt.outcome, verdict_of(engine, order), reach)


MESSAGE = [
    {"state": AttemptState.sent},
    {"state": AttemptState.delivered},
    {"state": AttemptState.reached},
    {"state": AttemptState.failed, "outcome": Outcome.failed, "meaning": Meaning.no_such_channel},
]
CALL = [
    {"state": AttemptState.sent},
    {"state": AttemptState.reached},
    {"button": "confirm"},
    {"state": AttemptState.closed, "outcome": Outcome.answered},
]


@pytest.mark.parametrize(("channel", "reports"), [(Channel.whatsapp, MESSAGE), (Channel.ivr, CALL)])
def test_reports_in_every_order_end_the_same(
    engine: Engine, now: datetime, channel: Channel, reports: list[dict[str, Any]]
) -> None:
    ladder = [{"channel": each.value, "after_minutes": 60} for each in (channel, Channel.agent_call)]
    set_policy(engine, now, {"ladder": ladder}, country="SA")
    ends = set()
    for number, order_of_arrival in enumerate(permutations(reports)):
        order, attempt = asked(engine, now, channel, phone=f"05512345{number:02}")
        for place, told in enumerate(order_of_arrival):
            kind = EventKind.reply if "button" in told else EventKind.transport
            at = now + timedelta(seconds=place)
            hear(engine, an_event(attempt, at, kind=kind, **told), at)
        end = story(engine, order)
        ends.add((*end[:3], tuple(set(end[3]))))
    assert len(ends) == 1


def test_a_failure_is_a_reason_to_try_another_channel_and_no_verdict(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    gone = report(attempt, now, AttemptState.failed, code="63024", meaning=Meaning.no_such_channel)
    hear(engine, gone, now)
    [after] = attempts_of(engine, order)
    assert (after.outcome, after.error_code) == (Outcome.unreachable, "63024")
    assert verdict_of(engine, order) is None
    assert live_step(engine, order).channel is Channel.sms
    assert order_row(engine, order).last_outcome is Outcome.unreachable


def test_a_message_that_was_read_is_a_sign_of_life(engine: Engine, now: datetime) -> None:
    _, attempt = asked(engine, now)
    read_at = now + timedelta(minutes=7)
    hear(engine, report(attempt, read_at, AttemptState.reached), read_at)
    with unit_of_work(engine) as session:
        signs = dict(session.execute(select(BuyerSign.kind, BuyerSign.seen_at)).all())
    assert signs["message_read"] == read_at


def test_the_story_is_told_in_the_diary_without_words_or_phones(engine: Engine, now: datetime) -> None:
    order, attempt = asked(engine, now)
    hear(engine, reply(attempt, now, text="نعم أكد الطلب"), now)
    with unit_of_work(engine) as session:
        lines = session.scalars(
            select(DiaryEntry).where(DiaryEntry.order_id == order).order_by(DiaryEntry.id)
        ).all()
    assert [line.code for line in lines] == [
        "order_received",
        "contact_planned",
        "contact_begun",
        "contact_planned",
        "heard_confirm",
        "decided_confirmed",
    ]
    told = str([line.params for line in lines])
    assert "نعم" not in told
    assert "551234567" not in told
