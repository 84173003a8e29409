from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from channels.protocol import Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.senders import ProviderState, Sender
from models.unit_of_work import unit_of_work
from models.vocabulary import SenderKind
from tests.building import a_store, an_order, ready_claims
from tests.conftest import Work
from verification import audit
from verification.alarms import raise_alarm, standing_alarms
from verification.contact.beginning import begin
from verification.routing.outages import outages
from verification.routing.stored import (
    SenderRefused,
    add_sender,
    list_senders,
    note_result,
    note_results,
    provider_out,
    remove_sender,
    set_sender,
)

ADDRESS = "+966500000001"
SERVICE, TRUNK = "MG" + "a" * 32, "BY" + "0" * 32
SECOND = timedelta(seconds=1)
DOWN = Refused("connect", Meaning.provider_down)
WELL = Sent("SM1")


def a_sender(session: Session, now: datetime, **more: Any) -> Sender:
    values = {"kind": SenderKind.whatsapp, "address": ADDRESS, "actor": "operator", "now": now}
    return add_sender(session, **(values | more))  # type: ignore[arg-type]


@pytest.fixture
def attempt(engine: Engine, now: datetime) -> Attempt:
    """A contact that was begun at `now` from a sender."""
    an_order(engine, a_store(engine, now), now)
    [held] = ready_claims(engine, now)
    with unit_of_work(engine) as session:
        attempt_id, _ = begin(session, held, provider="twilio", now=now)
        attempt = session.get_one(Attempt, attempt_id)
        attempt.sender_id = a_sender(session, now).id
    return attempt


def learn(engine: Engine, attempt: Attempt, result: Sent | Refused | Uncertain, at: datetime) -> Sender:
    """The sender after a contact that ended like this, begun just then."""
    with unit_of_work(engine) as session:
        mine = session.get_one(Attempt, attempt.id)
        mine.started_at = at
        note_result(session, mine, result, provider="twilio", now=at, luck=0)
        return session.get_one(Sender, mine.sender_id)


def test_a_sender_that_fails_rests_and_loses_standing_and_comes_back(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    refused = Refused("21657", Meaning.sender_refused)
    sender = learn(engine, attempt, refused, now)
    assert (sender.failures, sender.standing, sender.resting_until) == (1, 100, now + 2 * SECOND)
    sender = learn(engine, attempt, refused, now + 2 * SECOND)
    assert (sender.failures, sender.standing, sender.resting_until) == (2, 80, now + 6 * SECOND)
    sender = learn(engine, attempt, WELL, now + timedelta(minutes=2))
    assert (sender.failures, sender.standing, sender.resting_until) == (0, 90, None)
    sender = learn(engine, attempt, WELL, now + timedelta(minutes=4))
    assert (sender.standing, sender.failures) == (100, 0)


def test_a_provider_that_is_asked_too_much_says_how_long_to_rest(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    slow = Refused("20429", Meaning.slow_down, after=timedelta(seconds=30))
    assert learn(engine, attempt, slow, now).resting_until == now + 30 * SECOND


@pytest.mark.parametrize(
    "result",
    [
        Refused("no_sender", Meaning.no_road),
        Refused("never_taken", Meaning.retry_later),
        Refused("63016", Meaning.window_closed),
        Refused("20003", Meaning.our_fault),
        Refused("21614", Meaning.no_such_number),
        WELL,
    ],
)
def test_what_is_not_the_senders_fault_costs_it_nothing(
    engine: Engine, attempt: Attempt, now: datetime, result: Sent | Refused
) -> None:
    sender = learn(engine, attempt, result, now)
    assert (sender.failures, sender.standing, sender.resting_until) == (0, 100, None)


def test_a_refusal_for_the_phones_sake_shows_that_the_provider_works(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    for number in range(4):
        learn(engine, attempt, DOWN, now + number * SECOND)
    learn(engine, attempt, Refused("21614", Meaning.no_such_number), now + 5 * SECOND)
    learn(engine, attempt, DOWN, now + 6 * SECOND)
    with unit_of_work(engine) as session:
        assert outages(session) == []


def test_lost_answers_now_and_then_cost_nothing_in_a_row_a_rest(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    lost = Uncertain("timeout")
    assert learn(engine, attempt, lost, now).resting_until is None
    learn(engine, attempt, WELL, now + SECOND)
    assert learn(engine, attempt, lost, now + 2 * SECOND).resting_until is None
    assert learn(engine, attempt, lost, now + 3 * SECOND).resting_until == now + 7 * SECOND


def test_a_provider_is_out_after_five_failures_in_a_row_until_one_contact_goes_through(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    for number in range(4):
        learn(engine, attempt, DOWN, now + number * SECOND)
        with unit_of_work(engine) as session:
            assert not provider_out(session, "twilio", now)
    went_out = now + 4 * SECOND
    before = learn(engine, attempt, DOWN, went_out)
    with unit_of_work(engine) as session:
        assert provider_out(session, "twilio", went_out)
        [outage] = outages(session)
        assert (outage.since, outage.retry_at, outage.code) == (went_out, went_out + 5 * SECOND, "connect")
        [alarm] = standing_alarms(session)
        assert (alarm.code, alarm.subject) == ("provider_out", "twilio")
        # What was under way when it went out changes nothing.
        mine = session.get_one(Attempt, attempt.id)
        mine.started_at = now
        note_result(session, mine, DOWN, provider="twilio", now=went_out + SECOND, luck=0)
        assert outages(session) == [outage]
    # A probe that fails doubles the wait, and is not held against the sender.
    probed = went_out + 5 * SECOND
    after = learn(engine, attempt, DOWN, probed)
    assert (after.failures, after.resting_until) == (before.failures, before.resting_until)
    with unit_of_work(engine) as session:
        assert outages(session)[0].retry_at == probed + 10 * SECOND
    learn(engine, attempt, WELL, probed + 10 * SECOND)
    with unit_of_work(engine) as session:
        assert not provider_out(session, "twilio", probed + 10 * SECOND)
        assert (outages(session), standing_alarms(session)) == ([], [])


def test_workers_that_fail_at_once_are_all_counted(engine: Engine, attempt: Attempt, now: datetime) -> None:
    def fail(_: int) -> None:
        with unit_of_work(engine) as session:
            mine = session.get_one(Attempt, attempt.id)
            note_result(session, mine, DOWN, provider="twilio", now=now, luck=0.5)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(fail, range(5)))
    with unit_of_work(engine) as session:
        assert session.get_one(ProviderState, "twilio").failures == 5
        assert provider_out(session, "twilio", now)


def test_batches_that_settle_at_once_wait_for_each_other(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    with unit_of_work(engine) as session:
        other = a_sender(session, now, address="+966500000002").id
    together = Barrier(2)

    def settle(turn: int) -> None:
        for number in range(10):
            at = now + number * timedelta(minutes=11)
            with unit_of_work(engine) as session:
                mine = session.get_one(Attempt, attempt.id)
                theirs = Attempt(sender_id=other, provider="twilio", started_at=at)
                pair: list[tuple[Attempt, Sent | Refused | Uncertain]] = [
                    (mine, Refused("20429", Meaning.slow_down)),
                    (theirs, DOWN),
                ]
                together.wait()
                note_results(session, pair[:: 1 if turn else -1], now=at, luck=lambda: 0)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(settle, range(2)))
    with unit_of_work(engine) as session:
        assert session.get_one(Sender, attempt.sender_id).failures == 10


def test_while_all_is_well_a_result_writes_nothing(engine: Engine, attempt: Attempt, now: datetime) -> None:
    asked: list[str] = []
    with unit_of_work(engine) as session:
        mine = session.get_one(Attempt, attempt.id)
        event.listen(engine, "before_cursor_execute", lambda *them: asked.append(them[2]))
        note_result(session, mine, WELL, provider="twilio", now=now, luck=0)
        note_result(session, mine, DOWN, provider="sandbox", now=now, luck=0)
    assert len(asked) == 1
    assert "FOR UPDATE" not in asked[0]


def test_senders_are_added_listed_changed_and_removed(work: Work, now: datetime) -> None:
    with work() as session:
        made = a_sender(session, now, kind=SenderKind.voice, address="+966 50 000-0001", trunk=TRUNK)
    with work() as session:
        [one] = list_senders(session, now)
        assert (one.id, one.address, one.trunk, one.seller) == (made.id, ADDRESS, TRUNK, None)
        set_sender(session, ADDRESS, weight=5, trunk="", actor="operator", now=now)
        [one] = list_senders(session, now)
        assert (one.weight, one.trunk, one.per_second) == (5, None, Decimal(1))
        remove_sender(session, str(made.id), actor="operator", now=now)
        assert list_senders(session, now) == []
        codes = [(line.code, line.params["address"]) for line in audit.lines(session).lines]
        assert set(codes) == {(code, ADDRESS) for code in ("sender_added", "sender_set", "sender_removed")}
    with work() as session:
        a_sender(session, now, kind=SenderKind.voice)


@pytest.mark.parametrize(
    ("kind", "country", "left"),
    [
        (SenderKind.voice, None, {"sms:SA", "sms:AE"}),
        (SenderKind.voice, "AE", {"ivr:SA", "agent_call:SA", "sms:SA", "sms:AE"}),
        (SenderKind.sms, "SA", {"ivr:SA", "agent_call:SA", "sms:AE"}),
    ],
)
def test_a_new_sender_ends_the_alarms_about_its_kind_and_country(
    session: Session, now: datetime, kind: SenderKind, country: str | None, left: set[str]
) -> None:
    for subject in ("ivr:SA", "agent_call:SA", "sms:SA", "sms:AE"):
        channel, where = subject.split(":")
        raise_alarm(session, "no_sender", subject, {"channel": channel, "country": where}, now=now)
    a_sender(session, now, kind=kind, country=country)
    assert {alarm.subject for alarm in standing_alarms(session)} == left


@pytest.mark.parametrize("result", [DOWN, Refused("21614", Meaning.no_such_number), WELL])
def test_the_first_contact_that_is_taken_again_ends_the_alarms_about_the_account(
    engine: Engine, attempt: Attempt, now: datetime, result: Sent | Refused
) -> None:
    for number in range(5):
        learn(engine, attempt, DOWN, now + number * SECOND)
    with unit_of_work(engine) as session:
        raise_alarm(session, "credentials", "twilio", now=now)
    learn(engine, attempt, result, now + timedelta(minutes=20))
    with unit_of_work(engine) as session:
        standing = {alarm.code for alarm in standing_alarms(session)}
    assert ("credentials" in standing) is (result is not WELL)
    assert ("provider_out" in standing) is (result is DOWN)


def test_the_alarm_about_the_account_ends_where_nothing_else_was_wrong(
    engine: Engine, attempt: Attempt, now: datetime
) -> None:
    with unit_of_work(engine) as session:
        raise_alarm(session, "credentials", "twilio", now=now)
    learn(engine, attempt, WELL, now)
    with unit_of_work(engine) as session:
        assert standing_alarms(session) == []


@pytest.mark.parametrize(
    ("kind", "address"),
    [("whatsapp", ADDRESS), ("whatsapp", SERVICE), ("sms", "TAKEED"), ("sms", "7010"), ("sms", SERVICE)],
)
def test_addresses_that_fit_their_kind(session: Session, now: datetime, kind: str, address: str) -> None:
    assert a_sender(session, now, kind=SenderKind(kind), address=address).address == address


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("address_malformed", {"address": ""}),
        ("address_malformed", {"address": "0500000001"}),
        ("address_malformed", {"address": "whatsapp:+966500000001"}),
        ("address_malformed", {"kind": SenderKind.whatsapp, "address": "TAKEED"}),
        ("address_malformed", {"kind": SenderKind.voice, "address": SERVICE}),
        ("address_malformed", {"kind": SenderKind.sms, "address": "TWELVELETTER"}),
        ("address_malformed", {"kind": SenderKind.sms, "address": "تأكيد"}),
        ("address_malformed", {"address": "+٩٦٦٥٠٠٠٠٠٠٠١"}),
        ("address_malformed", {"address": ADDRESS + "\0"}),
        ("trunk_not_for_kind", {"trunk": TRUNK}),
        ("trunk_malformed", {"kind": SenderKind.voice, "trunk": "BY1"}),
        ("unknown_country", {"country": "FR"}),
        ("weight_out_of_range", {"weight": 101}),
        ("weight_out_of_range", {"weight": -1}),
        ("rate_out_of_range", {"per_second": Decimal(0)}),
        ("rate_out_of_range", {"per_second": Decimal("NaN")}),
        ("rate_out_of_range", {"per_second": Decimal("1e9")}),
    ],
)
def test_what_cannot_be_a_sender_is_refused(
    session: Session, now: datetime, code: str, values: dict[str, Any]
) -> None:
    with pytest.raises(SenderRefused) as refused:
        a_sender(session, now, **values)
    assert refused.value.code == code
    assert list_senders(session, now) == []


def test_one_address_is_there_once_for_the_same_buyers(work: Work, now: datetime) -> None:
    with work() as session:
        a_sender(session, now)
        a_sender(session, now, country="SA")
        a_sender(session, now, kind=SenderKind.voice)
    with pytest.raises(SenderRefused, match="sender_taken"), work() as session:
        a_sender(session, now, country="SA")
    with pytest.raises(SenderRefused, match="sender_ambiguous"), work() as session:
        set_sender(session, ADDRESS, weight=1, actor="operator", now=now)
    with pytest.raises(SenderRefused, match="sender_missing"), work() as session:
        remove_sender(session, str(UUID(int=7)), actor="operator", now=now)
