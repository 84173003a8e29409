"""A small world of the tests' own: buyers who answer before noon, or in the evening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from models.vocabulary import Channel, Regime
from verification.slots.asking import Asked, Span, Terms, Tried
from verification.slots.cells import contact_cell, order_cell
from verification.slots.counts import Past, Pooled

RIYADH = ZoneInfo("Asia/Riyadh")
SUNDAY = datetime(2026, 10, 4, tzinfo=RIYADH)
TERMS = Terms(
    decision_value=2.0,
    complaint_cost=10.0,
    ring={Channel.whatsapp: 0.02, Channel.sms: 0.05, Channel.ivr: 0.03, Channel.agent_call: 0.1},
    talk={Channel.ivr: 0.05, Channel.agent_call: 0.35},
    caps={Channel.whatsapp: 2, Channel.sms: 1, Channel.ivr: 3, Channel.agent_call: 3},
    most_calls=3,
)


@dataclass(frozen=True)
class Person:
    """Answers calls at the peak hour, seldom far from it; WhatsApp more or less whenever."""

    peak: int
    writes: float

    def answers(self, channel: Channel, hour: int) -> float:
        if channel is Channel.whatsapp:
            return self.writes
        if channel is Channel.sms:
            return 0.05
        away = min(abs(hour - self.peak), 24 - abs(hour - self.peak))
        return 0.75 if away <= 1 else 0.45 if away == 2 else 0.12


def people(count: int, rng: Random) -> list[Person]:
    return [Person(rng.choice((11, 20)), rng.choice((0.15, 0.5))) for _ in range(count)]


def past_of(person: Person, contacts: int, rng: Random, pooled: Pooled | None = None) -> Past:
    """Contacts at any waking hour, and one order near the peak."""
    past = Past()
    for _ in range(contacts):
        at = SUNDAY - timedelta(days=rng.randrange(1, 60)) + timedelta(hours=rng.randrange(9, 22))
        channel = rng.choice((Channel.whatsapp, Channel.agent_call, Channel.agent_call))
        reached = rng.random() < person.answers(channel, at.hour)
        past.add(contact_cell(channel, at, "SA", Regime.normal, reached=reached))
        if pooled:
            pooled.add(
                channel, at.weekday(), at.hour, reached=reached, decided=reached and rng.random() < 0.9
            )
    past.add(order_cell(SUNDAY.replace(hour=person.peak)))
    return past


def daily(first: datetime, days: int, opens: int, shuts: int) -> list[Span]:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        (midnight + timedelta(days=day, hours=opens), midnight + timedelta(days=day, hours=shuts))
        for day in range(days)
    ]


def asked(
    past: Past | None = None,
    *,
    at: datetime = SUNDAY + timedelta(hours=9),
    hours: float = 36,
    tried: Sequence[Tried] = (),
    age: float = 0,
    regime: Regime = Regime.normal,
    city: str = "Riyadh",
) -> Asked:
    """An order placed `age` hours before `at`, with so many hours to go."""
    return Asked(
        past=past or Past(),
        country="SA",
        city=city,
        zone=RIYADH,
        placed_at=(at - timedelta(hours=age)).astimezone(UTC),
        now=at.astimezone(UTC),
        deadline=(at + timedelta(hours=hours)).astimezone(UTC),
        calls=daily(at, 5, 9, 22),
        messages=daily(at, 5, 8, 23),
        tried=tried,
        regimes=(regime,),
    )
