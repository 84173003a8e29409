"""The picture of a day: every minute of it stands in exactly one piece of each lane."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from models.countries import SERVED
from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import IN_CAIRO, IN_DUBAI, IN_RIYADH, at
from verification.hours.calendar import COMPUTED
from verification.hours.days import day_of
from verification.hours.pauses import Pause
from verification.policy.values import default_policy
from web.board.hours_drawing import State, draw, piece_at, pieces_of
from web.board.hours_now import in_largest

CALL, MESSAGE = ContactKind
MINUTE = timedelta(minutes=1)
FRIDAY = date(2026, 11, 27)


def a_day(where, day, kind):
    return day_of(where, day, kind, MessageClass.service, default_policy(where.country), COMPUTED)


def drawn(where, day, *, is_mirrored=False):
    return draw({kind: a_day(where, day, kind) for kind in ContactKind}, where.zone, is_mirrored=is_mirrored)


def told(lane):
    """What the lane says, in order."""
    return [(each.state, each.pause.code if each.pause else None) for each in lane]


def a_place():
    return st.sampled_from(sorted(SERVED)).map(in_largest)


@settings(deadline=None)
@given(a_place(), st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.sampled_from(list(ContactKind)))
def test_every_minute_is_in_one_piece_and_what_it_says_is_so(where, day, kind):
    hours = a_day(where, day, kind)
    pieces = pieces_of(hours)
    assert (pieces[0].begins, pieces[-1].ends) == (hours.begins, hours.ends)
    assert all(before.ends == after.begins for before, after in pairwise(pieces))
    assert all(each.begins < each.ends for each in pieces)
    minute = hours.begins
    while minute < hours.ends:
        is_allowed, is_preferred = (
            any(begins <= minute < ends for begins, ends in stretches)
            for stretches in (hours.allowed, hours.preferred)
        )
        state = piece_at(pieces, minute).state
        assert (state in (State.open, State.soft)) == is_allowed
        assert (state is State.open) == is_preferred
        minute += 7 * MINUTE


@settings(deadline=None)
@given(a_place(), st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.booleans())
def test_pieces_fill_the_width_in_both_directions(where, day, is_mirrored):
    picture = drawn(where, day, is_mirrored=is_mirrored)
    for lane in picture.lanes.values():
        assert abs(sum(picture.width(each) for each in lane) - 100) < 0.1
        for before, after in pairwise(lane):
            first, second = (after, before) if is_mirrored else (before, after)
            assert abs(picture.left(first) + picture.width(first) - picture.left(second)) < 0.01


def test_a_friday_in_riyadh():
    picture = drawn(IN_RIYADH, FRIDAY)
    assert told(picture.lanes[CALL]) == [
        (State.outside, "outside_hours"),
        (State.hard, "friday_prayer"),
        (State.outside, "outside_hours"),
        (State.open, None),
        (State.hard, "prayer"),
        (State.open, None),
        (State.hard, "prayer"),
        (State.open, None),
        (State.outside, "outside_hours"),
    ]
    assert (State.soft, "friday_prayer") in told(picture.lanes[MESSAGE])
    noon = piece_at(picture.lanes[CALL], at("2026-11-27T12:00"))
    assert noon.pause.code == "friday_prayer"


def test_the_fixed_friday_prayer_of_the_emirates():
    [prayer] = [
        each
        for each in drawn(IN_DUBAI, FRIDAY).lanes[CALL]
        if each.pause and each.pause.code == "friday_prayer"
    ]
    begins, ends = (at(f"2026-11-27T{clock}", IN_DUBAI) for clock in ("12:15", "13:45"))
    assert (prayer.begins, prayer.ends) == (begins, ends)


def test_no_call_on_the_eid_and_messages_as_ever():
    picture = drawn(IN_RIYADH, date(2027, 3, 9))
    assert told(picture.lanes[CALL]) == [(State.hard, "eid")]
    assert {each.state for each in picture.lanes[MESSAGE]} == {State.outside, State.open, State.soft}


def test_the_hours_run_the_way_the_page_is_read():
    left, right = (drawn(IN_RIYADH, FRIDAY, is_mirrored=way) for way in (False, True))
    assert [mark.text for mark in left.hours] == ["00", "03", "06", "09", "12", "15", "18", "21", "24"]
    assert [mark.x for mark in left.hours] == [0, 12.5, 25, 37.5, 50, 62.5, 75, 87.5, 100]
    assert [mark.x for mark in right.hours] == [100, 87.5, 75, 62.5, 50, 37.5, 25, 12.5, 0]


def test_a_day_of_25_hours_keeps_the_clock_on_the_wall():
    # Cairo's clocks go back at the end of Thursday, 29 October 2026.
    picture = drawn(IN_CAIRO, date(2026, 10, 29))
    assert picture.ends - picture.begins == timedelta(hours=25)
    [nine] = [mark for mark in picture.hours if mark.text == "09"]
    assert nine.x == picture.x(at("2026-10-29T09:00", IN_CAIRO)) == 36


def test_rows_change_where_a_lane_does():
    rows = drawn(IN_RIYADH, FRIDAY).rows
    assert all(before.ends == after.begins for before, after in pairwise(rows))
    [prayer] = [row for row in rows if row.begins == at("2026-11-27T11:11")]
    assert [each.state for each in prayer.pieces.values()] == [State.hard, State.soft]


def test_names_have_room():
    names = drawn(IN_RIYADH, FRIDAY).names_over(lambda pause: pause.code * 3)
    assert "friday_prayer" * 3 in [mark.text for mark in names]
    assert all(after.x - before.x >= len(before.text) * 0.5 for before, after in pairwise(names))
    assert len({mark.x for mark in names}) == len(names)


def test_what_lasts_long_is_named_in_its_lane():
    picture = drawn(IN_RIYADH, date(2027, 3, 9))
    [mark] = picture.names_in(picture.lanes[CALL], lambda pause: pause.code)
    assert (mark.text, mark.x) == ("eid", 50)
    assert picture.names_in(picture.lanes[MESSAGE], lambda pause: pause.code) == ()
    assert "eid" not in [mark.text for mark in picture.names_over(lambda pause: pause.code)]


def test_a_storm_is_named_before_all_else():
    hours = a_day(IN_RIYADH, FRIDAY, CALL)
    storm = Pause(hours.begins, hours.ends, "storm", True)
    stormy = type(hours)(hours.begins, hours.ends, hours.windows, (), (), (storm, *hours.shut))
    assert [(each.state, each.pause.code) for each in pieces_of(stormy)] == [(State.hard, "storm")]


def test_an_instant_has_its_place():
    picture = drawn(IN_RIYADH, FRIDAY)
    assert picture.x(datetime(2026, 11, 27, 9, 0, tzinfo=UTC)) == 50
