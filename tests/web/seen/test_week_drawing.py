"""Heat: how chances and rates are drawn."""

import pytest

from models.vocabulary import Channel, ContactKind
from verification.habits.picturing import Made, picture_week
from verification.hours.week import OpenHour
from verification.slots.counts import Past
from verification.slots.model import cold_model
from web.seen.week_drawing import HOTTEST, cells, heat_of


@pytest.mark.parametrize(("chance", "heat"), [(0, 0), (0.09, 0), (0.1, 1), (0.45, 4), (0.6, 6), (1, HOTTEST)])
def test_more_is_hotter_up_to_the_hottest(chance: float, heat: int) -> None:
    assert heat_of(chance) == heat


def test_a_cell_tells_whether_it_is_shut_and_what_was_tried() -> None:
    made = [Made(Channel.agent_call, 20, answered=True)]
    week = picture_week(cold_model(), 0, Past(), made, country="SA", city="")
    hours = {(0, 20): OpenHour(0, ("outside_hours",)), (0, 21): OpenHour(35, ("prayer",))}
    drawn = dict(cells(week, ContactKind.call, hours, (6, 0)))
    assert len(drawn) == 24
    sunday, monday = drawn[20]
    assert (sunday.weekday, monday.weekday) == (6, 0)
    assert (monday.is_shut, monday.met.answered) == (True, 1)
    assert (sunday.is_shut, drawn[21][1].is_shut) == (False, False)
    assert monday.chance == week.chances[ContactKind.call][0][20]
