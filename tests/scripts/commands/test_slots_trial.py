"""`flask slots report`, `stop` and `resume`."""

from datetime import UTC, datetime, timedelta

import pytest

from models.vocabulary import Arm, Channel, Outcome, Verdict, Via
from tests import stored
from tests.verification.trial.known import Case, put
from verification.trial.stopping import standing_stop

DECIDED = ([(Channel.whatsapp, "0.01", Outcome.replied)], Verdict.confirmed, Via.whatsapp)
CALLED = (
    [
        (Channel.whatsapp, "0.01", Outcome.delivered_unread),
        (Channel.agent_call, "0.1", Outcome.answered),
    ],
    Verdict.confirmed,
    Via.agent_call,
)
SILENT = ([(Channel.whatsapp, "0.01", Outcome.delivered_unread)],)


@pytest.fixture
def orders(work):
    """Sixty orders of each arm; of learned 55 are decided by a message, of the control 40 by a call."""
    at = datetime.now(UTC) - timedelta(days=4)
    with work() as session:
        store = stored.a_store(session, at)
        for arm, how, count in (
            (Arm.learned, DECIDED, 55),
            (Arm.learned, SILENT, 5),
            (Arm.control, CALLED, 40),
            (Arm.control, SILENT, 20),
        ):
            for _ in range(count):
                put(session, at, store, Case(arm, *how))


def test_the_report_tells_the_lift_with_its_interval(run, orders):
    told = run("slots", "report", "--json").json
    overall, saudi = told["parts"]
    assert (overall["country"], saudi["country"]) == (None, "SA")
    assert overall["orders"] == {"learned": 60, "control": 60}
    decided = overall["measures"]["decided"]
    assert decided["learned"] == pytest.approx(55 / 60)
    assert decided["difference"]["value"] == pytest.approx(15 / 60)
    assert 0.1 < decided["difference"]["low"] < 15 / 60 < decided["difference"]["high"] < 0.4
    assert decided["learned_is"] == "better"
    assert overall["measures"]["calls"] == {
        "learned": 0,
        "control": pytest.approx(40 / 60),
        "ratio": None,
        "learned_is": None,
    }
    assert overall["channels"]["agent_call"]["decided"]["difference"]["value"] == pytest.approx(-40 / 60)
    # Sixty orders of control are too few for a rule that may be asked every hour.
    assert told["below_control"] == [{"country": "SA", "standing": "too_few", "control_orders": 60}]
    text = run("slots", "report").out
    assert "all countries: 60 learned, 60 control" in text
    assert "+25.00 points" in text
    assert "too few orders to say whether it is below control" in text
    assert run("slots", "report", "--country", "AE", "--json").json["parts"] == []


def test_without_orders_the_report_says_so(run):
    said = run("slots", "report", "--days", "7")
    assert said.code == 0
    assert "no order of either arm" in said.out or "too few to tell" in said.out


@pytest.mark.parametrize("options", [("--days", "0"), ("--days", "9999"), ("--country", "XX")])
def test_what_cannot_be_asked_is_said(run, options):
    assert run("slots", "report", *options).code == 2


def test_the_switch_is_thrown_and_released_once(run, work):
    assert run("slots", "stop", "--why", "doubtful", "--json").json == {
        "stopped": True,
        "turned": True,
        "planned_anew": 0,
    }
    with work() as session:
        assert (standing_stop(session).began_by, standing_stop(session).why) == ("operator", "doubtful")
    assert "it was stopped already" in run("slots", "stop").out
    assert "STOPPED since" in run("slots", "report").out
    assert run("slots", "report", "--json").json["stopped"]["why"] == "doubtful"
    assert "chooses again" in run("slots", "resume").out
    assert "it was not stopped" in run("slots", "resume").out
    with work() as session:
        assert standing_stop(session) is None
