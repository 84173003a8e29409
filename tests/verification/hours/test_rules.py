"""Decisions about hours, held against a slow, literal reading of the rules over more than a year."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.countries import SERVED
from models.vocabulary import ContactKind, MessageClass
from tests.verification.hours import literal
from tests.verification.hours.asked import ADHA, FITR, RAMADAN, Asked, asking, closed, told
from verification.hours.calendar import Calendar, Occasion, Override
from verification.hours.deciding import Decided
from verification.hours.places import PLACES, where_of
from verification.policy.values import default_policy, with_overrides

# In it: Ramadan 1448 and both Eids, both of Cairo's nights with another clock, the new year.
BEGINS = datetime(2026, 10, 20, tzinfo=UTC)
MINUTES = 430 * 24 * 60
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

PLACES_OF = {
    code: [None, *(place.code for place in PLACES.values() if place.country == code)] for code in SERVED
}
EDGES = [f"{hour:02}:{minute}" for hour in range(1, 23) for minute in ("00", "20", "45")]


@st.composite
def overrides(draw: st.DrawFn, country: str) -> Override:
    elsewhere = draw(st.sampled_from(sorted(SERVED)))
    in_country = draw(st.sampled_from([country, country, country, elsewhere]))
    place = draw(st.none() | st.sampled_from(PLACES_OF[in_country]))
    occasion = draw(st.sampled_from(list(Occasion)))
    if occasion is Occasion.shut:
        begins = BEGINS + draw(st.integers(0, MINUTES)) * MINUTE
        ends = begins + draw(st.integers(1, 3000)) * MINUTE
        return Override(in_country, occasion, place, begins_at=begins, ends_at=ends)
    computed = {Occasion.ramadan: RAMADAN, Occasion.eid_fitr: FITR, Occasion.eid_adha: ADHA}.get(occasion)
    if computed is not None:
        return Override(in_country, occasion, place, computed + draw(st.integers(-1, 1)) * DAY)
    begins_on = BEGINS.date() + draw(st.integers(0, 430)) * DAY
    return Override(in_country, occasion, place, begins_on, begins_on + draw(st.integers(0, 4)) * DAY)


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    windows = st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True).map(
        lambda edges: "-".join(sorted(edges))
    )
    days = draw(st.sets(st.sampled_from(["mon", "thu", "fri", "sat"]), max_size=3))
    always = draw(st.lists(windows, min_size=1, max_size=2))
    return {"daily": tuple(always), **{day: tuple(draw(st.lists(windows, max_size=2))) for day in days}}


@st.composite
def values(draw: st.DrawFn) -> dict[str, object]:
    """What a seller or an admin may set, mostly nothing."""
    forces = st.sampled_from(["hard", "soft", "off"])
    minutes = st.integers(0, 120)
    round_the_clock = st.just({"daily": ("00:00-24:00",)})
    kinds = {
        "call_hours": weeks() | round_the_clock,
        "message_hours": weeks() | round_the_clock,
        "promotion_hours": weeks(),
        "ramadan_call_hours": st.none() | weeks() | round_the_clock,
        "ramadan_message_hours": st.none() | round_the_clock,
        "prayer_pause_calls": forces,
        "prayer_pause_messages": forces,
        "prayer_before_minutes": minutes,
        "prayer_after_minutes": minutes,
        "friday_prayer": st.sampled_from(["solar", "12:15-13:45", "11:00-14:00"]),
        "friday_after_minutes": minutes,
        "iftar_before_minutes": minutes,
        "tarawih_minutes": minutes,
        "ramadan_calls_from": st.sampled_from(["00:00", "09:30", "14:00"]),
        "eid_days_shut": st.integers(0, 4),
        "holidays": forces,
        "promotion_holidays": forces,
    }
    names = draw(st.sets(st.sampled_from(sorted(kinds)), max_size=4)) if draw(st.booleans()) else set()
    return {name: draw(kinds[name]) for name in sorted(names)}


@st.composite
def cases(draw: st.DrawFn) -> Asked:
    country = draw(st.sampled_from(sorted(SERVED)))
    return (
        where_of(country, draw(st.sampled_from(PLACES_OF[country]))),
        draw(st.sampled_from(ContactKind)),
        draw(st.sampled_from(MessageClass)),
        with_overrides(default_policy(country), draw(values())),
        Calendar.of(draw(st.lists(overrides(country), max_size=3))),
    )


def around(*days: date) -> list[date]:
    return [day + each * DAY for day in days for each in range(-2, 4)]


# Any day of the year, and as often those on which rules begin, end or stand in doubt.
DAYS = st.integers(0, 430).map(lambda number: BEGINS.date() + number * DAY) | st.sampled_from(
    around(RAMADAN, FITR, ADHA, date(2026, 10, 29), date(2027, 4, 29), date(2027, 1, 1))
)


@settings(max_examples=60, deadline=None)
@given(asked=cases(), day=DAYS, seed=st.integers())
def test_a_decision_is_the_minute_that_reading_the_rules_word_by_word_finds(
    asked: Asked, day: date, seed: int
) -> None:
    read = cache(partial(literal.read, *asked))
    decided = partial(literal.decided, read, asked[0].zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(asked[0].zone)).astimezone(UTC)
    minutes = [midnight + each * MINUTE for each in range(25 * 60)]
    edges = [minute for minute in minutes if read(minute) != read(minute - MINUTE)]
    luck = Random(seed)
    others = [luck.choice(minutes) + timedelta(seconds=luck.randrange(60)) for _ in range(5)]
    for start in (*edges, *(edge - timedelta(seconds=1) for edge in edges), *others):
        assert closed(asked, start) == literal.closed(read, asked[0].zone, start), start
        found = told(asked, start)
        if found.at is None:
            later = (start + luck.randrange(15 * 24 * 60) * MINUTE for _ in range(50))
            assert all(read(minute).breaks for minute in later)
            continue
        assert found.at == decided(start, None), start
        assert bool(found.reasons) == (found.at > start), start
        assert told(asked, found.at) == Decided(found.at)
        for until in (found.at, found.at + MINUTE):
            hurried = told(asked, start, until)
            assert hurried.at == decided(start, until), (start, until)
            assert told(asked, hurried.at or start, until) == Decided(hurried.at)


@pytest.mark.parametrize("country", sorted(SERVED))
@pytest.mark.parametrize("kind", ContactKind)
@pytest.mark.parametrize("purpose", MessageClass)
def test_no_instant_of_a_year_that_is_allowed_breaks_a_rule(
    country: str, kind: ContactKind, purpose: MessageClass
) -> None:
    luck = Random(f"{country} {kind} {purpose}")
    for _ in range(150):
        place = luck.choice(PLACES_OF[country])
        asked = asking(country, kind, purpose, city=place and place.partition("/")[2])
        start = BEGINS + luck.randrange(MINUTES) * MINUTE + timedelta(seconds=luck.choice([0, 1, 59]))
        found = told(asked, start).at

        assert found is not None
        assert not literal.read(*asked, found).breaks, start
        # Whatever lies between was not to be had.
        for _ in range(3):
            between = start + luck.random() * (found - start)
            assert between == found or literal.read(*asked, between).delays, (start, between)
