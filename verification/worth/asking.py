"""What contacts are expected to cost, pure, in US dollars."""

from collections import Counter
from collections.abc import Iterable

from models.vocabulary import Channel
from verification.policy.values import Policy
from verification.slots.priors import PRIORS, Priors
from verification.worth.logit import moved


def expected_cost(
    contacts: Iterable[tuple[Channel, float | None]], policy: Policy, priors: Priors = PRIORS
) -> float:
    """What contacts cost, each made only if all before it brought no decision.

    Each is a channel and its chance of a decision; where none is known, the one assumed before anything is
    learned. An answered call is paid for even if it brings no decision.
    """
    ring = {
        Channel.whatsapp: policy.whatsapp_cost,
        Channel.sms: policy.sms_cost,
        Channel.ivr: policy.ivr_cost,
        Channel.agent_call: policy.agent_cost,
    }
    talk = {Channel.ivr: policy.ivr_talk_cost, Channel.agent_call: policy.agent_talk_cost}
    decides = {Channel.ivr: priors.ivr_decides, Channel.agent_call: priors.agent_decides}
    answers = {
        Channel.whatsapp: priors.whatsapp_answer,
        Channel.sms: priors.sms_answer,
        Channel.ivr: moved(priors.agent_answer, priors.ivr_shift),
        Channel.agent_call: priors.agent_answer,
    }
    cost, going = 0.0, 1.0
    for channel, chance in contacts:
        if channel not in ring:
            continue
        share = decides.get(channel, 1.0)
        decided = answers[channel] * share if chance is None else chance
        answered = min(decided / share, 1.0)
        cost += going * (float(ring[channel]) + answered * float(talk.get(channel, 0)))
        going *= 1.0 - decided
    return cost


def asking_cost(policy: Policy) -> float:
    """What asking a buyer of whom nothing is known costs under a policy, by its ladder and its caps."""
    return expected_cost(((channel, None) for channel in _within_caps(policy)), policy)


def _within_caps(policy: Policy) -> Iterable[Channel]:
    caps = {
        "call": policy.calls_per_order,
        Channel.whatsapp: policy.whatsapp_per_order,
        Channel.sms: policy.sms_per_order,
    }
    made: Counter[str] = Counter()
    for rung in policy.ladder[: policy.max_attempts_per_order]:
        kind = "call" if rung.channel.is_call else rung.channel
        if made[kind] < caps.get(kind, 0):
            made[kind] += 1
            yield rung.channel
