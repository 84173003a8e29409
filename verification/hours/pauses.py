"""What shuts minutes of a local day besides the weekly hours.

The rules, each with its code. All intervals are half-open, of the day of the place's own clock (an IANA
zone), and cut to it. Clock times are those on the wall; prayers are `prayer.py`'s for the place. A pause
is hard (it forbids) or soft (it delays where little is lost, see `deciding.py`; what is soft all day is
not waited for), or with the force "off" does not exist. A rule that hangs on the city is never more than
soft where the buyer's city is not known.

- `storm`: an override `shut` for the country or the place, from `begins_at` to `ends_at`. Hard; soft
  where it is for one place that only stands in for the buyer's unknown one.
- `friday_prayer`: on Fridays. A fixed window of the policy; or, with "solar", from
  `friday_before_minutes` before Dhuhr to `friday_after_minutes` after, which hangs on the city. By the
  prayers' force.
- `prayer`: from `prayer_before_minutes` before to `prayer_after_minutes` after each of Fajr, Dhuhr (not
  on Fridays: the Friday prayer stands in its place), Asr, Maghrib and Isha. Hangs on the city. By the
  prayers' force.
- `iftar`: on days of Ramadan, from `iftar_before_minutes` before Maghrib to `iftar_after_minutes` after.
  Hangs on the city. By the prayers' force.
- `tarawih`: on evenings before a day of Ramadan, so from the eve of the first day on and not on the last,
  from Isha to `tarawih_minutes` after. Hangs on the city. By the prayers' force.
- `ramadan_morning`: on days of Ramadan no calls before `ramadan_calls_from`. Hard.
- `eid`: the first `eid_days_shut` days of an Eid, all day. Hard for calls, soft for messages.
- `holiday`: a public holiday, all day; those of an Eid too. By the force of `holidays`, for promotion of
  `promotion_holidays`.

Prayers' force: `prayer_pause_calls` for calls, `prayer_pause_messages` for messages. What day it is comes
from `occasions.py`: the days of Ramadan and the Eids by what people set, else as computed. On a day that
may turn out to be of Ramadan or an Eid (`may_be`), their rules hold too, but soft.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind, MessageClass, Regime
from verification.hours.calendar import Calendar, Occasion
from verification.hours.occasions import Day, occasion_of
from verification.hours.prayer import Prayers, prayers
from verification.hours.where import Where
from verification.policy.hours import Binding, Force
from verification.policy.values import Policy

CODES = (
    "outside_hours",
    "friday_prayer",
    "prayer",
    "iftar",
    "tarawih",
    "ramadan_morning",
    "eid",
    "holiday",
    "storm",
)
"""What can push a contact back: the weekly hours and every pause."""

_FRIDAY = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Minutes of a day that are shut (aware UTC, half-open), and by the code of which rule."""

    begins: datetime
    ends: datetime
    code: str
    is_hard: bool


def pauses(
    where: Where, day: date, kind: ContactKind, purpose: MessageClass, policy: Policy, calendar: Calendar
) -> tuple[Pause, ...]:
    """What shuts minutes of the local day, in order; pauses may overlap."""
    return pauses_by(policy.binding(kind, purpose), where, day, calendar)


def pauses_by(binding: Binding, where: Where, day: date, calendar: Calendar) -> tuple[Pause, ...]:
    """The pauses that these values make of the local day."""
    begins, ends = bounds(day, where.zone)
    found = (
        Pause(max(pause.begins, begins), min(pause.ends, ends), pause.code, pause.is_hard)
        for rule in (_storms, _prayers, _whole_days)
        for pause in rule(binding, where, day, calendar)
        if max(pause.begins, begins) < min(pause.ends, ends)
    )
    return tuple(sorted(found, key=lambda pause: (pause.begins, pause.ends, pause.code)))


def minutes_of(clock: str) -> int:
    """Minutes since midnight on the wall, of "09:30" as of "24:00"."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def on_the_wall(day: date, minutes: int, zone: str) -> datetime:
    """The instant (aware UTC) at which the clock shows so many minutes since midnight.

    The first such instant where it shows them twice; as much later where it skips them.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


@lru_cache(maxsize=4096)
def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a local day begins and ends: 23 or 25 hours where the clocks change."""
    return on_the_wall(day, 0, zone), on_the_wall(day + _DAY, 0, zone)


def told_of(where: Where, day: date, calendar: Calendar) -> Day:
    """What day it is there; what is set for one place counts for buyers known to be in it."""
    place = where.place.code if where.is_known else None
    return occasion_of(day, where.country, calendar, place=place)


def _around(at: datetime, before: int, after: int, code: str, is_hard: bool) -> Pause:
    return Pause(at - timedelta(minutes=before), at + timedelta(minutes=after), code, is_hard)


def _storms(_: Binding, where: Where, day: date, calendar: Calendar) -> Iterator[Pause]:
    for each in calendar.overrides:
        if each.occasion is not Occasion.shut or each.country != where.country:
            continue
        if each.place in (None, where.place.code) and each.begins_at and each.ends_at:
            yield Pause(each.begins_at, each.ends_at, "storm", each.place is None or where.is_known)


def _prayers(binding: Binding, where: Where, day: date, calendar: Calendar) -> Iterator[Pause]:
    if binding.prayer == "off":
        return
    today, tomorrow = told_of(where, day, calendar), told_of(where, day + _DAY, calendar)
    called = prayers(where.place, day, ramadan=today.regime is Regime.ramadan)
    is_hard = binding.prayer == "hard"
    of_city = is_hard and where.is_known
    for at in _calls(called, day):
        yield _around(at, binding.before, binding.after, "prayer", of_city)
    if day.weekday() == _FRIDAY and binding.friday == "solar":
        yield _around(called.dhuhr, binding.friday_before, binding.friday_after, "friday_prayer", of_city)
    elif day.weekday() == _FRIDAY:
        begins, ends = (
            on_the_wall(day, minutes_of(clock), where.zone) for clock in binding.friday.split("-")
        )
        yield Pause(begins, ends, "friday_prayer", is_hard)
    if _may_be(today, Regime.ramadan):
        sure = of_city and today.regime is Regime.ramadan
        yield _around(called.maghrib, binding.iftar_before, binding.iftar_after, "iftar", sure)
    if _may_be(tomorrow, Regime.ramadan):
        sure = of_city and tomorrow.regime is Regime.ramadan
        yield _around(called.isha, 0, binding.tarawih, "tarawih", sure)


def _calls(called: Prayers, day: date) -> tuple[datetime, ...]:
    if day.weekday() == _FRIDAY:
        return (called.fajr, called.asr, called.maghrib, called.isha)
    return (called.fajr, called.dhuhr, called.asr, called.maghrib, called.isha)


def _may_be(day: Day, regime: Regime) -> bool:
    return regime in (day.regime, day.may_be)


def _whole_days(binding: Binding, where: Where, day: date, calendar: Calendar) -> Iterator[Pause]:
    today = told_of(where, day, calendar)
    begins, ends = bounds(day, where.zone)
    if _may_be(today, Regime.ramadan):
        silent_until = on_the_wall(day, minutes_of(binding.silent_until), where.zone)
        yield Pause(begins, silent_until, "ramadan_morning", today.regime is Regime.ramadan)
    # Where the Eid may begin a day early, this would be its first day.
    eid_day = today.eid_day if today.regime is Regime.eid else 1
    if _may_be(today, Regime.eid) and eid_day is not None and eid_day <= binding.eid_days:
        yield Pause(begins, ends, "eid", _is_hard(binding.eid) and today.regime is Regime.eid)
    if today.holiday is not None and binding.holiday != "off":
        yield Pause(begins, ends, "holiday", _is_hard(binding.holiday))


def _is_hard(force: Force) -> bool:
    return force == "hard"
