"""What of a buyer's own past speaks for an hour, pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.vocabulary import Channel, Regime
from verification.habits.telling import Fact, Heard, heard
from verification.hours.regime import regime_at
from verification.planning.case import CaseFacts

_MOST = 2
_NEAR = 1


def recalled(facts: CaseFacts, channel: Channel, at: datetime) -> list[dict[str, Any]]:
    """At most two facts that speak for a contact then, as `{kind, hour, times}`, the most telling first."""
    if facts.insight is None or not facts.insight.counts.cells:
        return []
    zone, country = facts.where.zone, facts.where.country
    regime: Regime = regime_at(at, zone, country, facts.calendar)
    hour = at.astimezone(ZoneInfo(zone)).hour
    found: Sequence[Heard] = heard(facts.insight.counts, regime=regime)
    speaking = [each for each in found if _speaks(each, channel, hour)]
    return [{"kind": each.kind.value, "hour": each.hour, "times": each.times} for each in speaking[:_MOST]]


def _speaks(fact: Heard, channel: Channel, hour: int) -> bool:
    if fact.hour is None:
        return False
    if fact.kind is Fact.answers_after:
        return hour >= fact.hour
    if fact.kind is Fact.answers_at:
        return channel.is_call and hour == fact.hour
    # What was read once, and at another hour, speaks for little.
    near = _NEAR if fact.times > 1 else 0
    return fact.kind is Fact.reads_at and abs(hour - fact.hour) <= near
