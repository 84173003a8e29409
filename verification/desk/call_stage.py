"""How far a call through a provider has come, from what is known of its phones; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.vocabulary import AttemptState, CallParty, Disposition, LegState

DOUBT_LASTS = timedelta(seconds=60)
"""How long a ring that nothing was heard of may still begin."""

# Our clock and the provider's may differ a little.
_SKEW = timedelta(seconds=2)
# Longer than any phone is let ring: the news of its end was lost.
_LONGEST_RING = timedelta(seconds=120)
_LIVE = frozenset({LegState.queued, LegState.ringing, LegState.in_progress})
_SUGGESTED = {
    LegState.busy: Disposition.busy,
    LegState.no_answer: Disposition.no_answer,
    LegState.canceled: Disposition.no_answer,
    LegState.failed: Disposition.unreachable,
}


class CallStage(StrEnum):
    """The stages; each but the last may be followed by any later one."""

    asked = "asked"
    in_doubt = "in_doubt"
    not_rung = "not_rung"
    agent_rings = "agent_rings"
    agent_answered = "agent_answered"
    buyer_rings = "buyer_rings"
    connected = "connected"
    over = "over"


@dataclass(frozen=True)
class ShownLeg:
    """One phone that rang for a contact; `talk_seconds` once it is over and the provider has counted."""

    party: CallParty
    state: LegState
    rang_at: datetime
    answered_at: datetime | None = None
    talk_seconds: int | None = None

    @property
    def talked(self) -> bool:
        """Whether its owner talked with somebody, and it is known how long: the agent's phone waits for the
        buyer's."""
        return self.party is CallParty.buyer and self.state is LegState.completed and bool(self.talk_seconds)

    @property
    def is_live(self) -> bool:
        """Whether it still rings or is talked on, as far as told."""
        return self.state in _LIVE


@dataclass(frozen=True)
class Ring:
    """The latest ring of an attempt: `asked_at` when, `is_taken` whether the provider took it for certain,
    `problem` the meaning of its refusal."""

    state: AttemptState
    asked_at: datetime
    is_taken: bool
    problem: str | None = None


@dataclass(frozen=True)
class ShownCall:
    """A call as its agent sees it.

    `since` (aware UTC) is when the two were connected. Once `over`, `party` and `end` say whose phone ended
    it how. `suggests` is the outcome that the end speaks for. The agent's phone may be rung again only while
    the buyer's never rang.
    """

    stage: CallStage
    since: datetime | None = None
    party: CallParty | None = None
    end: LegState | None = None
    talk_seconds: int | None = None
    problem: str | None = None
    suggests: Disposition | None = None
    may_ring: bool = False
    may_hang_up: bool = False


def stage_of(ring: Ring, legs: Sequence[ShownLeg], now: datetime) -> ShownCall:
    """The call as it stands."""
    agents = _of(CallParty.agent, legs)
    if buyers := _of(CallParty.buyer, legs):
        return _with_buyer(buyers[-1], agents)
    last = agents[-1] if agents else None
    if last is not None and last.is_live:
        return _agents_phone(last, now)
    if ring.state is AttemptState.failed:
        return ShownCall(CallStage.not_rung, problem=ring.problem, may_ring=True)
    if last is not None and (ring.is_taken or last.rang_at >= ring.asked_at - _SKEW):
        return ShownCall(CallStage.over, party=CallParty.agent, end=last.state, may_ring=True)
    if ring.state is AttemptState.uncertain or now >= ring.asked_at + DOUBT_LASTS:
        return ShownCall(CallStage.in_doubt, may_ring=True)
    return ShownCall(CallStage.asked)


def _agents_phone(leg: ShownLeg, now: datetime) -> ShownCall:
    if leg.state is LegState.in_progress:
        return ShownCall(CallStage.agent_answered, may_hang_up=True)
    if now >= leg.rang_at + _LONGEST_RING:
        return ShownCall(CallStage.in_doubt, may_ring=True)
    return ShownCall(CallStage.agent_rings, may_hang_up=True)


def _with_buyer(buyer: ShownLeg, agents: Sequence[ShownLeg]) -> ShownCall:
    hung_up = bool(agents) and not agents[-1].is_live
    if buyer.is_live and not hung_up:
        if buyer.state is LegState.in_progress:
            return ShownCall(CallStage.connected, since=buyer.answered_at, may_hang_up=True)
        return ShownCall(CallStage.buyer_rings, may_hang_up=True)
    end = buyer.state
    if buyer.is_live:
        # The agent has hung up; news of the buyer's phone is still on its way.
        end = LegState.completed if buyer.answered_at else LegState.canceled
    return ShownCall(
        CallStage.over,
        party=CallParty.buyer,
        end=end,
        talk_seconds=buyer.talk_seconds if end is LegState.completed else None,
        suggests=_SUGGESTED.get(end),
    )


def _of(party: CallParty, legs: Sequence[ShownLeg]) -> Sequence[ShownLeg]:
    return sorted((leg for leg in legs if leg.party is party), key=lambda leg: leg.rang_at)
