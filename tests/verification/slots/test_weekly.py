"""A buyer's week in plain numbers: what counts say shows in it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from models.vocabulary import Channel, Regime
from verification.slots.cells import contact_cell, rest_days
from verification.slots.counts import Past
from verification.slots.model import Model, cold_model
from verification.slots.weekly import week_of

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
EVENINGS = Past(
    {
        contact_cell(Channel.agent_call, MONDAY.replace(hour=21), "SA", Regime.normal, reached=True): 6,
        contact_cell(Channel.agent_call, MONDAY.replace(hour=11), "SA", Regime.normal, reached=False): 6,
    }
)


@pytest.fixture(scope="module")
def model() -> Model:
    return cold_model()


def test_the_hours_that_were_answered_stand_out(model: Model) -> None:
    calls = week_of(model, EVENINGS, "SA", "")[Channel.agent_call]
    assert calls[0][21] > 1.5 * calls[0][11]
    assert all(0 < chance < 1 for day in calls for chance in day)
    assert [len(day) for day in calls] == [24] * 7


def test_of_nobody_in_particular_all_days_of_a_kind_are_alike(model: Model) -> None:
    week = week_of(model, Past(), "SA", "")
    for channel in (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call):
        assert len({week[channel][day] for day in (0, 1, 2, 3, 6)}) == 1
        assert week[channel][4] == week[channel][5] != week[channel][0]


def test_a_weekday_of_its_own_shows_most_in_calls(model: Model) -> None:
    table = np.zeros((7, 24), np.float32)
    table[4, 12] = -2
    friday = replace(model, weekdays={rest_days("SA"): table})
    plain, moved = (week_of(each, Past(), "SA", "") for each in (model, friday))
    fall = {
        channel: plain[channel][4][12] - moved[channel][4][12]
        for channel in (Channel.agent_call, Channel.whatsapp)
    }
    assert fall[Channel.agent_call] > fall[Channel.whatsapp] > 0
    assert moved[Channel.agent_call][5] == plain[Channel.agent_call][5]


def test_ramadan_has_a_week_of_its_own(model: Model) -> None:
    normal, ramadan = (
        week_of(model, Past(), "SA", "", regime)[Channel.agent_call]
        for regime in (Regime.normal, Regime.ramadan)
    )
    assert ramadan[0][9] < normal[0][9]
    assert ramadan[0][22] > normal[0][22]
