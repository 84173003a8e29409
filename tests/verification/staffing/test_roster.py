"""The week that is kept, and the record of its changes."""

import pytest

from verification import audit
from verification.staffing.roster import read_week, set_week
from verification.staffing.week import RosterRefused, Staff, block

WEEK = dict.fromkeys(block((6, 0), 9, 17), Staff(6, 10))


def test_a_week_is_set_changed_and_taken_back(session, now):
    assert read_week(session) == {}
    assert set_week(session, WEEK, actor="operator", now=now)
    assert read_week(session) == WEEK
    assert not set_week(session, WEEK, actor="operator", now=now), "nothing changed"
    more = {**WEEK, (4, 20): Staff(1, 4)}
    assert set_week(session, more, actor="operator", now=now)
    assert read_week(session) == more
    assert set_week(session, {}, actor="operator", now=now)
    assert read_week(session) == {}
    told = [(line.code, line.params["after"]) for line in audit.lines(session).lines]
    assert [code for code, _ in told] == ["staffing_cleared", "staffing_set", "staffing_set"]
    assert told[-1][1] == {"told": 1, "hours": 16, "agent_hours": 96, "calls": 960}


def test_hours_with_nobody_are_left_out_unless_there_is_nobody_at_all(session, now):
    set_week(session, {**WEEK, (2, 3): Staff(0)}, actor="operator", now=now)
    assert read_week(session) == WEEK
    nobody = {(2, 3): Staff(0)}
    assert set_week(session, nobody, actor="operator", now=now)
    assert read_week(session) == nobody
    assert set_week(session, {}, actor="operator", now=now)
    [taken_back, _, _] = audit.lines(session).lines
    assert (taken_back.params["before"]["told"], taken_back.params["after"]["told"]) == (1, 0)


@pytest.mark.parametrize(
    ("hour", "staff", "field"),
    [
        ((7, 0), Staff(1), "7-0"),
        ((0, 24), Staff(1), "0-24"),
        ((0, 9), Staff(-1), "0-9"),
        ((0, 9), Staff(10_001), "0-9"),
        ((0, 9), Staff(1, 0), "calls_an_hour"),
        ((0, 9), Staff(1, 61), "calls_an_hour"),
    ],
)
def test_numbers_that_no_house_has_are_refused(session, now, hour, staff, field):
    with pytest.raises(RosterRefused) as refused:
        set_week(session, {hour: staff}, actor="operator", now=now)
    assert refused.value.field == field
    assert read_week(session) == {}
