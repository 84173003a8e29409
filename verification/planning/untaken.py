"""What follows where no agent took a call, or nobody was asked yet, pure: what was not tried is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.reasons import Reason
from models.vocabulary import Channel
from verification.planning.case import CaseFacts
from verification.planning.choosing import HORIZON
from verification.planning.learned import ladders
from verification.planning.planned import Ladder, Planned
from verification.planning.schedule import ladder_by_schedule, why
from verification.policy.values import Policy
from verification.slots.asking import HOUR
from verification.slots.staffing import FORBIDDEN, hour_of

WITHOUT_AGENTS = timedelta(hours=24)
"""So long after a call that no agent took, a case does not count on agents."""


def ladders_left(cases: Sequence[tuple[CaseFacts, Policy]], now: datetime) -> list[Ladder]:
    """The best contacts for each case, in order.

    Plans made within `WITHOUT_AGENTS` after a call that no agent took hold machines' contacts alone, as long
    as one is of use, or could be the first that leaves at all; then agents are asked again.
    """
    without = [(_without_agents(facts, now), policy) for facts, policy in cases]
    found = ladders(without, now)
    again = []
    for number, (facts, policy) in enumerate(cases):
        if without[number][0] is facts or any(_is_machines(rung) for rung in found[number].rungs):
            continue
        rung = next_untried(facts, policy, now, but=frozenset({Channel.agent_call}))
        if facts.is_unasked and rung is not None:
            found[number] = replace(found[number], rungs=(rung,), chance=None, later=None)
        else:
            again.append(number)
    for number, ladder in zip(again, ladders([cases[each] for each in again], now), strict=True):
        found[number] = ladder
    return found


def next_untried(
    facts: CaseFacts, policy: Policy, now: datetime, *, but: frozenset[Channel] = frozenset()
) -> Planned | None:
    """The first contact of the fixed schedule on a usable channel of a phone that was not tried there."""
    tried = {(past.point_id, past.channel) for past in facts.past}
    points = tuple(
        replace(
            point,
            carries=frozenset(
                each for each in point.carries if each not in but and (point.id, each) not in tried
            ),
        )
        for point in facts.points
    )
    rungs = ladder_by_schedule(replace(facts, points=points, past=()), policy, now).rungs
    first = rungs[0] if rungs else None
    if first is None or first.point_id is None or not facts.past:
        return first
    because = why(facts.past[-1], first.channel, first.point_id)
    return replace(first, reason=Reason(because.code, {**first.reason.params, **because.params}))


def _is_machines(rung: Planned) -> bool:
    return rung.channel is not Channel.agent_call


def _without_agents(facts: CaseFacts, now: datetime) -> CaseFacts:
    """The case as if nobody were at work for it; itself where no agent failed to take it lately."""
    known = facts.insight
    if known is None or facts.untaken_at is None or facts.untaken_at + WITHOUT_AGENTS <= now:
        return facts
    first, until = hour_of(now), min(facts.decide_by, now + HORIZON)
    shut = {first + number * HOUR: FORBIDDEN for number in range((until - first) // HOUR + 1)}
    return replace(facts, insight=replace(known, agent_prices={**known.agent_prices, **shut}))
