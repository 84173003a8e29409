"""What a plan says: the next contact, those expected after it, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.reasons import Reason
from models.vocabulary import Channel, Choice
from verification.planning.case import CaseFacts
from verification.planning.permission import Permission, Touch, permit
from verification.policy.values import Policy

PROMISED, HANDED_ON, ASKED, FIRST, ROUTINE, WAITING = 10, 15, 20, 50, 100, 200


class Stop(StrEnum):
    """Why nothing more is planned."""

    no_response = "no_response"
    opted_out = "opted_out"
    no_usable_number = "no_usable_number"


class End(StrEnum):
    """Why no contact follows the last one of a ladder."""

    deadline = "deadline"
    caps_spent = "caps_spent"
    not_worth = "not_worth"
    no_time = "no_time"


@dataclass(frozen=True)
class Planned:
    """One contact to make: at the earliest `not_before` (aware UTC), and why.

    `chosen` is None for a wait that is no contact; `chance` that of a decision by it, None where nothing was
    reckoned; `propensity` the probability with which it became the next.
    """

    channel: Channel
    point_id: UUID | None
    not_before: datetime
    reason: Reason
    priority: int
    reserved_for: str | None = None
    reserved_until: datetime | None = None
    chosen: Choice | None = Choice.schedule
    propensity: float = 1.0
    chance: float | None = None


@dataclass(frozen=True)
class Ladder:
    """Contacts in order, each made if all before it failed; the `chance` of a decision in time by all of
    them, why they `end`, and why the first is made `later` although another could be made sooner."""

    rungs: tuple[Planned, ...] = ()
    end: End = End.deadline
    chance: float | None = None
    later: Reason | None = None


@dataclass(frozen=True)
class Plan:
    """The next contact, the ladder expected after it if it fails, or why nothing is left to do.

    `waits` says why the next contact is not made now, None where it is; `end` and `chance` are the ladder's.
    """

    next: Planned | None
    ladder: tuple[Planned, ...] = ()
    stop: Stop | None = None
    end: End | None = None
    chance: float | None = None
    waits: Reason | None = None


def class_of(priority: int) -> int:
    """The class of a place in the queue, which ranks refine: first contacts come before routine ones."""
    classes = (WAITING, ROUTINE, FIRST, ASKED, HANDED_ON)
    return next((each for each in classes if priority >= each), PROMISED)


def ranked(made: Plan, rank: int) -> Plan:
    """The plan with its next contact at this place (0 to 9, first to last) among those of its class; what is
    promised or owed to a buyer keeps its own."""
    if made.next is None or made.next.priority not in (FIRST, ROUTINE):
        return made
    return replace(made, next=replace(made.next, priority=made.next.priority + rank))


def permit_case(
    channel: Channel, touches: Sequence[Touch], facts: CaseFacts, policy: Policy, at: datetime
) -> Permission:
    """Whether a case may be contacted at an instant, if not, when next."""
    return permit(channel, touches, policy, facts.where, at, calendar=facts.calendar, until=facts.decide_by)


def because(reason: Reason, permission: Permission) -> Reason:
    """The reason, with the rules that pushed the contact back."""
    if not permission.reasons:
        return reason
    return Reason(reason.code, {**reason.params, "held_by": list(permission.reasons)})
