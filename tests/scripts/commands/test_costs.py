"""`flask costs`."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from models.vocabulary import Channel, StepState
from tests import stored
from tests.verification.board.standing import a_step, an_attempt, an_order


@pytest.fixture
def spent(work):
    """One message today, of which the price is to come."""
    now = datetime.now(UTC)
    with work() as session:
        store = stored.a_store(session, now)
        step = a_step(session, now, an_order(session, now, store), state=StepState.done, channel=Channel.sms)
        attempt = an_attempt(session, now, step)
        attempt.cost, attempt.provider_id = Decimal("0.0512"), "SM1"
        session.refresh(store, ["seller"])
        return store.seller.slug


def test_costs_are_told(run, spent):
    told = run("costs", "--json").json
    line = {"contacts": 1, "cost": "0.0512", "unknown": 1, "confirmed": 0, "per_confirmed": None}
    assert told["all"] == told["channels"]["sms"] == told["sellers"][spent] == line
    assert told["verdicts"] == {"open": {"orders": 1, "cost": "0.0512", "per_order": "0.0512"}}
    text = run("costs", "--seller", spent).out
    assert "0.0512  1 contacts; the price of 1 is still to come" in text
    assert "open                      0.0512  1 orders, 0.0512 each" in text


def test_other_days_cost_nothing(run, spent):
    day = f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}"
    assert run("costs", "--since", day, "--until", day, "--json").json["all"]["contacts"] == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--since", "2026-11-02", "--until", "2026-11-01"), "--since is after --until"),
        (("--since", "soon"), "does not match the format"),
        (("--seller", "nobody"), "no seller"),
    ],
)
def test_what_cannot_be_asked_is_said(run, options, sentence):
    said = run("costs", *options)
    assert said.code != 0
    assert sentence in said.err
