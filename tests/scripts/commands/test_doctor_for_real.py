"""`flask doctor` with an account at the provider: what stands in the way of real contacts, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.twilio.account import Account
from channels.twilio.examining import examine_address
from models.senders import ProviderState
from models.templates import MessageTemplate
from models.vocabulary import Channel, SenderKind, StepState, TemplateState
from tests import stored
from tests.scripts.commands.real import SID, TOKEN, doubled, our_address
from tests.verification.board.standing import a_step, an_order
from verification.alarms import raise_alarm
from verification.routing.stored import add_sender
from verification.templates.keeping import add_defaults

OURS = "+966112223333"


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def double(environ):
    with our_address() as url, doubled(environ, public_url=url) as double:
        yield double


@pytest.fixture
def ready(double, work, now):
    """A shop in Riyadh with senders of every kind and approved texts."""
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        for kind in SenderKind:
            add_sender(session, kind=kind, address=OURS, country="SA", actor="operator", now=now)
        add_defaults(session, seller_id=None, actor="operator", now=now)
        for text in session.query(MessageTemplate):
            text.state, text.content_id = TemplateState.approved, "HX" + "0" * 32
        return store.seller.slug


def examined(run):
    """Every check as (name, ok, detail); neither a secret nor a buyer's phone may stand in any."""
    said = run("doctor", "--json")
    checks = [(each["name"], each["ok"], each["detail"]) for each in said.json["checks"]]
    assert said.code == (0 if all(ok for _, ok, _ in checks) else 1)
    assert TOKEN not in said.out
    return checks


def wrong(run):
    return {name: detail for name, ok, detail in examined(run) if not ok}


def test_where_all_is_well_it_says_what_is_there(run, ready):
    told = {name: (ok, detail) for name, ok, detail in examined(run) if name != "secret key"}
    assert {name for name, (ok, _) in told.items() if not ok} == set()
    assert told["twilio"][1] == "the credentials are right and the account is active"
    assert told["balance"][1] == "100.00 USD"
    assert told["voice senders"][1] == "there for SA"
    assert told["templates"][1] == f"approved for {ready}: ar, en, ckb"
    assert "spoken by machine" in told["voices"][1]
    assert "answers from here; that Twilio reaches it only Twilio can prove" in told["public address"][1]


def test_what_is_missing_is_said_with_the_command_that_mends_it(run, double, work, now):
    assert "once there is a seller" in wrong(run)["senders"]
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        slug = store.seller.slug
        add_sender(session, kind=SenderKind.sms, address="TAKEED", country="AE", actor="o", now=now)
    found = wrong(run)
    for kind in SenderKind:
        assert found[f"{kind} senders"] == f"none for SA ({slug}) (flask sender add --kind {kind})"
    assert found["templates"] == f"WhatsApp has approved none of {slug} (flask template submit)"


def test_numbers_that_lead_elsewhere_are_named(run, ready, double):
    double.own(OURS, voice_url="https://demo.example/voice")
    details = [detail for name, ok, detail in examined(run) if name == "webhooks" and not ok]
    assert any(detail.startswith(f"calls to {OURS} do not lead to http://") for detail in details)


def test_credentials_that_are_refused_and_a_provider_that_is_silent(run, ready, environ):
    environ["TWILIO_AUTH_TOKEN"] = "another"
    assert wrong(run)["twilio"] == "it refuses TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN (20003)"
    environ["TWILIO_API_BASE"] = "http://127.0.0.1:9"
    assert wrong(run)["twilio"] == "it does not answer (ConnectError)"


def test_an_address_that_nobody_answers(run, ready, environ):
    environ["TAKEED_PUBLIC_URL"] = "https://127.0.0.1:9"
    assert "/healthz does not answer from here (ConnectError)" in wrong(run)["public address"]


def test_alarms_and_an_outage_are_told(run, ready, work, now):
    with work() as session:
        params = {"channel": "sms", "country": "SA", "code": "30007", "sender": "TAKEED"}
        raise_alarm(session, "filtered", "sms:SA:TAKEED", params, now=now)
        out = {"out_since": now, "retry_at": now + timedelta(minutes=2), "changed_at": now}
        session.add(ProviderState(provider="twilio", failures=5, last_code="ConnectError", **out))
        waits = {"state": StepState.ready, "channel": Channel.sms, "not_before": now}
        order = an_order(session, now, stored.a_store(session, now))
        a_step(session, now, order, **waits)
    found = wrong(run)
    assert (
        "SMS in Saudi Arabia is filtered as spam (TAKEED · 30007: a carrier filtered it), 1 times"
        in found["alarm"]
    )
    assert "twilio is out since" in found["outage"]
    assert "(ConnectError), 1 contacts wait, next try" in found["outage"]


def test_the_real_provider_needs_https():
    [found] = examine_address(Account(SID, TOKEN, "http://takeed.example"))
    assert (found.ok, found.code) == (False, "public_url_not_https")
