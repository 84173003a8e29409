"""The alarm that learned is below control: raised with its country, ended by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.vocabulary import Arm, Channel, Outcome, Verdict, Via
from tests import stored
from tests.verification.trial.known import Case, put
from verification.alarms import standing_alarms
from verification.trial import watching
from verification.trial.alarming import watch_trial

DECIDED = Case(Arm.control, [(Channel.whatsapp, "0", Outcome.replied)], Verdict.confirmed, Via.whatsapp)
SILENT = Case(Arm.learned, [(Channel.whatsapp, "0", Outcome.delivered_unread)])


@pytest.fixture
def few(monkeypatch):
    """A control of twenty is enough here, so that rows need not be by the hundred."""
    monkeypatch.setattr(watching, "LEAST_CONTROL", 20)


def put_many(session, at, store, *counts, country="SA"):
    for case, count in counts:
        for _ in range(count):
            put(session, at, store, replace(case, country=country, attempts=[]))


def alarms(session):
    return [(each.code, each.subject) for each in standing_alarms(session)]


@pytest.mark.usefixtures("few")
def test_a_loss_raises_it_and_a_gain_or_time_ends_it(session, now):
    store = stored.a_store(session, now)
    at = now - timedelta(days=5)
    put_many(session, at, store, (DECIDED, 20), (SILENT, 40))
    assert watch_trial(session, now=now) == 1
    [alarm] = standing_alarms(session)
    assert (alarm.code, alarm.subject) == ("below_control", "SA")
    assert alarm.params == {"country": "SA", "points": 100.0, "control_orders": 20}
    watch_trial(session, now=now + timedelta(hours=1))
    [alarm] = standing_alarms(session)
    assert alarm.count == 2
    put_many(session, at, store, (replace(DECIDED, arm=Arm.learned), 2000 // 20), (SILENT, 1))
    put_many(session, at, store, (replace(SILENT, arm=Arm.control), 20))
    assert watch_trial(session, now=now + timedelta(hours=2)) == 0
    assert alarms(session) == []


@pytest.mark.usefixtures("few")
def test_it_ends_when_the_orders_are_out_of_sight(session, now):
    store = stored.a_store(session, now)
    put_many(session, now - timedelta(days=5), store, (DECIDED, 20), (SILENT, 40))
    watch_trial(session, now=now)
    assert watch_trial(session, now=now + timedelta(days=90)) == 0
    assert alarms(session) == []


@pytest.mark.usefixtures("few")
def test_a_country_is_named_rather_than_all_together(session, now):
    store = stored.a_store(session, now)
    at = now - timedelta(days=5)
    put_many(session, at, store, (DECIDED, 20), (SILENT, 40), country="AE")
    put_many(session, at, store, (DECIDED, 20), (replace(DECIDED, arm=Arm.learned), 40))
    watch_trial(session, now=now)
    assert alarms(session) == [("below_control", "AE")]


def test_without_orders_nothing_is_raised(session, now):
    assert watch_trial(session, now=now) == 0
    assert alarms(session) == []
