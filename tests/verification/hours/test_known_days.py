"""Days that went wrong in other systems: the clock's nights, the Friday prayer, Ramadan's edges, the Eids."""

from datetime import date, timedelta

import pytest

from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours.around import IN_CAIRO, IN_DUBAI, at
from tests.verification.hours.asked import ADHA, FITR, RAMADAN, asking, open_minutes, told
from verification.hours.calendar import Occasion, Override

CALL, MESSAGE = ContactKind.call, ContactKind.message
SERVICE, PROMOTION = MessageClass.service, MessageClass.promotion
DAY = timedelta(days=1)
FRIDAY = date(2026, 12, 4)


def sighted(occasion: Occasion, first_on: date) -> Override:
    return Override("SA", occasion, None, first_on)


@pytest.mark.parametrize(
    ("evening", "opens", "utc_hour"),
    [
        ("2026-10-28T22:00", "2026-10-29T11:00", 8),
        ("2026-10-30T22:00", "2026-10-31T11:00", 9),
        ("2027-04-28T22:00", "2027-04-29T11:00", 9),
        ("2027-04-30T22:00", "2027-05-01T11:00", 8),
    ],
)
def test_calls_begin_by_the_clock_on_cairos_walls_before_and_after_it_is_changed(
    evening: str, opens: str, utc_hour: int
) -> None:
    found = told(asking("EG", city="cairo"), at(evening, IN_CAIRO))
    assert found.at == at(opens, IN_CAIRO)
    assert found.at.hour == utc_hour
    assert found.reasons == ("outside_hours",)


def test_prayers_keep_to_the_sun_when_cairo_changes_the_clock() -> None:
    calls = asking("EG", city="cairo")
    assert (
        open_minutes(calls, date(2026, 10, 29))
        == "11:00-12:35 13:05-15:41 16:11-18:06 18:36-19:24 19:54-21:00"
    )
    assert (
        open_minutes(calls, date(2026, 10, 31))
        == "11:00-11:35 12:05-14:40 15:10-17:04 17:34-18:22 18:52-21:00"
    )
    assert (
        open_minutes(calls, date(2027, 4, 29))
        == "11:00-11:48 12:18-15:24 15:54-18:26 18:56-19:50 20:20-21:00"
    )
    assert open_minutes(calls, date(2027, 5, 1)) == "11:00-12:48 13:18-16:24 16:54-19:27 19:57-20:52"


def test_in_the_uae_calls_stop_on_friday_at_noon_by_the_law_and_messages_while_people_pray() -> None:
    calls = asking("AE", city="dubai")
    assert open_minutes(calls, FRIDAY).startswith("09:00-12:00 15:00-")
    messages = asking("AE", MESSAGE, city="dubai", prayer_pause_messages="hard")
    assert open_minutes(messages, FRIDAY).startswith("09:00-12:15 13:45-15:07")
    all_friday = asking("AE", city="dubai", call_hours={"daily": ["09:00-18:00"]})
    assert open_minutes(all_friday, FRIDAY).startswith("09:00-12:15 13:45-15:07")


@pytest.mark.parametrize("city", ["dubai", "fujairah", None])
def test_the_uae_prays_at_one_time_in_every_emirate_so_an_unknown_city_changes_nothing(
    city: str | None,
) -> None:
    calls = asking("AE", city=city, call_hours={"daily": ["09:00-18:00"]})
    assert told(calls, at("2026-12-04T12:14:59", IN_DUBAI)).at == at("2026-12-04T12:14:59", IN_DUBAI)
    found = told(calls, at("2026-12-04T12:15", IN_DUBAI))
    assert (found.at, found.reasons) == (at("2026-12-04T13:45", IN_DUBAI), ("friday_prayer",))


def test_a_message_waits_for_the_end_of_the_prayer_unless_it_would_come_too_late() -> None:
    messages = asking("AE", MESSAGE, city="dubai")
    noon, after = at("2026-12-04T12:30", IN_DUBAI), at("2026-12-04T13:45", IN_DUBAI)
    assert told(messages, noon).at == after
    assert told(messages, noon, after + timedelta(minutes=1)).at == after
    assert told(messages, noon, after).at == noon


def test_ramadan_shuts_the_morning_and_the_meal_from_its_first_day_and_the_evening_from_its_eve() -> None:
    calls = asking("SA", city="riyadh")
    assert open_minutes(calls, RAMADAN - 2 * DAY).endswith("19:37-21:30")
    assert open_minutes(calls, RAMADAN - DAY) == "10:00-12:02 12:32-15:14 15:44-17:37 18:07-19:07 20:27-21:30"
    assert open_minutes(calls, RAMADAN) == "11:00-12:02 12:32-15:15 15:45-17:13 18:28-19:38 20:58-23:00"


def test_on_the_last_day_of_ramadan_there_is_an_iftar_and_no_tarawih() -> None:
    calls = asking("SA", city="riyadh")
    assert (
        open_minutes(calls, FITR - 2 * DAY) == "11:00-11:59 12:29-15:22 15:52-17:28 18:43-19:53 21:13-23:00"
    )
    assert open_minutes(calls, FITR - DAY) == "11:00-11:59 12:29-15:22 15:52-17:29 18:44-19:54 20:24-23:00"


@pytest.mark.parametrize("seen", [RAMADAN - DAY, RAMADAN + DAY])
def test_ramadan_begins_when_the_moon_was_seen(seen: date) -> None:
    calls = asking("SA", CALL, SERVICE, sighted(Occasion.ramadan, seen), city="riyadh")
    assert open_minutes(calls, seen - DAY).startswith("10:00-")
    assert open_minutes(calls, seen - DAY).endswith("-21:30")
    assert open_minutes(calls, seen).startswith("11:00-")
    assert open_minutes(calls, seen).endswith("-23:00")


@pytest.mark.parametrize("seen", [FITR - DAY, FITR + DAY])
def test_ramadan_ends_when_the_moon_was_seen(seen: date) -> None:
    calls = asking("SA", CALL, SERVICE, sighted(Occasion.eid_fitr, seen), city="riyadh")
    assert open_minutes(calls, seen - DAY).endswith("20:23-23:00" if seen < FITR else "20:24-23:00")
    assert [open_minutes(calls, seen + each * DAY) for each in (0, 1)] == ["", ""]
    assert open_minutes(calls, seen + 2 * DAY).endswith("-21:30")


def test_while_nobody_has_seen_the_moon_the_day_before_is_only_kept_where_little_is_lost() -> None:
    calls = asking("SA", city="riyadh")
    eve = RAMADAN - DAY
    found = told(calls, at(f"{eve}T10:30"))
    assert (found.at, found.reasons) == (at(f"{eve}T11:00"), ("ramadan_morning",))
    hurried = at(f"{eve}T10:30")
    assert told(calls, hurried, hurried + timedelta(minutes=20)).at == hurried
    sure = asking("SA", CALL, SERVICE, sighted(Occasion.ramadan, RAMADAN), city="riyadh")
    assert told(sure, hurried).at == hurried


@pytest.mark.parametrize("country", ["SA", "AE", "KW", "QA", "BH", "OM", "JO", "EG", "IQ"])
@pytest.mark.parametrize("eid", [FITR, ADHA])
def test_no_phone_rings_on_the_first_two_days_of_an_eid(country: str, eid: date) -> None:
    calls = asking(country)
    assert [open_minutes(calls, eid + each * DAY) for each in (0, 1)] == ["", ""]
    assert open_minutes(calls, eid + 2 * DAY) != ""


def test_messages_about_an_order_go_out_on_an_eid_and_promotion_does_not() -> None:
    morning = at(f"{FITR}T11:00")
    assert told(asking("SA", MESSAGE, SERVICE, city="riyadh"), morning).at == morning
    found = told(asking("SA", MESSAGE, PROMOTION, city="riyadh"), morning)
    assert found.at is not None
    assert found.at > at(f"{FITR + 2 * DAY}T09:00")
    assert found.reasons[0] in ("eid", "holiday")


def test_a_buyer_whose_city_is_unknown_is_called_through_prayers_only_when_there_is_no_time() -> None:
    noon = at("2026-12-01T11:50")
    known, unknown = asking("SA", city="riyadh"), asking("SA")
    late = noon + timedelta(minutes=10)
    assert told(unknown, noon).at == told(known, noon).at == at("2026-12-01T12:07")
    assert told(unknown, noon, late).at == noon
    assert told(known, noon, late).at == at("2026-12-01T12:07")


def test_a_storm_over_one_city_is_no_news_in_another() -> None:
    storm = Override(
        "SA",
        Occasion.shut,
        "SA/jeddah",
        begins_at=at("2026-12-01T10:00"),
        ends_at=at("2026-12-01T14:00"),
    )
    morning = at("2026-12-01T10:30")
    jeddah = told(asking("SA", CALL, SERVICE, storm, city="jeddah"), morning)
    assert (jeddah.at, jeddah.reasons) == (at("2026-12-01T14:00"), ("storm",))
    assert told(asking("SA", CALL, SERVICE, storm, city="riyadh"), morning).at == morning
