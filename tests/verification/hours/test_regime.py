from datetime import UTC, datetime

import pytest

from models.vocabulary import Regime
from verification.hours.regime import local_hour_of_week, regime_at


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        ("2026-02-17T12:00", Regime.normal),
        ("2026-02-18T12:00", Regime.ramadan),
        ("2026-03-19T12:00", Regime.ramadan),
        ("2026-03-20T12:00", Regime.eid),
        ("2026-03-22T12:00", Regime.eid),
        ("2026-03-23T12:00", Regime.normal),
        ("2026-05-26T12:00", Regime.normal),
        ("2026-05-27T12:00", Regime.eid),
        ("2026-05-30T12:00", Regime.eid),
        ("2026-05-31T12:00", Regime.normal),
    ],
)
def test_ramadan_and_the_eids_follow_umm_al_qura(day: str, regime: Regime) -> None:
    assert regime_at(datetime.fromisoformat(f"{day}+03:00"), "Asia/Riyadh") is regime


def test_the_regime_is_the_buyers_day() -> None:
    eve = datetime(2026, 2, 17, 20, 30, tzinfo=UTC)
    assert regime_at(eve, "Asia/Riyadh") is Regime.normal
    assert regime_at(eve, "Asia/Dubai") is Regime.ramadan


@pytest.mark.parametrize(
    ("at", "hour"),
    [("2026-11-22T20:59", 167), ("2026-11-22T21:00", 0), ("2026-11-23T09:00", 12), ("2026-11-27T00:00", 99)],
)
def test_hours_of_the_week_count_from_monday_midnight_in_riyadh(at: str, hour: int) -> None:
    assert local_hour_of_week(datetime.fromisoformat(f"{at}+00:00"), "Asia/Riyadh") == hour
