"""The next contact, pure: the best one, the first of all at once, or one drawn by lot to learn from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from models.reasons import Reason
from models.vocabulary import Channel, Choice
from verification.planning.case import CaseFacts, Insight
from verification.policy.values import Policy
from verification.slots.asking import HOUR, Asked, Terms
from verification.slots.grid import first_instant, hour_of, slots_left
from verification.slots.ladder import Plan as Slots
from verification.slots.ladder import Rung
from verification.slots.staffing import FORBIDDEN
from verification.slots.staffing import hour_of as agents_hour
from verification.trial.arms import lot

CLEARLY = 0.02
"""Of what a decision is worth: so much must be gained by not making the first contact at once."""
_DRAWN_HOURS = 24


@dataclass(frozen=True)
class Opening:
    """The next contact and why; `later`: why another one, that could be made sooner, is not."""

    rung: Rung
    reason: Reason
    choice: Choice = Choice.best
    propensity: float = 1.0
    later: Reason | None = None


class Action(NamedTuple):
    """A contact that could be made: the first allowed instant of an hour, on one channel."""

    channel: Channel
    at: datetime


def open_with(facts: CaseFacts, policy: Policy, asked: Asked, plan: Slots) -> Opening | None:
    """The best next contact; None where none is worth making.

    The first of all is made within the policy's minutes of the first allowed instant, unless waiting is
    clearly better, and is made even where the model sees no gain: nobody is given up unasked.
    """
    best, soonest = plan.rungs[0] if plan.rungs else None, plan.at_once
    if soonest is None or (best is None and not facts.is_unasked):
        return Opening(best, best.reason) if best else None
    if best is not None and best.not_before <= asked.now + timedelta(minutes=policy.first_contact_minutes):
        return Opening(best, best.reason)
    if facts.asked and best is not None:
        return Opening(best, best.reason, later=_better(asked, soonest, best))
    gain = plan.value - plan.value_at_once
    if best is None or gain <= CLEARLY * float(policy.decision_value):
        return Opening(soonest, Reason("first_contact", soonest.reason.params))
    later = _better(asked, soonest, best) or best.reason
    return Opening(best, later, later=later)


def _better(asked: Asked, soonest: Rung, best: Rung) -> Reason | None:
    """That a contact later is likelier to bring a decision than the best at once; None where it is not."""
    if best.chance <= soonest.chance:
        return None
    params = {
        "hour": best.not_before.astimezone(asked.zone).hour,
        "percent": round(100 * best.chance),
        "percent_now": round(100 * soonest.chance),
    }
    return Reason("answers_better_later", params)


def draw(
    known: Insight, number: int, policy: Policy, terms: Terms, asked: Asked, best: Rung
) -> tuple[Action | None, float]:
    """Whether the contact of this number is drawn by lot, and then which; and the propensity of what is made.

    Drawn evenly among what could be made within a day. The lot belongs to the order and the number, so
    planning again draws the same.
    """
    share = policy.random_per_thousand / 1000
    actions = list(_actions(terms, asked)) if share else []
    if not actions:
        return None, 1.0
    even = share / len(actions)
    is_drawn = lot(known.order_id, f"draw:{number}") < share
    place = int(lot(known.order_id, f"which:{number}") * len(actions))
    made = actions[place] if is_drawn else Action(best.channel, best.not_before)
    propensity = even * (made in actions) + (1 - share) * (made == (best.channel, best.not_before))
    return made if is_drawn else None, propensity


def _actions(terms: Terms, asked: Asked) -> Iterator[Action]:
    calls, messages, sms = terms.left(asked)
    left = {Channel.whatsapp: messages, Channel.sms: sms, Channel.ivr: calls, Channel.agent_call: calls}
    hours = [hour_of(asked) + number * HOUR for number in range(min(slots_left(asked), _DRAWN_HOURS))]
    at = {
        is_call: [first_instant(asked, asked.calls if is_call else asked.messages, hour) for hour in hours]
        for is_call in (True, False)
    }
    for channel, most in left.items():
        if most and terms.caps.get(channel, 0) and asked.may_use(channel):
            for instant in at[channel.is_call]:
                if instant is not None and not _is_staffless(asked, channel, instant):
                    yield Action(channel, instant)


def _is_staffless(asked: Asked, channel: Channel, at: datetime) -> bool:
    """Whether nobody is at work for a call in that hour."""
    return channel is Channel.agent_call and asked.agent_prices.get(agents_hour(at), 1.0) >= FORBIDDEN


def alone(asked: Asked, terms: Terms, action: Action) -> tuple[Asked, Terms]:
    """What to ask for the chance of one contact: nothing else is possible, and it costs nothing."""
    span = (action.at, action.at.replace(minute=0, second=0, microsecond=0) + HOUR)
    lone = replace(
        asked,
        calls=[span] if action.channel.is_call else [],
        messages=[] if action.channel.is_call else [span],
        most={channel: int(channel is action.channel) for channel in terms.caps},
        agent_prices={},
    )
    return lone, replace(terms, complaint_cost=0.0, ring={}, talk={})
