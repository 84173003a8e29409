"""When the scheduler learns, and that it never stands in the way."""

from datetime import UTC, datetime, timedelta

import pytest

from scripts.jobs import House, run_job
from scripts.learning import is_night_due
from tests.building import Town
from tests.verification.learning.town import settle
from verification.alarms import standing_alarms
from verification.learning import nightly
from verification.learning.current import COLD, current_version
from verification.learning.versions import versions

THREE = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)  # o'clock in Riyadh


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (THREE, None, True),
        (THREE, THREE - timedelta(days=1), True),
        (THREE, THREE - timedelta(seconds=1), True),
        (THREE - timedelta(seconds=1), THREE - timedelta(days=1), False),
        (THREE + timedelta(minutes=10), THREE, False),
        (THREE + timedelta(hours=23), THREE + timedelta(minutes=1), False),
        (THREE + timedelta(hours=9), THREE - timedelta(hours=8), True),
        (THREE + timedelta(days=30), THREE, True),
    ],
)
def test_a_night_is_due_once_and_also_when_it_was_missed(now, last, due) -> None:
    assert is_night_due(now, last, "Asia/Riyadh") is due
    assert is_night_due(now, last and last.astimezone(), "Asia/Riyadh") is due


@pytest.fixture
def house(engine, now) -> House:
    return Town(engine, now).house


def test_a_night_is_learned_from_once(house, work, now, monkeypatch) -> None:
    with work() as session:
        settle(session, now)
    assert run_job(house, "learning") > 200
    with work() as session:
        assert current_version(session) != COLD
    house.clock.move(hours=13)
    assert run_job(house, "learning") == 0
    house.clock.move(hours=1)
    assert run_job(house, "learning") > 200
    with work() as session:
        assert [each.fitted_by for each in versions(session)] == ["scheduler", "scheduler"]


def test_an_empty_house_learns_nothing_and_tries_again_the_next_night(house, work) -> None:
    assert run_job(house, "learning") == 0
    with work() as session:
        assert versions(session) == []
        assert standing_alarms(session) == []


def test_a_failure_raises_an_alarm_until_a_night_goes_well(house, work, now, monkeypatch) -> None:
    with work() as session:
        settle(session, now)
    with monkeypatch.context() as patch:
        patch.setattr(nightly, "fit", lambda *_: 1 / 0)
        assert run_job(house, "learning") == 0
    with work() as session:
        assert [(each.code, each.params["code"]) for each in standing_alarms(session)] == [
            ("learning_failed", "ZeroDivisionError")
        ]
        assert current_version(session) == COLD
    assert run_job(house, "learning") == 0
    house.clock.move(days=1)
    assert run_job(house, "learning") > 200
    with work() as session:
        assert standing_alarms(session) == []


def test_while_another_process_learns_it_waits(house, work, now, engine) -> None:
    with work() as session:
        settle(session, now)
    with nightly._alone(engine):
        assert run_job(house, "learning") == 0
    assert run_job(house, "learning") > 200
