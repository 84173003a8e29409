"""Planning, pure: what is known of a case and the policy give the next contact and the ladder after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.reasons import Reason
from models.vocabulary import Channel, Choice
from verification.planning.case import CaseFacts, Past, Turn, Wish
from verification.planning.permission import Permission, counted
from verification.planning.planned import (
    ASKED,
    HANDED_ON,
    PROMISED,
    WAITING,
    Ladder,
    Plan,
    Planned,
    Stop,
    because,
    permit_case,
)
from verification.planning.schedule import ladder_by_schedule
from verification.planning.untaken import ladders_left, next_untried
from verification.planning.waiting import why_not_now
from verification.policy.values import Policy

__all__ = [
    "ASKED",
    "PROMISED",
    "Plan",
    "Planned",
    "Stop",
    "asked_priority",
    "plan",
    "plan_all",
    "reservation",
]

_ASK_AGAIN = timedelta(hours=3)


def plan(facts: CaseFacts, policy: Policy, now: datetime) -> Plan:
    """A promise or a wish first, then the best hours by what was learned, or the policy's fixed schedule.

    While an answer may still come and nothing else is left, the next step waits on the buyer's own page.
    """
    return plan_all([(facts, policy)], now)[0]


def plan_all(cases: Sequence[tuple[CaseFacts, Policy]], now: datetime) -> list[Plan]:
    """The plans of many cases, in order; none depends on the others."""
    wished = [_wished(facts, policy, now) for facts, policy in cases]
    learning = [
        number
        for number, (facts, _) in enumerate(cases)
        if facts.insight is not None and wished[number] is None
    ]
    learned = dict(zip(learning, ladders_left([cases[number] for number in learning], now), strict=True))
    plans = []
    for number, (facts, policy) in enumerate(cases):
        owed = wished[number]
        made = Plan(owed) if owed else _planned(facts, policy, now, learned.get(number))
        waits = why_not_now(made.next, facts, policy, now, made.waits) if made.next else None
        plans.append(replace(made, waits=waits))
    return plans


def _planned(facts: CaseFacts, policy: Policy, now: datetime, learned: Ladder | None) -> Plan:
    ladder = learned or ladder_by_schedule(facts, policy, now)
    if learned is not None and not learned.rungs and facts.is_unasked:
        # Nobody is given up unasked, whatever the model makes of it.
        untried = next_untried(facts, policy, now)
        ladder = replace(learned, rungs=(untried,) if untried else ())
    if ladder.rungs:
        first = _in_turn(ladder.rungs[0], facts.turn, now)
        return Plan(first, ladder.rungs[1:], end=ladder.end, chance=ladder.chance, waits=ladder.later)
    until = _answers_until(facts.past, policy)
    if until is not None and now < until and now < facts.decide_by:
        return _wait(min(until, facts.decide_by), Reason("waiting_for_answer"), ladder)
    barred = None if facts.past else _barred(facts, policy, now)
    if barred is not None and now < facts.decide_by:
        # Nobody was asked yet: a stop may be lifted, hours may change, until the deadline.
        reason = because(Reason("no_time_in_sight"), barred)
        return _wait(min(now + _ASK_AGAIN, facts.decide_by), reason, ladder)
    return Plan(None, stop=_stop(facts), end=ladder.end)


def _wait(until: datetime, reason: Reason, ladder: Ladder) -> Plan:
    return Plan(Planned(Channel.page, None, until, reason, WAITING, chosen=None), end=ladder.end)


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
                return permit_case(rung.channel, point.touches, facts, policy, now)
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
    permission = permit_case(Channel.agent_call, touches, facts, policy, max(now, wish.at or now))
    if permission.at is None:
        return None
    return Planned(
        Channel.agent_call,
        point.id if point else None,
        permission.at,
        because(wish.reason, permission),
        PROMISED if wish.at else asked_priority(wish.reserved_for),
        *reservation(wish.reserved_for, policy, permission.at),
        chosen=Choice.owed,
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


def _stop(facts: CaseFacts) -> Stop:
    if not facts.points:
        return Stop.no_usable_number
    if all(point.opted_out and not point.usable for point in facts.points):
        return Stop.opted_out
    return Stop.no_response
