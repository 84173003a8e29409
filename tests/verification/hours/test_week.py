"""How much of each hour of a week is open."""

from datetime import date

from models.vocabulary import ContactKind
from verification.hours.calendar import COMPUTED
from verification.hours.places import where_of
from verification.hours.week import week_hours
from verification.policy.stored import PolicyBook

SUNDAY = date(2026, 11, 22)
RIYADH = where_of("SA", "SA/riyadh")


def test_every_hour_of_the_week_is_told_once() -> None:
    policy = PolicyBook([]).policy(country="SA")
    hours = week_hours(RIYADH, ContactKind.call, policy, COMPUTED, SUNDAY)
    assert len(hours) == 168
    assert hours[0, 3].minutes == 0
    assert hours[0, 3].codes == ("outside_hours",)
    assert all(0 <= hour.minutes <= 60 for hour in hours.values())


def test_prayers_take_a_part_of_their_hours() -> None:
    policy = PolicyBook([]).policy(country="SA")
    hours = week_hours(RIYADH, ContactKind.call, policy, COMPUTED, SUNDAY)
    parted = [hour for hour in hours.values() if 0 < hour.minutes < 60 and "prayer" in hour.codes]
    assert parted
    friday_noon = hours[4, 12]
    assert "friday_prayer" in friday_noon.codes
    assert friday_noon.minutes < 60
    assert "friday_prayer" not in hours[3, 12].codes


def test_a_day_on_which_the_clocks_change_has_its_own_hours() -> None:
    cairo = where_of("EG", None)
    policy = PolicyBook([]).policy(country="EG")
    # Egypt's clocks skip the first hour of the last Friday of April.
    hours = week_hours(cairo, ContactKind.call, policy, COMPUTED, date(2026, 4, 20))
    assert len(hours) == 167
    assert (4, 0) not in hours
