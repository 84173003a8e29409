from datetime import date
from zoneinfo import ZoneInfo

import pytest

from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import IN_CAIRO, IN_DOHA, IN_DUBAI, IN_RIYADH, IN_SAUDI, at
from verification.hours.calendar import COMPUTED, Calendar, Occasion, Override
from verification.hours.pauses import pauses
from verification.hours.where import Where
from verification.policy.values import default_policy, with_overrides

CALL, MESSAGE = ContactKind.call, ContactKind.message
SUNDAY, FRIDAY = date(2026, 11, 22), date(2026, 11, 27)
# Umm al-Qura: Ramadan 1448 from 8 February to 8 March 2027.
FIRST, MIDDLE, LAST, EID = date(2027, 2, 8), date(2027, 2, 20), date(2027, 3, 8), date(2027, 3, 9)


def told(
    where: Where,
    day: date,
    kind: ContactKind = CALL,
    calendar: Calendar = COMPUTED,
    purpose: MessageClass = MessageClass.service,
    **values: object,
) -> dict[str, list[str]]:
    """The pauses by code, "HH:MM-HH:MM" in local time, soft ones in brackets."""
    zone, found = ZoneInfo(where.zone), dict[str, list[str]]()
    policy = with_overrides(default_policy(where.country), values)
    for pause in pauses(where, day, kind, purpose, policy, calendar):
        text = f"{pause.begins.astimezone(zone):%H:%M}-{pause.ends.astimezone(zone):%H:%M}"
        found.setdefault(pause.code, []).append(text if pause.is_hard else f"({text})")
    return found


def overridden(occasion: Occasion, first: date | None = None, **more: object) -> Calendar:
    return Calendar.of([Override("SA", occasion, first_on=first, **more)])  # type: ignore[arg-type]


def test_five_prayers_stop_calls_and_delay_messages() -> None:
    calls = told(IN_RIYADH, SUNDAY)
    assert calls == {"prayer": ["04:47-05:17", "11:34-12:04", "14:38-15:08", "16:59-17:29", "18:29-18:59"]}
    messages = told(IN_RIYADH, SUNDAY, MESSAGE)
    assert messages == {"prayer": [f"({each})" for each in calls["prayer"]]}


def test_in_an_unknown_city_prayers_only_delay() -> None:
    assert told(IN_SAUDI, SUNDAY) == told(IN_RIYADH, SUNDAY, MESSAGE)


def test_the_friday_prayer_takes_the_place_of_the_noon_prayer() -> None:
    friday = told(IN_RIYADH, FRIDAY)
    assert friday["friday_prayer"] == ["11:11-12:56"]
    assert len(friday["prayer"]) == 4
    assert told(IN_SAUDI, FRIDAY)["friday_prayer"] == ["(11:11-12:56)"]


def test_the_emirates_pray_on_fridays_at_a_fixed_time_in_whatever_city() -> None:
    in_the_emirates = Where("AE", IN_DUBAI.place, is_known=False)
    for where in (IN_DUBAI, in_the_emirates):
        for friday in (FRIDAY, date(2026, 7, 3)):
            assert told(where, friday)["friday_prayer"] == ["12:15-13:45"]
    assert told(IN_DUBAI, FRIDAY, MESSAGE)["friday_prayer"] == ["(12:15-13:45)"]


def test_a_day_of_ramadan() -> None:
    calls = told(IN_RIYADH, MIDDLE)
    assert calls["ramadan_morning"] == ["00:00-11:00"]
    assert calls["iftar"] == ["17:20-18:35"]
    # Two hours after sunset instead of one and a half.
    assert calls["prayer"][-1] == "19:45-20:15"
    assert calls["tarawih"] == ["19:50-21:05"]
    messages = told(IN_RIYADH, MIDDLE, MESSAGE)
    assert "ramadan_morning" not in messages
    assert messages["iftar"] == ["(17:20-18:35)"]


def test_ramadan_begins_with_the_evening_before_and_ends_before_the_last() -> None:
    sure = overridden(Occasion.ramadan, FIRST)
    sure = Calendar.of([*sure.overrides, *overridden(Occasion.eid_fitr, EID).overrides])
    eve = told(IN_RIYADH, date(2027, 2, 7), calendar=sure)
    assert ("tarawih" in eve, "iftar" in eve, "ramadan_morning" in eve) == (True, False, False)
    last = told(IN_RIYADH, LAST, calendar=sure)
    assert ("tarawih" in last, "iftar" in last, "ramadan_morning" in last) == (False, True, True)
    assert told(IN_RIYADH, EID, calendar=sure)["eid"] == ["00:00-00:00"]


def test_what_the_moon_may_still_make_of_a_day_only_delays() -> None:
    eve, last = told(IN_RIYADH, date(2027, 2, 7)), told(IN_RIYADH, LAST)
    assert eve["iftar"][0].startswith("(")
    assert eve["ramadan_morning"] == ["(00:00-11:00)"]
    assert last["eid"] == ["(00:00-00:00)"]
    assert last["tarawih"][0].startswith("(")
    assert not last["iftar"][0].startswith("(")


def test_a_sighting_moves_the_month() -> None:
    later = overridden(Occasion.ramadan, date(2027, 2, 9))
    assert "iftar" not in told(IN_RIYADH, FIRST, calendar=later)
    assert "iftar" in told(IN_RIYADH, date(2027, 2, 9), calendar=later)


def test_nobody_is_called_on_the_first_two_days_of_an_eid() -> None:
    days = [told(IN_RIYADH, date(2027, 3, day)) for day in (9, 10, 11)]
    assert [day.get("eid") for day in days] == [["00:00-00:00"], ["00:00-00:00"], None]
    assert told(IN_RIYADH, EID, MESSAGE)["eid"] == ["(00:00-00:00)"]
    assert "eid" not in told(IN_RIYADH, EID, eid_days_shut=0)


def test_holidays_delay_and_forbid_promotion() -> None:
    national_day = date(2026, 9, 23)
    assert told(IN_RIYADH, national_day)["holiday"] == ["(00:00-00:00)"]
    promoting = MessageClass.promotion
    assert told(IN_RIYADH, national_day, MESSAGE, purpose=promoting)["holiday"] == ["00:00-00:00"]
    working = overridden(Occasion.working_day, national_day, last_on=national_day)
    assert "holiday" not in told(IN_RIYADH, national_day, calendar=working)


def test_a_storm_forbids_everything_where_it_is() -> None:
    begins, ends = at("2026-11-22T15:00"), at("2026-11-23T06:00")
    everywhere = overridden(Occasion.shut, begins_at=begins, ends_at=ends)
    for kind in ContactKind:
        assert told(IN_RIYADH, SUNDAY, kind, everywhere)["storm"] == ["15:00-00:00"]
        assert told(IN_SAUDI, date(2026, 11, 23), kind, everywhere)["storm"] == ["00:00-06:00"]
        assert "storm" not in told(IN_DOHA, SUNDAY, kind, everywhere)
    here = overridden(Occasion.shut, place="SA/riyadh", begins_at=begins, ends_at=ends)
    assert told(IN_RIYADH, SUNDAY, MESSAGE, here)["storm"] == ["15:00-00:00"]
    assert told(IN_SAUDI, SUNDAY, MESSAGE, here)["storm"] == ["(15:00-00:00)"]
    there = overridden(Occasion.shut, place="SA/jeddah", begins_at=begins, ends_at=ends)
    assert "storm" not in told(IN_RIYADH, SUNDAY, MESSAGE, there)


def test_a_policy_without_pauses_has_none() -> None:
    nothing = {
        "prayer_pause_calls": "off",
        "ramadan_calls_from": "00:00",
        "eid_days_shut": 0,
        "holidays": "off",
    }
    for day in (FRIDAY, MIDDLE, EID):
        assert told(IN_RIYADH, day, **nothing) == {}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 4, 24), 23), (date(2026, 10, 29), 25)])
def test_a_whole_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    closed = Calendar.of([Override("EG", Occasion.holiday, first_on=day)])
    policy = with_overrides(default_policy("EG"), {"holidays": "hard"})
    found = pauses(IN_CAIRO, day, CALL, MessageClass.service, policy, closed)
    [holiday] = [each for each in found if each.code == "holiday"]
    assert (holiday.ends - holiday.begins).total_seconds() == hours * 3600
