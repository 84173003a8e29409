"""How far a call has come, whatever is known of its phones and in whichever order it came."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import AttemptState, CallParty, Disposition, LegState
from verification.desk.call_stage import CallStage, Ring, ShownLeg, stage_of

ASKED = datetime(2026, 11, 22, 10, tzinfo=UTC)
TAKEN = Ring(AttemptState.sent, ASKED, True)
OPEN = Ring(AttemptState.sending, ASKED, False)
AGENT, BUYER = CallParty.agent, CallParty.buyer


def leg(party, state, after=1, **more):
    return ShownLeg(party, state, ASKED + timedelta(seconds=after), **more)


def at(seconds):
    return ASKED + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("ring", "legs", "seconds", "stage"),
    [
        (OPEN, [], 5, CallStage.asked),
        (OPEN, [], 61, CallStage.in_doubt),
        (Ring(AttemptState.uncertain, ASKED, False), [], 1, CallStage.in_doubt),
        (
            Ring(AttemptState.uncertain, ASKED, False),
            [leg(AGENT, LegState.ringing)],
            3,
            CallStage.agent_rings,
        ),
        (Ring(AttemptState.uncertain, ASKED, False), [leg(AGENT, LegState.busy)], 3, CallStage.over),
        (Ring(AttemptState.failed, ASKED, False, "slow_down"), [], 1, CallStage.not_rung),
        (TAKEN, [leg(AGENT, LegState.queued)], 1, CallStage.agent_rings),
        (TAKEN, [leg(AGENT, LegState.ringing)], 500, CallStage.in_doubt),
        (TAKEN, [leg(AGENT, LegState.in_progress)], 20, CallStage.agent_answered),
        (TAKEN, [leg(AGENT, LegState.in_progress), leg(BUYER, LegState.ringing)], 20, CallStage.buyer_rings),
        (
            TAKEN,
            [leg(AGENT, LegState.in_progress), leg(BUYER, LegState.in_progress)],
            20,
            CallStage.connected,
        ),
        (TAKEN, [leg(AGENT, LegState.in_progress), leg(BUYER, LegState.busy)], 20, CallStage.over),
        (TAKEN, [leg(AGENT, LegState.completed), leg(BUYER, LegState.ringing)], 20, CallStage.over),
        # What is left of the ring before says nothing of the one that was asked for just now.
        (OPEN, [leg(AGENT, LegState.no_answer, after=-60)], 5, CallStage.asked),
    ],
)
def test_each_stage_is_told_by_the_phones(ring, legs, seconds, stage):
    assert stage_of(ring, legs, at(seconds)).stage is stage


@pytest.mark.parametrize(
    ("end", "suggested"),
    [
        (LegState.busy, Disposition.busy),
        (LegState.no_answer, Disposition.no_answer),
        (LegState.canceled, Disposition.no_answer),
        (LegState.failed, Disposition.unreachable),
        (LegState.completed, None),
    ],
)
def test_how_the_buyers_phone_ended_suggests_the_outcome(end, suggested):
    shown = stage_of(TAKEN, [leg(AGENT, LegState.completed), leg(BUYER, end, talk_seconds=0)], at(60))
    assert (shown.end, shown.suggests) == (end, suggested)
    assert shown.talk_seconds == (0 if end is LegState.completed else None)


legs = st.builds(
    leg,
    st.sampled_from(CallParty),
    st.sampled_from(LegState),
    st.integers(-300, 300),
    talk_seconds=st.none() | st.integers(0, 100),
)
rings = st.builds(Ring, st.sampled_from(AttemptState), st.just(ASKED), st.booleans(), st.none())


@given(rings, st.lists(legs, max_size=4), st.integers(0, 1000))
def test_a_buyer_whose_phone_rang_is_never_rung_again(ring, found, seconds):
    shown = stage_of(ring, found, at(seconds))
    if any(each.party is BUYER for each in found):
        assert not shown.may_ring
    assert not (shown.may_ring and shown.may_hang_up)
    assert (shown.end is not None) == (shown.stage is CallStage.over)


@given(rings, st.lists(legs, max_size=3))
def test_nobody_is_stuck_before_the_buyer_was_rung(ring, found):
    shown = stage_of(ring, [each for each in found if each.party is AGENT], at(10_000))
    assert shown.may_ring or shown.may_hang_up


def test_the_order_in_which_phones_are_told_of_makes_no_difference():
    for one, other in product(LegState, repeat=2):
        both = [leg(AGENT, one), leg(BUYER, other, after=5)]
        assert stage_of(TAKEN, both, at(30)) == stage_of(TAKEN, both[::-1], at(30))
