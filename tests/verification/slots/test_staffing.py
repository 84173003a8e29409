"""Agents' time grows dearer, hour by hour, until the planned calls fit those at work."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Channel
from tests.verification.slots.small_world import RIYADH, SUNDAY, TERMS, asked, past_of, people
from verification.slots.ladder import plan_batch
from verification.slots.model import cold_model
from verification.slots.staffing import FORBIDDEN, Case, felt, fit_hours, hour_of

MODEL = cold_model()
MORNING = SUNDAY + timedelta(hours=9)
HOURS = [hour_of(MORNING + timedelta(hours=number)) for number in range(40)]


def cases(count: int, seed: int = 4) -> list[Case]:
    """Open orders of all ages, of buyers with short and long pasts."""
    rng = Random(seed)
    return [
        Case(
            asked(
                past_of(person, rng.randrange(12), rng), at=MORNING, hours=36 - age, age=age, city="Riyadh"
            ),
            TERMS,
            rng.random(),
        )
        for person in people(count, rng)
        for age in [rng.random() * 20]
    ]


CASES = cases(60)


def at_work(calls: float, opens: int = 10, shuts: int = 22) -> dict[datetime, float]:
    """So many calls an hour while somebody is at work."""
    return {hour: calls if opens <= hour.astimezone(RIYADH).hour < shuts else 0.0 for hour in HOURS}


def is_within(planned: Mapping[datetime, float], room: Mapping[datetime, float], cases: int) -> bool:
    """Every hour holds what it may, or two calls and a tenth more; all of them a tenth of the cases more."""
    over = [planned[hour] - room[hour] for hour in room]
    each = all(more <= 2 + 0.1 * room[hour] for more, hour in zip(over, room, strict=True))
    return each and sum(more for more in over if more > 0) <= 0.1 * cases


def agent_hours(plans: Sequence[object]) -> set[int]:
    return {
        rung.not_before.astimezone(RIYADH).hour
        for plan in plans
        for rung in plan.rungs  # type: ignore[attr-defined]
        if rung.channel is Channel.agent_call
    }


def test_where_there_is_room_for_all_agents_time_counts_once() -> None:
    fitted = fit_hours(MODEL, CASES, at_work(1000, 0, 24))
    assert set(fitted.prices.values()) == {1.0}
    assert list(fitted.plans) == plan_batch(MODEL, [case.asked for case in CASES], TERMS)
    assert fitted.planned == fitted.wanted
    assert sum(fitted.wanted.values()) > 40


@settings(max_examples=8, deadline=None)
@given(st.floats(0.5, 8), st.integers(9, 13), st.integers(15, 23))
def test_planned_calls_fit_those_at_work(calls: float, opens: int, shuts: int) -> None:
    room = at_work(calls, opens, shuts)
    fitted = fit_hours(MODEL, CASES, room)
    assert is_within(fitted.planned, room, len(CASES))
    assert all(price >= 1 for price in fitted.prices.values())
    assert all((price == FORBIDDEN) == (room[hour] == 0) for hour, price in fitted.prices.items())
    assert agent_hours(fitted.plans) <= set(range(opens, shuts))
    # Starting from what was found, as the next reckoning does, it still fits.
    again = fit_hours(MODEL, CASES, room, before=fitted.prices)
    assert is_within(again.planned, room, len(CASES))


def test_calls_move_to_free_hours_before_they_are_left_out() -> None:
    room = at_work(4, 9, 23)
    fitted = fit_hours(MODEL, CASES, room)
    wanted, planned = sum(fitted.wanted.values()), sum(fitted.planned.values())
    assert max(fitted.wanted.values()) > 2 * 4
    assert max(fitted.planned.values()) < 1.5 * 4
    assert planned > 0.8 * min(wanted, sum(room.values()))


def test_other_channels_stay_when_nobody_is_at_work() -> None:
    fitted = fit_hours(MODEL, CASES, dict.fromkeys(HOURS, 0.0))
    assert sum(fitted.planned.values()) == 0
    assert set(fitted.prices.values()) == {FORBIDDEN}
    assert all(plan.rungs for plan in fitted.plans), "messages and robots stay"


def test_an_hour_that_grows_free_grows_cheap() -> None:
    tight = fit_hours(MODEL, CASES, at_work(2))
    assert max(price for price in tight.prices.values() if price < FORBIDDEN) > 1.2
    free = fit_hours(MODEL, CASES, at_work(200, 0, 24), before=tight.prices)
    assert max(free.prices.values()) < 1.02


def test_a_sample_stands_for_all() -> None:
    everybody = cases(120, seed=9)
    room = at_work(8)
    sampled = fit_hours(MODEL, everybody[::2], room, weight=2)
    in_all, of_sample = (sum(fit_hours(MODEL, everybody, room).wanted.values()), sum(sampled.wanted.values()))
    assert abs(in_all - of_sample) < 0.15 * in_all
    assert max(sampled.wanted.values()) > 2 * 8
    assert max(sampled.planned.values()) < 1.6 * 8


def test_without_cases_hours_with_agents_are_free() -> None:
    room = at_work(3)
    fitted = fit_hours(MODEL, [], room)
    assert not fitted.plans
    assert {hour for hour, price in fitted.prices.items() if price == 1} == {h for h in room if room[h]}


@given(st.dictionaries(st.sampled_from(HOURS), st.floats(1, 50)), st.floats(0, 0.999))
def test_each_case_feels_a_price_its_own_way_but_never_below_1(
    prices: dict[datetime, float], lot: float
) -> None:
    own = felt(prices, lot)
    assert set(own) == {hour for hour, price in prices.items() if price > 1}
    assert all(1 <= price <= 2 * prices[hour] for hour, price in own.items())


def test_cases_feel_an_hours_price_evenly() -> None:
    for hour in HOURS:
        mean = sum(felt({hour: 3.0}, lot / 200)[hour] for lot in range(200)) / 200
        assert abs(mean - 3) < 0.05
    assert felt({HOURS[0]: FORBIDDEN}, 0.1) == {HOURS[0]: FORBIDDEN}
