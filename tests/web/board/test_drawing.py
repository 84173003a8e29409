from hypothesis import given
from hypothesis import strategies as st

from verification.board.causes import Cause, TimeLeft
from verification.board.queue import Queue, Waiting
from web.board.drawing import WIDTH, bar, heat


@given(st.dictionaries(st.sampled_from(list(Cause)), st.integers(0, 10**6)))
def test_the_parts_of_a_bar_fill_it(counts):
    parts = bar(counts)
    assert [part.code for part in parts] == list(counts)
    assert all(0 <= part.start <= WIDTH for part in parts)
    total = sum(part.width for part in parts)
    assert abs(total - (WIDTH if sum(counts.values()) else 0)) < 0.1


def test_the_hottest_cell_is_the_fullest_and_one_order_is_seen(now):
    groups = [
        Waiting("SA", Cause.capped, TimeLeft.hour, 1, now),
        Waiting("SA", Cause.capped, TimeLeft.later, 150, now),
        Waiting("SA", Cause.outside_hours, TimeLeft.later, 50, now),
        Waiting("AE", Cause.capped, TimeLeft.day, 100, now),
    ]
    rows = heat(Queue(now, tuple(groups)))
    assert [(row.country, row.total) for row in rows] == [("SA", 201), ("AE", 100)]
    assert {cell.time_left: (cell.count, cell.heat) for cell in rows[0].cells} == {
        TimeLeft.overdue: (0, 0),
        TimeLeft.hour: (1, 1),
        TimeLeft.four_hours: (0, 0),
        TimeLeft.twelve_hours: (0, 0),
        TimeLeft.day: (0, 0),
        TimeLeft.later: (200, 4),
    }
    assert rows[1].cells[4].heat == 2


def test_an_empty_queue_has_no_rows(now):
    assert heat(Queue(now, ())) == []
