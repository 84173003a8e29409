"""A buyer's week as a picture: what it rests on, and where contacts were met."""

from datetime import UTC, datetime

from models.vocabulary import Channel, ContactKind, Regime, SignOfLife
from verification.habits.picturing import Made, Met, picture_week
from verification.slots.cells import contact_cell, order_cell, sign_cell
from verification.slots.counts import Past
from verification.slots.model import cold_model

MONDAY_21 = datetime(2026, 11, 23, 21, tzinfo=UTC)
PAST = Past(
    {
        contact_cell(Channel.agent_call, MONDAY_21, "SA", Regime.normal, reached=True): 4,
        contact_cell(Channel.whatsapp, MONDAY_21, "SA", Regime.ramadan, reached=False): 3,
        order_cell(MONDAY_21): 2,
        sign_cell(SignOfLife.message_read, MONDAY_21, "SA"): 1,
    }
)


def test_it_tells_what_it_rests_on() -> None:
    week = picture_week(cold_model(), 3, PAST, (), country="SA", city="riyadh")
    assert (week.contacts, week.orders, week.signs, week.model) == (7, 2, 1, 3)
    assert [(fact.kind.value, fact.hour, fact.times) for fact in week.facts] == [
        ("answers_at", 21, 4),
        ("reads_at", 21, 1),
    ]
    nobody = picture_week(cold_model(), 0, Past(), (), country="SA", city="")
    assert (nobody.contacts, nobody.orders, nobody.signs, nobody.facts) == (0, 0, 0, ())


def test_contacts_stand_where_they_were_made() -> None:
    made = [
        Made(Channel.agent_call, 21, answered=True),
        Made(Channel.ivr, 21, answered=False),
        Made(Channel.agent_call, 6 * 24 + 9, answered=False),
        Made(Channel.whatsapp, 30, answered=True),
    ]
    week = picture_week(cold_model(), 0, PAST, made, country="SA", city="")
    assert week.met[ContactKind.call] == {(0, 21): Met(1, 1), (6, 9): Met(0, 1)}
    assert week.met[ContactKind.message] == {(1, 6): Met(1, 0)}


def test_the_best_hour_is_one_of_those_asked_about() -> None:
    week = picture_week(cold_model(), 0, PAST, (), country="SA", city="")
    assert week.best(ContactKind.call, 0, range(9, 22)) in (20, 21)
    assert week.best(ContactKind.call, 0, [4, 10]) == 10
    assert week.best(ContactKind.call, 0, []) is None
