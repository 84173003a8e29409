"""Questions to `decide`, and what a whole day looks like by its answers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind, MessageClass
from verification.hours.calendar import Calendar, Override
from verification.hours.deciding import Decided, closes_at, decide
from verification.hours.places import where_of
from verification.hours.where import Where
from verification.policy.values import Policy, default_policy, with_overrides

# Of the Hijri year 1448, by Umm al-Qura.
RAMADAN, FITR, ADHA = date(2027, 2, 8), date(2027, 3, 9), date(2027, 5, 16)

Asked = tuple[Where, ContactKind, MessageClass, Policy, Calendar]


def told(asked: Asked, start: datetime, until: datetime | None = None) -> Decided:
    """What is decided about `start`."""
    where, kind, purpose, policy, calendar = asked
    return decide(kind, purpose, where, policy, calendar, start, until=until)


def closed(asked: Asked, start: datetime) -> datetime:
    """Until when what `start` has lasts."""
    where, kind, purpose, policy, calendar = asked
    return closes_at(kind, purpose, where, policy, calendar, start)


def asking(
    country: str,
    kind: ContactKind = ContactKind.call,
    purpose: MessageClass = MessageClass.service,
    *overrides: Override,
    city: str | None = None,
    **values: object,
) -> Asked:
    """A question under a country's own values, save those given; `city` ends a place's code."""
    place = city and f"{country}/{city}"
    policy = with_overrides(default_policy(country), values)
    return where_of(country, place), kind, purpose, policy, Calendar.of(overrides)


def open_minutes(asked: Asked, day: date) -> str:
    """The minutes of a local day that hard rules leave open, as `decide` has it: "11:00-15:04 15:35-…"."""
    zone = ZoneInfo(asked[0].zone)
    minute = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    edges: list[str] = []
    was_open = False
    while (local := minute.astimezone(zone)).date() <= day or was_open:
        # Until at once: what only delays does not delay.
        is_open = told(asked, minute, minute).at == minute and local.date() == day
        if is_open != was_open:
            edges.append(local.strftime("%H:%M"))
        was_open = is_open
        minute += timedelta(minutes=1)
    return " ".join("-".join(edges[each : each + 2]) for each in range(0, len(edges), 2))
