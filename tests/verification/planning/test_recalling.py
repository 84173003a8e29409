"""What of a buyer's past is told as speaking for an hour."""

from datetime import datetime

from models.vocabulary import Channel, SignOfLife
from tests.verification.planning.test_learned import RIYADH, answering_at, case
from verification.planning.recalling import recalled
from verification.slots.cells import sign_cell
from verification.slots.counts import Past

EIGHT = datetime(2026, 11, 23, 20, tzinfo=RIYADH)


def reading_at(hour: int, times: int) -> Past:
    counts = Past()
    cell = sign_cell(SignOfLife.message_read, datetime(2026, 11, 16, hour, tzinfo=RIYADH), "SA")
    counts.add(cell, times)
    return counts


def told(counts: Past, channel: Channel = Channel.whatsapp) -> list[tuple[str, int, int]]:
    facts = recalled(case(counts=counts), channel, EIGHT)
    return [(fact["kind"], fact["hour"], fact["times"]) for fact in facts]


def test_calls_taken_at_the_hour_speak_for_a_call() -> None:
    assert ("answers_at", 20, 8) in told(answering_at(20), Channel.agent_call)
    assert told(answering_at(11), Channel.agent_call) == []


def test_messages_read_then_or_often_around_then_speak_for_it() -> None:
    assert told(reading_at(20, 1)) == [("reads_at", 20, 1)]
    assert told(reading_at(19, 2)) == [("reads_at", 19, 2)]


def test_one_message_read_at_another_hour_speaks_for_nothing() -> None:
    assert told(reading_at(19, 1)) == []
    assert told(reading_at(17, 5)) == []


def test_of_a_buyer_without_a_past_nothing_is_told() -> None:
    assert told(Past()) == []
