"""How simulated buyers react to a contact: pure, and the same for the same seed and contact."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Protocol

from channels.protocol import PAGE, Contact, Meaning
from channels.sandbox.buyers import (
    Habits,
    Line,
    chance_of_answering,
    habits_of,
    luck_of,
    mind_of,
    pick,
    when_awake,
)
from channels.sandbox.described_buyers import Saying
from channels.sandbox.reactions import (
    SANDBOX,
    Answer,
    Hang,
    Reaction,
    Refusal,
    call_ended,
    key,
    reaction,
    spoiled,
    tap,
    transport,
    undelivered,
    words,
)
from channels.sandbox.sections import Span
from channels.sandbox.world import World
from models.vocabulary import AttemptState, Channel, Outcome

BUTTONS = frozenset({"confirm", "cancel", "later", "agent"})


class Buyers(Protocol):
    """Whoever answers: a world of simulated buyers, or scripted ones."""

    def react(self, contact: Contact) -> Reaction:
        """All that this contact sets off; the same contact always sets off the same."""
        ...


class WorldBuyers:
    """The buyers of a world."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._seed = seed

    def react(self, contact: Contact) -> Reaction:
        """See `react`."""
        return react(self._world, self._seed, contact)


def react(world: World, seed: int, contact: Contact) -> Reaction:
    """What a contact made at `contact.at` sets off.

    Chance hangs on phone, channel, attempt and order numbers, not on our reference: that differs in each run.
    """
    # By the minute, so that trying again later is not doomed to meet the same trouble.
    chance = luck_of(seed, "trouble", contact.at.strftime("%Y-%m-%dT%H:%M"), *_occasion(contact)).random()
    network = world.network
    if chance < network.overloaded:
        return Reaction(refusal=Refusal("overloaded", Meaning.retry_later))
    if chance < network.overloaded + network.lost_before:
        return Reaction(hang=Hang.not_accepted)
    arrived = _arrived(world, seed, contact)
    if chance < network.overloaded + network.lost_before + network.lost_after and not arrived.refusal:
        return replace(arrived, hang=Hang.accepted)
    return arrived


def said(world: World, seed: int, habits: Habits, contact: Contact, luck: Random) -> Saying:
    """What the buyer answers: now and then a detour, else what they think of the order."""
    if habits.line is Line.wrong:
        return "wrong_number"
    chance = luck.random()
    for detour, share in world.detours.items():
        chance -= share
        if chance < 0:
            return detour
    first = min(order.number for order in contact.orders)
    return mind_of(world, seed, habits, contact.phone, first)


def within(luck: Random, span: Span) -> timedelta:
    """A length of time between the bounds."""
    return timedelta(seconds=luck.uniform(span.shortest, span.longest))


def nobody_there(luck: Random, busy: float, voicemail: float) -> Outcome:
    """How a call ends that nobody takes."""
    return pick(
        luck,
        {Outcome.busy: busy, Outcome.voicemail: voicemail, Outcome.no_answer: max(1 - busy - voicemail, 0)},
    )


def _occasion(contact: Contact) -> tuple[object, ...]:
    numbers = sorted(order.number for order in contact.orders)
    return contact.phone, contact.channel, contact.attempt_number, contact.store_name, *numbers


def _arrived(world: World, seed: int, contact: Contact) -> Reaction:
    habits = habits_of(world, seed, contact.phone, contact.country)
    if contact.channel.is_message and habits.blocked_us:
        return Reaction(refusal=Refusal("blocked_by_buyer", Meaning.opted_out))
    luck = luck_of(seed, "contact", *_occasion(contact))
    answers = _called if contact.channel.is_call else _messaged
    return spoiled(reaction(answers(world, seed, habits, contact, luck)), world.network, luck)


def _messaged(world: World, seed: int, habits: Habits, contact: Contact, luck: Random) -> list[Answer]:
    arrives = within(luck, world.delays.delivery)
    if contact.channel is Channel.whatsapp and not habits.on_whatsapp:
        return [undelivered(arrives, no_such_channel=True)]
    if habits.line is Line.dead:
        return [undelivered(arrives)]
    channel = world.channels.message(contact.channel)
    answers = [transport(arrives, AttemptState.delivered)]
    willing = luck.random() < chance_of_answering(world, habits, contact)
    reads = _reading_time(world, habits, contact, luck, arrives)
    read_in = PAGE if contact.channel is Channel.sms else SANDBOX
    if willing or luck.random() < channel.read_silent:
        answers.append(transport(reads, AttemptState.reached, source=read_in))
    if willing:
        replies = reads + timedelta(seconds=luck.uniform(2, 40))
        saying = said(world, seed, habits, contact, luck)
        answers += _replies(world, habits, contact, luck, saying, replies)
    return answers


def _reading_time(
    world: World, habits: Habits, contact: Contact, luck: Random, arrives: timedelta
) -> timedelta:
    delays, quick = world.delays, world.delays.quick
    # Squared: half of the quick answers come in the first quarter of their time.
    waits = timedelta(seconds=quick.shortest + (quick.longest - quick.shortest) * luck.random() ** 2)
    if luck.random() >= delays.quick_share:
        slow = luck.expovariate(1) * delays.slow_mean_seconds
        waits = timedelta(seconds=quick.longest + slow)
    return when_awake(habits, contact.at + arrives + waits, contact.zone, luck) - contact.at


def _replies(
    world: World, habits: Habits, contact: Contact, luck: Random, saying: Saying, after: timedelta
) -> list[Answer]:
    answers = [_reply(world, habits, contact, luck, saying, after)]
    if saying == "confirm" and luck.random() < world.second_thoughts:
        again = after + within(luck, world.delays.second_thought)
        answers.append(_reply(world, habits, contact, luck, "cancel", again))
    return answers


def _reply(
    world: World, habits: Habits, contact: Contact, luck: Random, saying: Saying, after: timedelta
) -> Answer:
    by_page = contact.channel is Channel.sms
    taps = luck.random() < world.channels.message(contact.channel).taps
    if saying in BUTTONS and (taps or by_page):
        return tap(after, saying, source=PAGE if by_page else SANDBOX)
    if saying == "confirm" and luck.random() < world.soft:
        saying = "soft"
    return words(after, luck.choice(world.words[habits.speech][saying]))


def _called(world: World, seed: int, habits: Habits, contact: Contact, luck: Random) -> list[Answer]:
    channel, rings = world.channels.call(contact.channel), within(luck, world.delays.ring)
    if habits.line is Line.dead:
        return [call_ended(rings, Outcome.unreachable)]
    if luck.random() >= chance_of_answering(world, habits, contact):
        return [call_ended(rings, nobody_there(luck, channel.busy, channel.voicemail))]
    pressed = rings + within(luck, world.delays.keypad)
    answers = [
        transport(rings, AttemptState.reached),
        call_ended(pressed + timedelta(seconds=luck.uniform(1, 5)), Outcome.answered),
    ]
    saying = said(world, seed, habits, contact, luck)
    # An agent hears what is said; only a recorded voice asks for keys.
    if contact.channel is Channel.ivr and saying in BUTTONS and luck.random() < channel.decides:
        answers.append(key(pressed, saying))
    return answers
