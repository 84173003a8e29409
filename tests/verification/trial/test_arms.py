"""The lot: who is control, for ever the same."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Arm, Chooser
from verification.policy.values import default_policy
from verification.trial.arms import arm_of, lot

POLICY = default_policy("SA")
IDS = st.uuids()


@given(st.lists(IDS, min_size=1, max_size=20), st.randoms())
def test_an_order_draws_the_same_whenever_and_in_whatever_order_it_is_asked(ids, shuffler):
    drawn = {each: (lot(each, "arm"), arm_of(each, POLICY, stopped=False)) for each in ids}
    again = list(ids)
    shuffler.shuffle(again)
    assert all(0 <= number < 1 for number, _ in drawn.values())
    assert {each: (lot(each, "arm"), arm_of(each, POLICY, stopped=False)) for each in again} == drawn


@given(IDS)
def test_questions_have_lots_of_their_own(order_id):
    assert lot(order_id, "arm") != lot(order_id, "slot")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**120), st.integers(0, 50))
def test_the_control_has_the_share_that_the_policy_says(first, percent):
    policy = POLICY.model_copy(update={"control_percent": percent})
    orders = 4000
    # Ids in a row, as they are when they begin with the time.
    arms = [arm_of(UUID(int=first + at), policy, stopped=False) for at in range(orders)]
    expected, spread = orders * percent / 100, (orders * percent / 100 * (1 - percent / 100)) ** 0.5
    assert abs(arms.count(Arm.control) - expected) <= 5.5 * spread
    assert Arm.fixed not in arms


@given(IDS)
def test_more_control_never_takes_an_order_out_of_it(order_id):
    arms = [
        arm_of(order_id, POLICY.model_copy(update={"control_percent": percent}), stopped=False)
        for percent in (0, 3, 10, 50)
    ]
    assert arms == sorted(arms, reverse=True)
    assert arms[0] is Arm.learned


@given(IDS)
def test_the_kill_switch_and_the_policy_leave_no_lot(order_id):
    fixed = POLICY.model_copy(update={"chooser": Chooser.fixed})
    assert arm_of(order_id, POLICY, stopped=True) is arm_of(order_id, fixed, stopped=False) is Arm.fixed
