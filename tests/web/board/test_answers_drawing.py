"""The best and the worst hours, and how few contacts look."""

from verification.board.answers import Tally
from verification.hours.week import OpenHour
from web.board.answers_drawing import FEW, extremes, rows

DAYS = (6, 0, 1, 2, 3, 4, 5)


def test_hours_without_contacts_are_cold_and_few_are_said_so() -> None:
    hours = {(0, 20): Tally(5, 3), (0, 21): Tally(FEW, 4)}
    drawn = dict(rows(hours, {(0, 20): OpenHour(30, ("prayer",)), (0, 4): OpenHour(0)}, DAYS))
    few, enough, none = drawn[20][1], drawn[21][1], drawn[4][1]
    assert (few.is_few, few.heat, few.codes, few.is_shut) == (True, 6, ("prayer",), False)
    assert (enough.is_few, enough.heat) == (False, 4)
    assert (none.is_few, none.heat, none.is_shut) == (False, None, True)


def test_three_hours_of_each_are_named() -> None:
    hours = {(0, hour): Tally(100, 3 * hour) for hour in range(9, 22)}
    found = extremes(hours, {}, DAYS)
    assert [cell.hour for cell in found.best] == [21, 20, 19]
    assert [cell.hour for cell in found.worst] == [9, 10, 11]


def test_luck_is_not_named_and_no_hour_is_best_and_worst() -> None:
    lucky = {(0, 9): Tally(2, 2), (0, 10): Tally(FEW, 7), (0, 11): Tally(400, 200), (0, 12): Tally(400, 80)}
    found = extremes(lucky, {}, DAYS)
    assert [cell.hour for cell in found.best] == [10]
    assert [cell.hour for cell in found.worst] == [12]
    assert extremes({(0, 9): Tally(50, 2)}, {}, DAYS).best == ()
    assert extremes({}, {}, DAYS).worst == ()
