"""What comes back from one contact: timed answers, what they are made of, how the network spoils them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from random import Random

from channels.protocol import EventKind, Meaning
from channels.sandbox.described_buyers import Network
from models.vocabulary import AttemptState, Outcome

SANDBOX = "sandbox"


@dataclass(frozen=True)
class Answer:
    """One thing that comes back `after` the contact was made, and says that it `happened` then.

    `number` tells the answers to one contact apart: a callback that comes twice keeps its number.
    """

    number: int
    after: timedelta
    happened: timedelta
    kind: EventKind
    source: str = SANDBOX
    state: AttemptState | None = None
    outcome: Outcome | None = None
    text: str | None = None
    button: str | None = None
    code: str | None = None


class Hang(StrEnum):
    """A send whose result never arrives, and whether the contact was made all the same."""

    not_accepted = "not_accepted"
    accepted = "accepted"


@dataclass(frozen=True)
class Refusal:
    """The provider says no at once."""

    code: str
    meaning: Meaning


@dataclass(frozen=True)
class Reaction:
    """All that one contact sets off."""

    answers: tuple[Answer, ...] = ()
    refusal: Refusal | None = None
    hang: Hang | None = None


def reaction(answers: Iterable[Answer]) -> Reaction:
    """The answers in the order of their times, numbered from 1."""
    ordered = sorted(answers, key=lambda answer: answer.after)
    return Reaction(tuple(replace(answer, number=number) for number, answer in enumerate(ordered, start=1)))


def transport(
    after: timedelta,
    state: AttemptState,
    *,
    outcome: Outcome | None = None,
    code: str | None = None,
    source: str = SANDBOX,
) -> Answer:
    """A report of how far the contact has come."""
    return Answer(0, after, after, EventKind.transport, source, state=state, outcome=outcome, code=code)


def words(after: timedelta, text: str) -> Answer:
    """The buyer writes."""
    return Answer(0, after, after, EventKind.reply, outcome=Outcome.replied, text=text)


def tap(after: timedelta, button: str, *, source: str = SANDBOX) -> Answer:
    """The buyer taps a button of the message, or of the page behind its link."""
    return Answer(0, after, after, EventKind.reply, source, outcome=Outcome.replied, button=button)


def key(after: timedelta, button: str) -> Answer:
    """The buyer presses a key during a call."""
    return Answer(0, after, after, EventKind.reply, outcome=Outcome.answered, button=button)


def undelivered(after: timedelta, *, no_such_channel: bool = False) -> Answer:
    """The message never arrived; `no_such_channel` when the phone has no such account."""
    code = Meaning.no_such_channel.value if no_such_channel else "undelivered"
    outcome = Outcome.failed if no_such_channel else Outcome.unreachable
    return transport(after, AttemptState.failed, outcome=outcome, code=code)


def call_ended(after: timedelta, outcome: Outcome) -> Answer:
    """The call is over."""
    return transport(after, AttemptState.closed, outcome=outcome)


def spoiled(reaction: Reaction, network: Network, luck: Random) -> Reaction:
    """The same answers after a journey: some reports overtake each other, some come twice."""
    answers = list(reaction.answers)
    for place in range(len(answers) - 1):
        if luck.random() < network.reordered:
            overtaken, overtaking = answers[place], answers[place + 1]
            behind = overtaking.after + timedelta(seconds=luck.uniform(0.1, 5))
            answers[place : place + 2] = [overtaking, replace(overtaken, after=behind)]
    doubles = [
        replace(answer, after=answer.after + timedelta(seconds=luck.uniform(1, 60)))
        for answer in answers
        if luck.random() < network.doubled
    ]
    return replace(reaction, answers=tuple(sorted([*answers, *doubles], key=lambda answer: answer.after)))
