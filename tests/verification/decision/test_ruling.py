from itertools import product

import pytest

from models.vocabulary import DecisionReason, Verdict, Via
from verification.decision.ruling import Heard, Move, Standing, confirmed, given_up, move, rejected

EVERY_CASE = list(product(Heard, Standing))
SETTLED = {Standing.confirmed, Standing.rejected, Standing.unreachable, Standing.waived, Standing.withdrawn}


@pytest.mark.parametrize(("heard", "standing"), EVERY_CASE)
def test_every_case_has_its_cell(heard: Heard, standing: Standing) -> None:
    assert isinstance(move(heard, standing), Move)


@pytest.mark.parametrize("heard", Heard)
def test_only_a_yes_confirms_and_only_a_no_rejects(heard: Heard) -> None:
    moves = {move(heard, standing) for standing in Standing}
    assert (Move.confirm in moves) == (heard in (Heard.confirm, Heard.soft_confirm))
    assert (Move.reject in moves) == (heard is Heard.cancel)


@pytest.mark.parametrize("heard", [Heard.silence, Heard.undeliverable])
def test_no_answer_and_no_arrival_only_ever_lead_to_another_try(heard: Heard) -> None:
    assert move(heard, Standing.open) is Move.plan
    assert {move(heard, standing) for standing in SETTLED} == {Move.keep}


@pytest.mark.parametrize("heard", [Heard.nothing_left, Heard.deadline])
def test_only_open_orders_are_given_up(heard: Heard) -> None:
    assert {standing for standing in Standing if move(heard, standing) is Move.give_up} == {Standing.open}


@pytest.mark.parametrize("heard", Heard)
def test_a_parcel_under_way_and_a_withdrawn_order_are_no_longer_ours(heard: Heard) -> None:
    assert move(heard, Standing.shipped) is Move.keep
    assert move(heard, Standing.withdrawn) is Move.keep


@pytest.mark.parametrize("heard", Heard)
def test_an_open_order_never_just_stays_as_it_is(heard: Heard) -> None:
    assert move(heard, Standing.open) is not Move.keep


def test_second_thoughts_before_shipping_count() -> None:
    assert move(Heard.cancel, Standing.confirmed) is Move.reject
    assert move(Heard.confirm, Standing.unreachable) is Move.confirm


def test_a_yes_after_a_no_is_asked_about_unless_an_agent_heard_it() -> None:
    for heard in (Heard.confirm, Heard.soft_confirm):
        assert move(heard, Standing.rejected) is Move.to_agent
        assert move(heard, Standing.rejected, by_agent=True) is Move.confirm


@pytest.mark.parametrize(("heard", "standing"), EVERY_CASE)
def test_an_agents_word_changes_nothing_else(heard: Heard, standing: Standing) -> None:
    if (standing, move(heard, standing, by_agent=True)) != (Standing.rejected, Move.confirm):
        assert move(heard, standing, by_agent=True) is move(heard, standing)


def test_rulings_say_why() -> None:
    assert confirmed(Via.page, soft=True).soft
    assert rejected(Via.ivr, None).reason is DecisionReason.unspecified
    assert rejected(Via.ivr, DecisionReason.price).reason is DecisionReason.price
    assert given_up(DecisionReason.opted_out).verdict is Verdict.unreachable


@pytest.mark.parametrize("heard", [Heard.confirm, Heard.soft_confirm])
def test_a_yes_to_what_the_order_was_before_a_correction_is_none(heard: Heard) -> None:
    assert move(heard, Standing.open, outdated=True) is Move.keep
    assert move(Heard.cancel, Standing.open, outdated=True) is Move.reject
