"""Simulated buyers, drawn from the world by their phone: the same phone always has the same habits."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import exp, sqrt
from random import Random
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from channels.protocol import Contact
from channels.sandbox.described_buyers import BuyerType
from channels.sandbox.sections import DAYS
from channels.sandbox.world import World
from models.countries import SERVED

Mind = Literal["confirm", "cancel"]

_T = TypeVar("_T")

# People who like to answer calls are a little more likely to answer messages too.
_CORRELATION = 0.3


class Line(StrEnum):
    """Where a phone leads."""

    live = "live"
    wrong = "wrong"
    dead = "dead"


@dataclass(frozen=True)
class Habits:
    """One buyer; `call_level` and `message_level` move the logit of answering, `phase` the own clock."""

    type: BuyerType
    weekend: tuple[str, ...]
    speech: str
    line: Line
    on_whatsapp: bool
    blocked_us: bool
    call_level: float
    message_level: float
    phase: timedelta


def luck_of(seed: int, *what: object) -> Random:
    """Chance that depends only on the seed and on what it decides, never on the order of the questions."""
    return Random("|".join(map(str, (seed, *what))))


def pick(luck: Random, weights: dict[_T, float]) -> _T:
    """One of the keys, as often as its weight says."""
    return luck.choices(list(weights), list(weights.values()))[0]


def country_of(phone: str, fallback: str) -> str:
    """The served country whose calling code an E.164 phone has."""
    return next(
        (code for code, each in SERVED.items() if phone.startswith(f"+{each.calling_code}")), fallback
    )


def habits_of(world: World, seed: int, phone: str, country: str) -> Habits:
    """The buyer behind an E.164 phone; `country` counts only for phones from outside the world."""
    luck = luck_of(seed, "buyer", phone)
    home = country_of(phone, country)
    people = world.countries.get(home) or world.countries.get(country) or next(iter(world.countries.values()))
    type_name, speech = pick(luck, people.types), pick(luck, people.speech)
    chance, numbers = luck.random(), world.numbers
    line = Line.dead if chance < numbers.dead else Line.live
    if numbers.dead <= chance < numbers.dead + numbers.wrong:
        line = Line.wrong
    sociable, own = luck.gauss(0, 1), luck.gauss(0, 1)
    return Habits(
        type=world.types[type_name],
        weekend=people.weekend,
        speech=speech,
        line=line,
        on_whatsapp=luck.random() >= numbers.not_on_whatsapp and line is not Line.dead,
        blocked_us=luck.random() < numbers.blocked_us,
        call_level=world.variety.calls * sociable,
        message_level=world.variety.messages * (_CORRELATION * sociable + sqrt(1 - _CORRELATION**2) * own),
        phase=timedelta(hours=luck.gauss(0, world.variety.hours)),
    )


def chance_of_answering(world: World, habits: Habits, contact: Contact) -> float:
    """How likely the buyer answers a contact made at `contact.at`, by the buyer's own local clock."""
    local = contact.at.astimezone(ZoneInfo(contact.zone))
    own = local + habits.phase
    if contact.channel.is_call:
        rhythm, level = habits.type.calls, habits.call_level
        shift, decay = world.channels.call(contact.channel).shift, world.channels.call(contact.channel).decay
    else:
        rhythm, level = habits.type.messages, habits.message_level
        shift, decay = (
            world.channels.message(contact.channel).shift,
            world.channels.message(contact.channel).decay,
        )
    base = (rhythm.weekend if DAYS[own.weekday()] in habits.weekend else rhythm.weekday)[world.part_at(own)]
    if base in (0.0, 1.0):
        return base
    shift += level + sum(dip.logit for dip in world.dips if _during(local, dip.days, dip.starts, dip.ends))
    odds: float = base / (1 - base) * exp(shift) * decay ** max(contact.attempt_number - 1, 0)
    return odds / (1 + odds)


def mind_of(world: World, seed: int, habits: Habits, phone: str, order_number: str) -> Mind:
    """What the buyer thinks of one order: the same on every channel and at every try."""
    return (
        "cancel" if luck_of(seed, "mind", phone, order_number).random() < habits.type.cancels else "confirm"
    )


def when_awake(habits: Habits, at: datetime, zone: str, luck: Random) -> datetime:
    """`at`, or some minutes after getting up when the buyer sleeps then; aware UTC in and out."""
    if habits.type.sleeps is None:
        return at
    local = at.astimezone(ZoneInfo(zone)) + habits.phase
    asleep, up = habits.type.sleeps
    if not _between(local.time(), asleep, up):
        return at
    rest = timedelta(hours=up.hour - local.hour, minutes=up.minute - local.minute) % timedelta(days=1)
    return at + rest + timedelta(minutes=luck.uniform(1, 60))


def _during(local: datetime, days: tuple[str, ...], starts: time, ends: time) -> bool:
    return DAYS[local.weekday()] in days and _between(local.time(), starts, ends)


def _between(moment: time, starts: time, ends: time) -> bool:
    if starts <= ends:
        return starts <= moment < ends
    return moment >= starts or moment < ends
