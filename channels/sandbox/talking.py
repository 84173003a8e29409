"""What the simulated buyer says in an agent's call: pure, and the same for the same seed and contact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Literal
from uuid import UUID

from channels.protocol import Contact, ContactOrder
from channels.sandbox.agents import AgentCall, OrderAnswer, answer_agent
from channels.sandbox.buyers import habits_of, luck_of
from channels.sandbox.sayings import GLOSSES, SAYINGS
from channels.sandbox.whereabouts import Told, hours_said, places
from channels.sandbox.world import World
from models.vocabulary import DecisionReason, Disposition, Outcome


@dataclass(frozen=True)
class Line:
    """One line of a call; `line` is what is heard when no person speaks. The glosses say the same plainly."""

    speaker: Literal["buyer", "line"]
    text: str
    language: str
    gloss_en: str
    gloss_ar: str


@dataclass(frozen=True)
class Talk:
    """The buyer's side of one call.

    `hints` is what an attentive agent would record for each order, `callback_at` (aware UTC) the time asked
    for, `address` the lines that the buyer's answers fill, for each confirmed order that lacked some.
    """

    outcome: Outcome
    lines: tuple[Line, ...]
    callback_at: datetime | None
    hints: tuple[OrderAnswer, ...]
    address: Mapping[UUID, Mapping[str, str]]


def talk(world: World, seed: int, contact: Contact, missing: Mapping[UUID, Sequence[str]]) -> Talk:
    """The call that `answer_agent` decides, put into words.

    `missing` are the parts that each order's address lacks: whoever confirms is asked for them and answers.
    """
    call = answer_agent(world, seed, contact)
    speech = habits_of(world, seed, contact.phone, contact.country).speech.split("-")[0]
    language = speech if speech in ("en", "ckb") else "ar"
    numbers = sorted(order.number for order in contact.orders)
    luck = luck_of(seed, "talk", contact.phone, contact.attempt_number, contact.store_name, *numbers)
    if call.outcome in SAYINGS and call.outcome is not Outcome.wrong_number:
        lines: tuple[Line, ...] = (_line(luck, language, call.outcome, speaker="line"),)
        return Talk(call.outcome, lines, None, call.orders, {})
    lacking = _lacking(call, missing)
    # One person, one home: the same answers for every order.
    parts = dict.fromkeys(part for codes in lacking.values() for part in codes)
    lines = (_line(luck, language, "greeting"), *_answers(luck, language, contact, call))
    address: dict[UUID, Mapping[str, str]] = {}
    if parts:
        where, filled = places(luck, language, contact.country, parts)
        lines += (_line(luck, language, "address", where=where),)
        address = dict.fromkeys(lacking, filled)
    return Talk(call.outcome, lines, call.callback_at, call.orders, address)


def _lacking(call: AgentCall, missing: Mapping[UUID, Sequence[str]]) -> dict[UUID, Sequence[str]]:
    confirmed = [each.order_id for each in call.orders if each.disposition is Disposition.confirm]
    return {order_id: missing[order_id] for order_id in confirmed if missing.get(order_id)}


def _answers(luck: Random, language: str, contact: Contact, call: AgentCall) -> Iterator[Line]:
    if call.disposition is Disposition.wrong_number:
        yield _line(luck, language, Outcome.wrong_number)
    elif call.disposition is Disposition.stop:
        yield _line(luck, language, "stop")
    elif call.callback_at is not None:
        when = hours_said(luck, language, call.callback_at, contact.at, contact.zone)
        yield _line(luck, language, "call_back", when=when)
    else:
        several = len(contact.orders) > 1
        for order, answer in zip(contact.orders, call.orders, strict=True):
            yield _answer(luck, language, order if several else None, answer)


def _answer(luck: Random, language: str, order: ContactOrder | None, answer: OrderAnswer) -> Line:
    line = _line(luck, language, _meant(answer))
    if order is None:
        return line
    item = order.items[0] if order.items else order.number
    about = _line(luck, language, "about", item=Told(item, item, item))
    return Line(
        line.speaker,
        f"{about.text} {line.text}",
        language,
        f"{about.gloss_en} {line.gloss_en}",
        f"{about.gloss_ar} {line.gloss_ar}",
    )


def _meant(answer: OrderAnswer) -> str:
    if answer.disposition is Disposition.confirm:
        return "soft" if answer.soft else "confirm"
    return answer.reason if answer.reason and answer.reason in SAYINGS else DecisionReason.unspecified


def _line(
    luck: Random, language: str, meant: str, *, speaker: Literal["buyer", "line"] = "buyer", **told: Told
) -> Line:
    english, arabic = GLOSSES[meant]
    return Line(
        speaker,
        luck.choice(SAYINGS[meant][language]).format(**{name: each.text for name, each in told.items()}),
        language,
        english.format(**{name: each.english for name, each in told.items()}),
        arabic.format(**{name: each.arabic for name, each in told.items()}),
    )
