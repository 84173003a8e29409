"""Nights of learning: what is promoted, kept back, rolled back, remembered."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, func, select, text

from models.slots import SlotModel
from models.vocabulary import Regime
from tests.conftest import Work
from tests.verification.learning.town import settle
from verification.learning import gathering, nightly
from verification.learning.comparing import Why
from verification.learning.current import COLD, current_model, current_version
from verification.learning.nightly import AlreadyFitting, fit_nightly
from verification.learning.versions import roll_back, versions
from verification.slots.model import as_json, cold_model

DAY = timedelta(days=1)


@pytest.fixture
def town(work: Work, now: datetime) -> None:
    with work() as session:
        settle(session, now)


def night(engine: Engine, now: datetime, **how):
    return fit_nightly(engine, now=now, by="test", **how)


def test_with_too_few_contacts_the_priors_stay(engine, work, now) -> None:
    with work() as session:
        settle(session, now, buyers=60)
    came = night(engine, now)
    assert (came.why, came.version, came.in_use) == (Why.too_few, None, COLD)
    assert 0 < came.held_out < 200
    with work() as session:
        assert versions(session) == []


def test_what_is_better_is_promoted_and_used_from_then_on(engine, work, now, town) -> None:
    came = night(engine, now)
    assert came.why is Why.better
    assert came.promoted
    overall = came.findings["overall"]
    assert overall["new"] < overall["in_use"] - 0.02
    assert overall["contacts"] == came.held_out > 200
    assert set(came.findings["calibration"]) == {"whatsapp", "agent_call"}
    with work() as session:
        current = current_model(session)
        kept = versions(session)
    assert current.version == came.version == came.in_use
    assert [(each.version, each.promoted_at) for each in kept] == [(came.version, now)]
    assert kept[0].findings == came.findings


def test_what_is_worse_is_kept_back(engine, work, now, town, monkeypatch) -> None:
    first = night(engine, now)
    # The next night's fit goes wrong: it holds that everybody sleeps by day.
    cold = cold_model()
    monkeypatch.setattr(
        nightly, "fit", lambda *_: cold.__class__(**{**cold.__dict__, "curves": -4 - cold.curves})
    )
    second = night(engine, now + DAY)
    assert second.why is Why.worse
    assert not second.promoted
    assert second.findings["overall"]["difference"] > 0
    with work() as session:
        assert current_version(session) == first.version
        assert [each.promoted_at is None for each in versions(session)] == [True, False]


def test_a_dry_run_stores_nothing(engine, work, now, town) -> None:
    came = night(engine, now, write=False)
    assert (came.why, came.version) == (Why.better, None)
    with work() as session:
        assert session.scalar(select(func.count()).select_from(SlotModel)) == 0


def test_a_crash_between_fit_and_write_leaves_the_old_one_in_use(
    engine, work, now, town, monkeypatch
) -> None:
    first = night(engine, now)

    def die(*_, **__):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(nightly, "_written", die)
        with pytest.raises(RuntimeError):
            night(engine, now + DAY)
    with work() as session:
        assert current_version(session) == first.version
        assert len(versions(session)) == 1
    assert night(engine, now + DAY).version > first.version


def test_no_transaction_is_open_while_it_computes(engine, now, town, monkeypatch) -> None:
    seen = []

    def fit(start, *_):
        with engine.connect() as connection:
            busy = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
            )
            seen.append(connection.scalar(busy))
        return start

    monkeypatch.setattr(nightly, "fit", fit)
    night(engine, now)
    assert seen == [0]


def test_one_fits_at_a_time(engine, now, town) -> None:
    with nightly._alone(engine), pytest.raises(AlreadyFitting):
        night(engine, now)
    assert night(engine, now).promoted


def test_a_version_compared_with_one_rolled_back_meanwhile_is_not_used(
    engine, work, now, town, monkeypatch
) -> None:
    night(engine, now)
    fit = nightly.fit

    def slowly(*asked):
        with work() as session:
            roll_back(session, by="test", now=now + DAY)
        return fit(*asked)

    monkeypatch.setattr(nightly, "fit", slowly)
    assert night(engine, now + DAY).why is Why.overtaken
    with work() as session:
        assert current_version(session) == COLD


def test_every_night_is_judged_by_the_same_buyers_and_learned_from_the_others(
    engine, work, now, town
) -> None:
    with work() as session:
        tested = {each.buyer_id for each in gathering.held_out(session, now=now)}
        again = {each.buyer_id for each in gathering.held_out(session, now=now + DAY)}
        crowd = gathering.crowd(session, now=now)
        smaller = gathering.crowd(session, now=now, most=100)
    assert tested == again
    assert len(crowd.pasts) + len(tested) == 240
    assert crowd.contacts == 10 * len(crowd.pasts)
    assert 60 < len(smaller.pasts) < 140
    assert {tuple(sorted(past.cells.items())) for past in smaller.pasts} <= {
        tuple(sorted(past.cells.items())) for past in crowd.pasts
    }
    assert set(crowd.places) == {("SA", "riyadh")}


def test_contacts_of_all_are_counted_by_weekday_with_the_decisions_they_brought(work, now, town) -> None:
    with work() as session:
        [[days, pooled]] = gathering.pooled(session, since=now - 90 * DAY).items()
        assert gathering.pooled(session, since=now) == {}
        [part] = gathering.pooled(session, since=now - 90 * DAY, share=0.5).values()
    assert 0.4 < part.made.sum() / pooled.made.sum() < 0.6
    assert days == {4, 5}
    # Without the buyers that are held out.
    assert 2000 < pooled.made.sum() < 2300
    assert pooled.reached.sum() == pooled.answered.sum()
    assert 0.85 < pooled.decided[3] / pooled.answered[3] < 0.95
    assert 0.85 < pooled.decided[0] / pooled.answered[0] < 0.95
    assert pooled.answered[1] == pooled.answered[2] == 0


def test_stated_chances_are_held_against_decisions(engine, work, now) -> None:
    with work() as session:
        settle(session, now, chance=0.5)
    [told, calls] = (night(engine, now).findings["chosen"][each] for each in ("whatsapp", "agent_call"))
    [[stated, came, contacts]] = calls["points"]
    assert stated == 0.5
    assert contacts == calls["contacts"] > 1000
    assert 0.15 < came < 0.35
    assert calls["error"] == pytest.approx(0.5 - came, abs=1e-4)
    assert told["contacts"] + calls["contacts"] == 2400


def test_ramadan_is_remembered_when_its_contacts_are_gone(engine, work, now) -> None:
    with work() as session:
        settle(session, now, regime=Regime.ramadan, peak=18)
        settle(session, now, seed=2)
    night(engine, now)
    with work() as session:
        learned = current_model(session).model.regimes
        assert learned[1, 18] > cold_model().regimes[1, 18] + 0.5
        session.execute(
            text(
                "DELETE FROM buyer_habits USING attempts WHERE attempts.buyer_id = buyer_habits.buyer_id"
                " AND regime = 'ramadan'"
            )
        )
    # A normal night, a year of them: nothing moves.
    for later in (1, 300):
        night(engine, now + later * DAY)
    with work() as session:
        newest = session.scalars(select(SlotModel).order_by(SlotModel.version.desc())).first()
        np.testing.assert_allclose(newest.model["regimes"][1], learned[1], atol=2e-4)
        # And the next Ramadan starts from there.
        settle(session, now + 300 * DAY, regime=Regime.ramadan, peak=18, buyers=8, contacts=1, seed=3)
    night(engine, now + 301 * DAY)
    with work() as session:
        newest = session.scalars(select(SlotModel).order_by(SlotModel.version.desc())).first()
        assert newest.model["regimes"][1][18] == pytest.approx(learned[1, 18], abs=0.3)


def test_nights_on_the_same_counts_come_to_the_same_model(engine, work, now, town) -> None:
    for later in range(3):
        night(engine, now + later * DAY)
    with work() as session:
        models = list(session.scalars(select(SlotModel.model).order_by(SlotModel.version)))
    assert len(models) == 3
    assert models[0] == models[1] == models[2] != as_json(cold_model())


def test_a_version_that_cannot_be_read_any_more_gives_way_to_the_priors(engine, work, now, town) -> None:
    with work() as session:
        kept = SlotModel(
            fitted_at=now, fitted_by="test", buyers=1, contacts=1, model={"of": "old"}, promoted_at=now
        )
        session.add(kept)
    with work() as session:
        assert current_model(session).version == COLD
    came = night(engine, now + DAY)
    assert (came.why, came.findings["against"]) == (Why.better, COLD)
    with work() as session:
        assert current_model(session).version == came.version
