"""What past contacts teach about a buyer, and about all of them together."""

from random import Random

import numpy as np
import pytest

from models.vocabulary import Channel, Regime
from tests.verification.slots.small_world import SUNDAY, past_of, people
from verification.slots.cells import contact_cell, rest_days
from verification.slots.counts import Floats, Past, Pooled, packed
from verification.slots.fitting import fit
from verification.slots.model import Model, as_json, cold_model, from_json
from verification.slots.posterior import answer_week, weigh

PLACE = ("SA", "Riyadh")
CALL = 3


@pytest.fixture(scope="module")
def learned() -> Model:
    rng, pooled = Random(1), Pooled()
    pasts = [past_of(person, 8, rng, pooled) for person in people(1500, rng)]
    return fit(cold_model(), pasts, [PLACE] * len(pasts), {rest_days("SA"): pooled})


def week(model: Model, past: Past) -> Floats:
    """Chances by channel, day of rest or not, and hour."""
    return answer_week(model, weigh(model, packed([past]), [PLACE]))[0]


def contacts(hour: int, reached: int, missed: int, regime: Regime = Regime.normal) -> Past:
    past = Past()
    at = SUNDAY.replace(hour=hour)
    for answered, count in ((True, reached), (False, missed)):
        if count:
            past.add(contact_cell(Channel.agent_call, at, "SA", regime, reached=answered), count)
    return past


@pytest.mark.parametrize("hour", [10, 13, 20])
def test_each_answer_raises_and_each_silence_lowers_the_chance_of_that_hour(hour: int) -> None:
    model = cold_model()
    answered = [week(model, contacts(hour, count, 0))[CALL, 0, hour] for count in range(6)]
    silent = [week(model, contacts(hour, 0, count))[CALL, 0, hour] for count in range(6)]
    assert answered == sorted(answered)
    assert silent == sorted(silent, reverse=True)


def test_more_of_the_same_evidence_leaves_less_doubt() -> None:
    model = cold_model()
    doubts = []
    for times in (0, 2, 8, 32, 128):
        weights = weigh(model, packed([contacts(20, 3 * times, times)]), [PLACE])[0]
        level = model.logits[:, CALL, 0, 20]
        doubts.append(float(weights @ (level - weights @ level) ** 2))
    assert doubts == sorted(doubts, reverse=True)


def test_one_lucky_contact_does_not_make_a_sure_buyer() -> None:
    before, after = (week(cold_model(), contacts(13, count, 0))[CALL, 0, 13] for count in (0, 1))
    assert before < after < before + 0.2


def test_dropping_the_counts_forgets_everything(learned: Model) -> None:
    past = contacts(20, 5, 1)
    past.cells.clear()
    np.testing.assert_array_equal(week(learned, past), week(learned, Past()))


def test_two_pasts_of_one_person_add_up() -> None:
    both = contacts(20, 2, 1).joined(contacts(20, 1, 3))
    assert both == contacts(20, 3, 4)


def test_hours_are_learned_from_all_and_the_own_hour_from_few_contacts(learned: Model) -> None:
    stranger = week(learned, Past())[CALL, 0]
    assert min(stranger[11], stranger[20]) > 1.5 * stranger[15]
    evening = week(learned, contacts(20, 2, 0))[CALL, 0]
    assert evening[20] > 0.55 > 0.3 > evening[11]


def test_the_hour_of_an_order_tells_the_hour_of_the_day(learned: Model) -> None:
    rng = Random(2)
    person = next(each for each in people(20, rng) if each.peak == 20)
    shopped = week(learned, past_of(person, 0, rng))[CALL, 0]
    assert shopped[20] > week(learned, Past())[CALL, 0, 20] + 0.1


def test_ramadan_moves_hours_until_its_own_contacts_say_otherwise() -> None:
    model = cold_model()
    assert model.regimes[1, 18] < -0.5 < 0 < model.regimes[1, 21]
    pasts = [contacts(18, 6, 1, Regime.ramadan) for _ in range(200)] + [
        contacts(18, 3, 4) for _ in range(200)
    ]
    told = fit(model, pasts, [PLACE] * len(pasts), {})
    assert told.regimes[1, 18] > model.regimes[1, 18] + 0.5
    assert not told.regimes[0].any()


def test_the_next_fit_starts_from_the_last_ramadan() -> None:
    model = cold_model()
    last = fit(model, [contacts(18, 6, 1, Regime.ramadan)] * 300, [PLACE] * 300, {})
    again = fit(last, [contacts(18, 3, 4)] * 300, [PLACE] * 300, {})
    assert again.regimes[1, 18] == pytest.approx(last.regimes[1, 18], abs=0.05)


def test_a_city_leans_on_its_country_until_it_speaks(learned: Model) -> None:
    pasts = [contacts(12, 9, 1) for _ in range(400)] + [contacts(12, 0, 2)]
    places = [("SA", "Jeddah")] * 400 + [("SA", "Abha")]
    model = fit(learned, pasts, places, {})
    jeddah, abha, elsewhere = (
        answer_week(model, weigh(model, packed([Past()]), [("SA", city)]))[0, CALL, 0, 12]
        for city in ("Jeddah", "Abha", "unheard of")
    )
    assert abha == pytest.approx(elsewhere, abs=0.03)
    assert jeddah >= elsewhere


def test_friday_noon_is_told_from_the_other_day_of_rest() -> None:
    pooled = Pooled()
    rng = Random(3)
    for day, chance in ((4, 0.1), (5, 0.5)):
        for _ in range(300):
            pooled.add(Channel.agent_call, day, 12, reached=rng.random() < chance, decided=False)
    model = fit(cold_model(), [contacts(12, 1, 1)], [PLACE], {rest_days("SA"): pooled})
    friday, saturday = model.weekdays[rest_days("SA")][4:6, 12]
    assert friday < -0.4 < 0.4 < saturday


def test_a_kept_model_reads_back_the_same(learned: Model) -> None:
    kept = from_json(as_json(learned))
    np.testing.assert_allclose(week(kept, contacts(20, 2, 2)), week(learned, contacts(20, 2, 2)), atol=1e-4)


def test_nothing_to_learn_from_changes_nothing() -> None:
    model = cold_model()
    assert fit(model, [], [], {}) is model
