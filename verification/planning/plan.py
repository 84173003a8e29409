"""Planning, pure: what is known of a case and the policy give the next contact and the ladder after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from models.reasons import Reason
from models.vocabulary import Channel
from verification.planning.case import CaseFacts, Past, Point, Turn, Wish
from verification.planning.permission import Permission, Touch, counted, permit
from verification.policy.values import Policy, Rung

PROMISED, HANDED_ON, ASKED, FIRST, ROUTINE, WAITING = 10, 15, 20, 50, 100, 200
_VARIED_WITHIN = timedelta(days=2)
_ASK_AGAIN = timedelta(hours=3)
_PARTS_OF_DAY = 3


class Stop(StrEnum):
    """Why nothing more is planned."""

    no_response = "no_response"
    opted_out = "opted_out"
    no_usable_number = "no_usable_number"


@dataclass(frozen=True)
class Planned:
    """One contact to make: at the earliest `not_before` (aware UTC), and why."""

    channel: Channel
    point_id: UUID | None
    not_before: datetime
    reason: Reason
    priority: int
    reserved_for: str | None = None
    reserved_until: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """The next contact, the ladder expected after it if it fails, or why nothing is left to do."""

    next: Planned | None
    ladder: tuple[Planned, ...] = ()
    stop: Stop | None = None


def plan(facts: CaseFacts, policy: Policy, now: datetime) -> Plan:
    """The first planning policy: a promise or a wish first, then the policy's ladder at permitted hours.

    While an answer may still come and nothing else is left, the next step waits on the buyer's own page.
    """
    wished = _wished(facts, policy, now)
    if wished is not None:
        return Plan(wished)
    rungs = tuple(_ladder(facts, policy, now))
    if rungs:
        return Plan(_in_turn(rungs[0], facts.turn, now), rungs[1:])
    until = _answers_until(facts.past, policy)
    if until is not None and now < until and now < facts.decide_by:
        not_before = min(until, facts.decide_by)
        return Plan(Planned(Channel.page, None, not_before, Reason("waiting_for_answer"), WAITING))
    barred = None if facts.past else _barred(facts, policy, now)
    if barred is not None and now < facts.decide_by:
        # Nobody was asked yet: a stop may be lifted, hours may change, until the deadline.
        reason = _because(Reason("no_time_in_sight"), barred)
        return Plan(Planned(Channel.page, None, min(now + _ASK_AGAIN, facts.decide_by), reason, WAITING))
    return Plan(None, stop=_stop(facts))


def _in_turn(planned: Planned, turn: Turn | None, now: datetime) -> Planned:
    """The contact in the place that it had in the queue, if it may be made now."""
    if turn is None or turn.channel is not planned.channel or planned.not_before > now:
        return planned
    return replace(planned, not_before=min(turn.since, now))


def _barred(facts: CaseFacts, policy: Policy, now: datetime) -> Permission | None:
    """What forbids the first contact that could be made if the hours allowed it; None when there is none."""
    for point in facts.points:
        for rung in policy.ladder:
            if rung.channel in point.usable:
                return _permit(rung.channel, point.touches, facts, policy, now)
    return None


def _answers_until(past: Sequence[Past], policy: Policy) -> datetime | None:
    """Until when an answer to one of these contacts may still come; None when none is open."""
    waited = (one.at for one in past if one.open)
    latest = max(waited, default=None)
    return latest + timedelta(minutes=policy.answer_wait_minutes) if latest else None


def _wished(facts: CaseFacts, policy: Policy, now: datetime) -> Planned | None:
    wish = facts.wish or _number_wanted(facts)
    if wish is None or len(facts.past) >= policy.max_attempts_per_order:
        return None
    callable_points = [point for point in facts.points if Channel.agent_call in point.usable]
    if facts.points and not callable_points:
        return None
    point = callable_points[0] if callable_points else None
    touches = counted(point.touches, owed=True) if point else ()
    permission = _permit(Channel.agent_call, touches, facts, policy, max(now, wish.at or now))
    if permission.at is None:
        return None
    return Planned(
        Channel.agent_call,
        point.id if point else None,
        permission.at,
        _because(wish.reason, permission),
        PROMISED if wish.at else asked_priority(wish.reserved_for),
        *reservation(wish.reserved_for, policy, permission.at),
    )


def _number_wanted(facts: CaseFacts) -> Wish | None:
    """An agent's turn where no number is left that exists; what the agent does not find, nobody will."""
    if not facts.points:
        return None if facts.past else Wish(Reason("no_usable_number"))
    if any(point.exists and point.usable for point in facts.points):
        return None
    is_looked_at = bool(facts.past) and facts.past[-1].channel is Channel.agent_call
    is_missing = any(not point.exists for point in facts.points)
    return Wish(Reason("no_such_number")) if is_missing and not is_looked_at else None


def asked_priority(reserved_for: str | None) -> int:
    """The place in the queue of a call that an agent owes; one handed on comes before the others."""
    is_handed_on = reserved_for is not None and not reserved_for.startswith("agent:")
    return HANDED_ON if is_handed_on else ASKED


def reservation(
    reserved_for: str | None, policy: Policy, not_before: datetime
) -> tuple[str | None, datetime | None]:
    """For whom a step is kept, and until when: for an agent only a while, or absence would break promises."""
    if reserved_for is None or not reserved_for.startswith("agent:"):
        return reserved_for, None
    return reserved_for, not_before + timedelta(minutes=policy.promise_reserved_minutes)


def _permit(
    channel: Channel, touches: Sequence[Touch], facts: CaseFacts, policy: Policy, at: datetime
) -> Permission:
    return permit(channel, touches, policy, facts.where, at, calendar=facts.calendar, until=facts.decide_by)


def _because(reason: Reason, permission: Permission) -> Reason:
    if not permission.reasons:
        return reason
    return Reason(reason.code, {**reason.params, "held_by": list(permission.reasons)})


def _ladder(facts: CaseFacts, policy: Policy, now: datetime) -> Iterator[Planned]:
    for point in facts.points:
        if not point.usable:
            continue
        spent = len(facts.past)
        here = [past for past in facts.past if past.point_id == point.id]
        before = facts.past[-1] if facts.past else None
        touches = list(point.touches)
        for rung in _rungs_left(policy, here, facts.past):
            if rung.channel not in point.usable:
                continue
            if spent >= policy.max_attempts_per_order:
                return
            earliest = now
            if before is not None and before.left:
                earliest = max(now, before.at + timedelta(minutes=rung.after_minutes))
            permission = _permitted(rung.channel, touches, here, facts, policy, earliest)
            if permission.at is None or permission.at >= facts.decide_by:
                continue
            yield Planned(
                rung.channel,
                point.id,
                permission.at,
                _because(_why(before, rung.channel, point), permission),
                ROUTINE if before else FIRST,
            )
            spent += 1
            before = Past(rung.channel, permission.at, point.id, open=True)
            here.append(before)
            touches.append(Touch(rung.channel, permission.at))
        if spent > len(facts.past):
            return


def _rungs_left(policy: Policy, here: Sequence[Past], all_past: Sequence[Past]) -> Sequence[Rung]:
    """What remains after the contacts made: each one uses up the ladder to the next rung of its channel.

    The first time that a channel finds the phone switched off, the same contact once more comes first.
    """
    ladder, position = policy.ladder, 0
    owed: set[Channel] = set()
    for past in here:
        if past.channel in owed:
            owed.remove(past.channel)
            continue
        for index in range(position, len(ladder)):
            if ladder[index].channel == past.channel:
                position = index + 1
                break
        if past.switched_off and past is _first_off(past.channel, all_past):
            owed.add(past.channel)
    again = (Rung(channel=channel, after_minutes=policy.switched_off_minutes) for channel in sorted(owed))
    return (*again, *ladder[position:])


def _first_off(channel: Channel, past: Sequence[Past]) -> Past | None:
    return next((one for one in past if one.switched_off and one.channel is channel), None)


def _part_of_day(at: datetime, zone: str) -> int:
    hour = at.astimezone(ZoneInfo(zone)).hour
    return 0 if hour < 13 else 1 if hour < 17 else 2


def _permitted(
    channel: Channel,
    touches: Sequence[Touch],
    here: Sequence[Past],
    facts: CaseFacts,
    policy: Policy,
    earliest: datetime,
) -> Permission:
    """The first permitted instant; a repeated call in a part of the day not tried yet, if one is in time."""
    first = _permit(channel, touches, facts, policy, earliest)
    if not (channel.is_call and policy.vary_call_hours) or first.at is None:
        return first
    tried = {_part_of_day(past.at, facts.where.zone) for past in here if past.channel.is_call and past.left}
    if len(tried) == _PARTS_OF_DAY:
        return first
    candidate, last = first, min(facts.decide_by, first.at + _VARIED_WITHIN)
    while candidate.at is not None and candidate.at < last:
        if _part_of_day(candidate.at, facts.where.zone) not in tried:
            moved = ("other_hours",) if candidate.at > first.at else ()
            return replace(candidate, reasons=(*first.reasons, *moved))
        hour_later = candidate.at + timedelta(hours=1)
        candidate = _permit(channel, touches, facts, policy, hour_later)
    return first


def _why(before: Past | None, channel: Channel, point: Point) -> Reason:
    if before is None:
        return Reason("first_contact")
    if before.point_id != point.id:
        return Reason("next_number")
    if before.switched_off and before.channel is channel:
        return Reason("phone_was_off", {"tried": before.channel.value})
    if not before.left:
        return Reason("could_not_contact", {"tried": before.channel.value})
    return Reason("no_answer_yet", {"tried": before.channel.value})


def _stop(facts: CaseFacts) -> Stop:
    if not facts.points:
        return Stop.no_usable_number
    if all(point.opted_out and not point.usable for point in facts.points):
        return Stop.opted_out
    return Stop.no_response
