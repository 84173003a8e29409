"""The fixed schedule, pure: the policy's ladder of channels and waits, at permitted hours."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from models.reasons import Reason
from models.vocabulary import Channel
from verification.planning.case import CaseFacts, Past
from verification.planning.permission import Permission, Touch
from verification.planning.planned import FIRST, ROUTINE, End, Ladder, Planned, because, permit_case
from verification.policy.values import Policy, Rung

_VARIED_WITHIN = timedelta(days=2)
_PARTS_OF_DAY = 3


def ladder_by_schedule(facts: CaseFacts, policy: Policy, now: datetime) -> Ladder:
    """The contacts that the policy's ladder leaves to one phone of the case, the first that has any left."""
    rungs = tuple(_ladder(facts, policy, now))
    is_full = len(facts.past) + len(rungs) >= policy.max_attempts_per_order
    return Ladder(rungs, End.caps_spent if is_full else End.deadline)


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
                because(why(before, rung.channel, point.id), permission),
                ROUTINE if before else FIRST,
            )
            spent += 1
            before = Past(rung.channel, permission.at, point.id, open=True)
            here.append(before)
            touches.append(Touch(rung.channel, permission.at))
        if spent > len(facts.past):
            return


def _rungs_left(policy: Policy, here: Sequence[Past], all_past: Sequence[Past]) -> Sequence[Rung]:
    """What remains after the contacts made: each one uses up the ladder to the next rung of its channel."""
    position, _ = _stand(policy, here, all_past)
    return (*owed_again(policy, here, all_past), *policy.ladder[position:])


def owed_again(policy: Policy, here: Sequence[Past], all_past: Sequence[Past]) -> Sequence[Rung]:
    """The contacts that a phone is owed once more: each channel's first that found it switched off."""
    _, owed = _stand(policy, here, all_past)
    return [Rung(channel=channel, after_minutes=policy.switched_off_minutes) for channel in sorted(owed)]


def _stand(policy: Policy, here: Sequence[Past], all_past: Sequence[Past]) -> tuple[int, set[Channel]]:
    """The place on the ladder, and the channels on which the same contact once more comes first."""
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
    return position, owed


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
    first = permit_case(channel, touches, facts, policy, earliest)
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
        candidate = permit_case(channel, touches, facts, policy, hour_later)
    return first


def why(before: Past | None, channel: Channel, point_id: UUID) -> Reason:
    """Why a contact is made with a phone, by what became of the one before it."""
    if before is None:
        return Reason("first_contact")
    if before.point_id != point_id:
        return Reason("next_number")
    if before.switched_off and before.channel is channel:
        return Reason("phone_was_off", {"tried": before.channel.value})
    if not before.left:
        return Reason("could_not_contact", {"tried": before.channel.value})
    return Reason("no_answer_yet", {"tried": before.channel.value})
