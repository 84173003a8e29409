"""Deciding, pure: one total table from what was heard and where the order stands to what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.vocabulary import DecisionReason, Verdict, Via


class Heard(StrEnum):
    """What an outcome says about an order, whichever channel it came over."""

    confirm = "confirm"
    soft_confirm = "soft_confirm"
    cancel = "cancel"
    later = "later"
    question = "question"
    change = "change"
    wrong_number = "wrong_number"
    stop = "stop"
    agent = "agent"
    unclear = "unclear"
    silence = "silence"
    undeliverable = "undeliverable"
    nothing_left = "nothing_left"
    deadline = "deadline"


class Standing(StrEnum):
    """Where an order stands when something is heard; a parcel under way is no longer ours to decide."""

    open = "open"
    confirmed = "confirmed"
    rejected = "rejected"
    unreachable = "unreachable"
    waived = "waived"
    withdrawn = "withdrawn"
    shipped = "shipped"


class Move(StrEnum):
    """What follows."""

    confirm = "confirm"
    reject = "reject"
    give_up = "give_up"
    plan = "plan"
    call_back = "call_back"
    to_agent = "to_agent"
    next_number = "next_number"
    keep = "keep"


# One row for each thing heard; the columns are the standings in the order of their enumeration.
_ROWS: Mapping[Heard, tuple[Move, ...]] = {
    Heard.confirm: (Move.confirm, Move.keep, Move.to_agent, Move.confirm, Move.keep, Move.keep, Move.keep),
    Heard.soft_confirm: (
        Move.confirm,
        Move.keep,
        Move.to_agent,
        Move.confirm,
        Move.keep,
        Move.keep,
        Move.keep,
    ),
    Heard.cancel: (Move.reject, Move.reject, Move.keep, Move.reject, Move.reject, Move.keep, Move.keep),
    Heard.later: (Move.call_back, Move.to_agent, Move.keep, Move.to_agent, Move.keep, Move.keep, Move.keep),
    Heard.question: (
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.keep,
        Move.keep,
    ),
    Heard.change: (
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.keep,
        Move.keep,
    ),
    Heard.wrong_number: (
        Move.next_number,
        Move.to_agent,
        Move.keep,
        Move.keep,
        Move.keep,
        Move.keep,
        Move.keep,
    ),
    Heard.stop: (Move.plan, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep),
    Heard.agent: (
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.to_agent,
        Move.keep,
        Move.keep,
    ),
    Heard.unclear: (Move.to_agent, Move.to_agent, Move.keep, Move.to_agent, Move.keep, Move.keep, Move.keep),
    Heard.silence: (Move.plan, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep),
    Heard.undeliverable: (Move.plan, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep),
    Heard.nothing_left: (Move.give_up, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep),
    Heard.deadline: (Move.give_up, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep, Move.keep),
}


def move(heard: Heard, standing: Standing, *, by_agent: bool = False, outdated: bool = False) -> Move:
    """What follows; every combination has its cell.

    A yes that an agent heard needs no other agent. An `outdated` yes, to what the order was before a
    correction, is none: the buyer is asked again.
    """
    following = _ROWS[heard][list(Standing).index(standing)]
    if heard in (Heard.confirm, Heard.soft_confirm):
        if outdated:
            return Move.keep
        if by_agent and following is Move.to_agent:
            return Move.confirm
    return following


@dataclass(frozen=True)
class Ruling:
    """What is decided, why, through what; `soft` marks a yes with a God-willing in it."""

    verdict: Verdict
    reason: DecisionReason
    via: Via
    soft: bool = False


def confirmed(via: Via, *, soft: bool) -> Ruling:
    """The buyer said yes."""
    return Ruling(Verdict.confirmed, DecisionReason.buyer_confirmed, via, soft)


def rejected(via: Via, reason: DecisionReason | None) -> Ruling:
    """The buyer said no."""
    return Ruling(Verdict.rejected, reason or DecisionReason.unspecified, via)


def given_up(reason: DecisionReason) -> Ruling:
    """Nobody could be asked in time."""
    return Ruling(Verdict.unreachable, reason, Via.policy)
