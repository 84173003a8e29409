"""A second reading of the rules of the hours, word for word and slow, to hold the quick one against.

It reads one minute at a time, by the clock on the wall and the calls to prayer: no days, no windows, nothing
kept. The rules are told by the values of a policy and by the head of `verification/hours/pauses.py`.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind, MessageClass, Regime
from verification.hours.calendar import Calendar, Occasion
from verification.hours.occasions import occasion_of
from verification.hours.prayer import prayers
from verification.hours.where import Where
from verification.policy.values import Policy, WeekHours

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


HARD, SOFT, ALL_DAY = "hard", "soft", "soft all day"


class Reading(NamedTuple):
    """The codes of the hard rules that a contact would break, and of all for whose end it would wait.

    What is soft for a whole day is not waited for.
    """

    breaks: frozenset[str]
    delays: frozenset[str]


def read(
    where: Where, kind: ContactKind, purpose: MessageClass, policy: Policy, calendar: Calendar, at: datetime
) -> Reading:
    """What the rules say to a contact at `at`."""
    found = list(_against(where, kind, purpose, policy, calendar, at))
    return Reading(
        frozenset(code for code, force in found if force == HARD),
        frozenset(code for code, force in found if force != ALL_DAY),
    )


def decided(
    reading_at: Callable[[datetime], Reading], zone: str, at: datetime, until: datetime | None
) -> datetime:
    """The minute that a decision promises, found by walking there; endless where hard rules never open."""
    allowed = next(each for each in _minutes_from(at) if not reading_at(each).breaks)
    day = allowed.astimezone(ZoneInfo(zone)).date()
    same_window = True
    for each in _minutes_from(allowed):
        delays = reading_at(each).delays
        same_day = each.astimezone(ZoneInfo(zone)).date() == day
        same_window = same_window and same_day and "outside_hours" not in delays
        if not same_window and each > allowed + timedelta(hours=3):
            return allowed
        if not delays:
            return each if until is None or each < until else allowed
    raise AssertionError


def closed(reading_at: Callable[[datetime], Reading], zone: str, at: datetime) -> datetime:
    """The first minute from `at` on that a hard rule forbids, at midnight at the latest."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return next(
        each
        for each in _minutes_from(at)
        if reading_at(each).breaks or each.astimezone(ZoneInfo(zone)).date() != day
    )


def _minutes_from(at: datetime) -> Iterator[datetime]:
    """`at`, and then every full minute: rules begin and end at no other instant."""
    yield at
    at = at.replace(second=0, microsecond=0)
    while True:
        at += MINUTE
        yield at


def is_open(hours: WeekHours, local: datetime) -> bool:
    """Whether the clock on the wall stands inside a window of its day."""
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]
    return any(_within(window, local) for window in (hours[day] if day in hours else hours.get("daily", ())))


def _within(window: str, local: datetime) -> bool:
    opens, shuts = window.split("-")
    return f"{opens}:00" <= local.strftime("%H:%M:%S") < f"{shuts}:00"


def _around(at: datetime, call: datetime, before: int, after: int) -> bool:
    return call - before * MINUTE <= at < call + after * MINUTE


def _against(
    where: Where, kind: ContactKind, purpose: MessageClass, policy: Policy, calendar: Calendar, at: datetime
) -> Iterator[tuple[str, str]]:
    """What speaks against `at`: codes, and how hard they are."""
    local = at.astimezone(ZoneInfo(where.zone))
    clock = local.strftime("%H:%M")
    day = local.date()
    is_call = kind is ContactKind.call
    known_place = where.place.code if where.is_known else None
    today = occasion_of(day, where.country, calendar, place=known_place)
    tomorrow = occasion_of(day + DAY, where.country, calendar, place=known_place)
    ramadan = today.regime is Regime.ramadan
    perhaps_ramadan = ramadan or today.may_be is Regime.ramadan

    # The weekly hours.
    if is_call:
        hours = policy.call_hours
        if ramadan and policy.ramadan_call_hours is not None:
            hours = policy.ramadan_call_hours
    elif purpose is MessageClass.promotion:
        hours = policy.promotion_hours
    else:
        hours = policy.message_hours
        if ramadan and policy.ramadan_message_hours is not None:
            hours = policy.ramadan_message_hours
    if not is_open(hours, local):
        yield "outside_hours", HARD

    # Storms.
    for each in calendar.overrides:
        if each.occasion is not Occasion.shut or each.country != where.country:
            continue
        assert each.begins_at
        assert each.ends_at
        if each.begins_at <= at < each.ends_at:
            if each.place is None or (each.place == where.place.code and where.is_known):
                yield "storm", HARD
            elif each.place == where.place.code:
                midnights = (datetime.combine(day + days * DAY, time(), local.tzinfo) for days in (0, 1))
                begins, ends = (midnight.astimezone(UTC) for midnight in midnights)
                yield "storm", ALL_DAY if each.begins_at <= begins and ends <= each.ends_at else SOFT

    # Prayers, iftar and tarawih.
    force = policy.prayer_pause_calls if is_call else policy.prayer_pause_messages
    if force != "off":
        called = prayers(where.place, day, ramadan=ramadan)
        hard = force == "hard"
        hard_here = hard and where.is_known
        for call in (called.fajr, called.dhuhr, called.asr, called.maghrib, called.isha):
            if call == called.dhuhr and local.weekday() == 4:
                continue
            if _around(at, call, policy.prayer_before_minutes, policy.prayer_after_minutes):
                yield "prayer", HARD if hard_here else SOFT
        if local.weekday() == 4:
            if policy.friday_prayer != "solar":
                if _within(policy.friday_prayer, local):
                    yield "friday_prayer", HARD if hard else SOFT
            elif _around(at, called.dhuhr, policy.friday_before_minutes, policy.friday_after_minutes):
                yield "friday_prayer", HARD if hard_here else SOFT
        if perhaps_ramadan and _around(
            at, called.maghrib, policy.iftar_before_minutes, policy.iftar_after_minutes
        ):
            yield "iftar", HARD if hard_here and ramadan else SOFT
        perhaps_tarawih = Regime.ramadan in (tomorrow.regime, tomorrow.may_be)
        if perhaps_tarawih and _around(at, called.isha, 0, policy.tarawih_minutes):
            yield "tarawih", HARD if hard_here and tomorrow.regime is Regime.ramadan else SOFT

    # Mornings of Ramadan.
    if is_call and perhaps_ramadan and clock < policy.ramadan_calls_from:
        yield "ramadan_morning", HARD if ramadan else SOFT

    # Eids and holidays.
    if today.regime is Regime.eid:
        assert today.eid_day is not None
        if today.eid_day <= policy.eid_days_shut:
            yield "eid", HARD if is_call else ALL_DAY
    elif today.may_be is Regime.eid and policy.eid_days_shut >= 1:
        yield "eid", ALL_DAY
    holidays = policy.promotion_holidays if purpose is MessageClass.promotion else policy.holidays
    if today.holiday is not None and holidays != "off":
        yield "holiday", HARD if holidays == "hard" else ALL_DAY
