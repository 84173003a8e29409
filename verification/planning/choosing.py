"""What the planner of hours and channels is asked about a case, pure: its terms, and the stretches left."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import Channel, MessageClass
from verification.hours.days import Stretch, without
from verification.hours.deciding import open_stretches
from verification.hours.regime import regimes_until
from verification.planning.case import CaseFacts, Past, Point
from verification.planning.permission import Touch, kind_of
from verification.policy.values import Policy
from verification.slots.asking import HOUR, Asked, Span, Terms, Tried
from verification.slots.counts import Past as Counts

MESSAGE_HOUR = timedelta(hours=1)
"""How long a message has to itself: the planner counts on most answers within the hour."""
HORIZON = timedelta(days=7)
"""So far ahead contacts are planned."""
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_LEAST_AGENT_COST = 0.001  # so that a price of agents' time always makes it dearer


def terms_of(policy: Policy) -> Terms:
    """The prices (US dollars) and the caps of an order under a policy; channels that its ladder leaves out
    are not used."""
    most = {
        Channel.whatsapp: policy.whatsapp_per_order,
        Channel.sms: policy.sms_per_order,
        Channel.ivr: policy.calls_per_order,
        Channel.agent_call: policy.calls_per_order,
    }
    return Terms(
        decision_value=float(policy.decision_value),
        complaint_cost=float(policy.complaint_price),
        ring={
            Channel.whatsapp: float(policy.whatsapp_cost),
            Channel.sms: float(policy.sms_cost),
            Channel.ivr: float(policy.ivr_cost),
            Channel.agent_call: max(float(policy.agent_cost), _LEAST_AGENT_COST),
        },
        talk={
            Channel.ivr: float(policy.ivr_talk_cost),
            Channel.agent_call: float(policy.agent_talk_cost),
        },
        caps={rung.channel: most[rung.channel] for rung in policy.ladder if rung.channel in most},
        most_calls=policy.calls_per_order,
        agent_price=policy.agent_price_percent / 100,
    )


def asked_of(
    facts: CaseFacts,
    point: Point,
    policy: Policy,
    now: datetime,
    *,
    until: datetime | None = None,
    kept_back: int = 0,
) -> Asked:
    """What the planner is asked about one phone of a case: the hours in which `permit` would allow a contact.

    They end at the deadline or at `until`, and begin when the last contact has had its hour. `kept_back`: so
    many calls, messages and SMS are left to other phones, as long as one of each remains. Raises ValueError
    for a case without an insight.
    """
    known = facts.insight
    if known is None:
        raise ValueError("the case is contacted by the fixed schedule")
    deadline = min(until or facts.decide_by, facts.decide_by, now + HORIZON)
    tried = [past for past in facts.past if past.point_id == point.id and past.left and not past.switched_off]
    start = _after_last(tried, now, deadline)
    calls, messages = (
        _open(channel, point, facts, policy, start, deadline)
        for channel in (Channel.agent_call, Channel.whatsapp)
    )
    if not tried:
        start = min((begins for begins, _ in (*calls[:1], *messages[:1])), default=start)
    place = facts.where.place
    return Asked(
        past=_without_tried(known.counts, tried),
        country=facts.where.country,
        city=place.code.partition("/")[2] if facts.where.is_known else "",
        zone=ZoneInfo(facts.where.zone),
        placed_at=min(known.placed_at, start),
        now=start,
        deadline=deadline,
        calls=calls,
        messages=messages,
        tried=[Tried(past.channel, past.at, past.reached) for past in tried],
        regimes=regimes_until(start, deadline, facts.where.zone, facts.where.country, facts.calendar),
        agent_prices=known.agent_prices,
        counts_own=True,
        most=_left(facts, point, policy, kept_back),
    )


def _without_tried(counts: Counts, tried: Sequence[Past]) -> Counts:
    """The counts of everything else: a silence about this order is weighed as such, and only once."""
    own = Counter(past.counted_as for past in tried if past.counted_as is not None)
    if not own:
        return counts
    cells = {cell: count - own[cell] for cell, count in counts.cells.items()}
    return Counts({cell: count for cell, count in cells.items() if count > 0})


def _after_last(tried: Sequence[Past], now: datetime, deadline: datetime) -> datetime:
    """From when on the planner counts: a contact has its clock hour to itself, a message a full one."""
    over = max((_over(past) for past in tried), default=now)
    return max(now, over) if over < deadline else now


def _over(past: Past) -> datetime:
    if past.channel.is_message:
        return past.at + MESSAGE_HOUR if past.open else past.at
    return past.at.replace(minute=0, second=0, microsecond=0) + HOUR


def _left(facts: CaseFacts, point: Point, policy: Policy, kept_back: int) -> dict[Channel, int]:
    """So many more contacts the case may have on each channel of this phone."""
    made = Counter(past.channel for past in facts.asked)
    calls = made[Channel.ivr] + made[Channel.agent_call]
    in_all = _spare(policy.max_attempts_per_order - len(facts.past), kept_back)
    left = {
        Channel.whatsapp: policy.whatsapp_per_order - made[Channel.whatsapp],
        Channel.sms: policy.sms_per_order - made[Channel.sms],
        Channel.ivr: policy.calls_per_order - calls,
        Channel.agent_call: policy.calls_per_order - calls,
    }
    ladder = {rung.channel for rung in policy.ladder}
    return {
        channel: min(_spare(most, kept_back), in_all) if channel in point.usable & ladder else 0
        for channel, most in left.items()
    }


def _spare(left: int, kept_back: int) -> int:
    return max(left - kept_back, min(left, 1), 0)


def _open(
    channel: Channel, point: Point, facts: CaseFacts, policy: Policy, start: datetime, until: datetime
) -> list[Span]:
    """When hours and caps allow contacts of this kind; soft pauses are avoided unless no more is left."""
    asked = (kind_of(channel), MessageClass.service, facts.where, policy, facts.calendar, start, until)
    for softly in (True, False):
        hours = open_stretches(*asked, softly=softly)
        if found := list(without(hours, _capped(channel, point.touches, policy, facts.where.zone))):
            return list(found)
    return []


def _capped(channel: Channel, touches: Sequence[Touch], policy: Policy, zone: str) -> Iterator[Stretch]:
    """When contacts already made forbid another one of this kind, as `permit` has it."""
    gap = timedelta(minutes=policy.min_gap_minutes)
    yield from (Stretch(touch.at, touch.at + gap) for touch in touches if gap)
    yield from _full_days((touch.at for touch in touches), policy.max_attempts_per_day, zone)
    if not channel.is_call:
        return
    called = sorted(touch.at for touch in touches if touch.channel.is_call)
    yield from (Stretch(touch.at, touch.open_until) for touch in touches if touch.open_until is not None)
    yield from _full_days(called, policy.max_calls_per_day, zone)
    most = policy.max_calls_per_week
    yield from (
        Stretch(last, first + _WEEK)
        for first, last in zip(called, called[most - 1 :], strict=False)
        if last < first + _WEEK
    )


def _full_days(at: Iterable[datetime], most: int, zone: str) -> Iterator[Stretch]:
    """The local days that hold as many contacts as a day may."""
    clock = ZoneInfo(zone)
    by_day = Counter(each.astimezone(clock).date() for each in at)
    for day, count in by_day.items():
        if count >= most:
            midnight = datetime.combine(day, datetime.min.time(), clock)
            next_one = datetime.combine(day + _DAY, datetime.min.time(), clock)
            yield Stretch(*(each.astimezone(ZoneInfo("UTC")) for each in (midnight, next_one)))
