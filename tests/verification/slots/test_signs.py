"""Signs of life (messages read, the page used, calls to us) beside answers: they sharpen and do no harm."""

from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from models.vocabulary import Channel, Regime, SignOfLife
from tests.verification.slots.small_world import SUNDAY, Person, past_of, people
from verification.slots.cells import SIGNS, contact_cell, rest_days, sign_cell
from verification.slots.counts import Past, Pooled, packed
from verification.slots.fitting import fit
from verification.slots.model import Model, as_json, cold_model, from_json
from verification.slots.posterior import answer_week, weigh

PLACE = ("SA", "Riyadh")
CALL = 3
WAKING = range(9, 22)
Looks = Callable[[Person, int, Random], list[int]]
"""The hours of so many signs of a buyer."""


def signs(past: Past, person: Person, times: int, looks: Looks, rng: Random) -> Past:
    """The past with so many messages read besides."""
    for hour in looks(person, times, rng):
        past.add(sign_cell(SignOfLife.message_read, SUNDAY.replace(hour=hour), "SA"))
    return past


def when_free(person: Person, times: int, rng: Random) -> list[int]:
    """Half of the time right when we write, at any waking hour; else around the hour of answering."""
    return [
        rng.choice(WAKING) if rng.random() < 0.5 else person.peak + rng.choice((-1, 0, 0, 1))
        for _ in range(times)
    ]


def when_we_write(person: Person, times: int, rng: Random) -> list[int]:
    """Everybody at the hours at which we mostly write: that says nothing of anybody."""
    return [rng.choice((10, 10, 10, 11, 19)) for _ in range(times)]


def when_we_write_to_them(person: Person, times: int, rng: Random) -> list[int]:
    """Each at one hour, at which we happen to write to them: nor does that."""
    return [rng.choice(WAKING)] * times


def whenever(person: Person, times: int, rng: Random) -> list[int]:
    return [rng.choice(WAKING) for _ in range(times)]


def fitted(looks: Looks) -> Model:
    rng, pooled = Random(1), Pooled()
    pasts = [signs(past_of(person, 6, rng, pooled), person, 4, looks, rng) for person in people(1200, rng)]
    return fit(cold_model(), pasts, [PLACE] * len(pasts), {rest_days("SA"): pooled})


def surprise(model: Model, looks: Looks | None, contacts: int = 2) -> float:
    """How far the chances of calls on a work day are from the true ones, over 400 strangers: in nats."""
    rng, buyers = Random(5), people(400, Random(4))
    pasts = [past_of(person, contacts, rng) for person in buyers]
    rng = Random(6)
    if looks is not None:
        pasts = [signs(past, person, 6, looks, rng) for past, person in zip(pasts, buyers, strict=True)]
    week = answer_week(model, weigh(model, packed(pasts), [PLACE] * len(pasts)))
    told = week[:, CALL, 0, WAKING.start : WAKING.stop]
    true = np.array([[person.answers(Channel.agent_call, hour) for hour in WAKING] for person in buyers])
    return float(-(true * np.log(told) + (1 - true) * np.log(1 - told)).mean())


def test_signs_sharpen_where_the_buyer_answers() -> None:
    model = fitted(when_free)
    for contacts in (0, 2, 8):
        assert surprise(model, when_free, contacts) < surprise(model, None, contacts) - 0.004
    assert surprise(cold_model(), when_free) < surprise(cold_model(), None) - 0.004


@pytest.mark.parametrize("looks", [when_we_write, when_we_write_to_them, whenever])
def test_signs_that_say_nothing_of_the_buyer_do_no_harm(looks: Looks) -> None:
    model = fitted(looks)
    for contacts in (0, 2, 8):
        assert surprise(model, looks, contacts) < surprise(model, None, contacts) + 0.001
    assert surprise(cold_model(), looks) < surprise(cold_model(), None) + 0.002


def called(past: Past, hour: int) -> float:
    return float(answer_week(cold_model(), weigh(cold_model(), packed([past]), [PLACE]))[0, CALL, 0, hour])


@pytest.mark.parametrize("hour", [10, 13, 20])
@pytest.mark.parametrize("kind", SIGNS)
def test_a_sign_speaks_for_its_hour_and_more_quietly_than_an_answer(kind: SignOfLife, hour: int) -> None:
    at = SUNDAY.replace(hour=hour)
    sign = Past({sign_cell(kind, at, "SA"): 1})
    answer = Past({contact_cell(Channel.agent_call, at, "SA", Regime.normal, reached=True): 1})
    assert called(Past(), hour) < called(sign, hour) < called(answer, hour)


def test_a_call_to_us_speaks_louder_than_a_message_read() -> None:
    at = SUNDAY.replace(hour=20)
    read, called_in = (
        Past({sign_cell(kind, at, "SA"): 3}) for kind in (SignOfLife.message_read, SignOfLife.called_in)
    )
    assert called(read, 20) < called(called_in, 20)


def test_without_signs_nothing_of_them_is_learned() -> None:
    rng, start = Random(1), cold_model()
    pasts = [past_of(person, 6, rng) for person in people(100, rng)]
    assert fit(start, pasts, [PLACE] * len(pasts), {}).looking is start.looking


def test_when_people_look_is_kept_with_the_model() -> None:
    model = fitted(when_free)
    kept = from_json(as_json(model))
    np.testing.assert_allclose(kept.looking, model.looking, atol=1e-4)
    np.testing.assert_allclose(np.exp(kept.looking).sum(-1), 1, atol=1e-3)
