"""`flask contact try`: one real message or call, by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.attempts import Attempt
from models.senders import Sender
from models.templates import MessageTemplate
from models.vocabulary import Channel, SenderKind, TemplateState
from scripts.commands import contact
from tests import stored
from tests.scripts.commands.real import doubled
from verification.reachability import silence
from verification.routing.stored import add_sender
from verification.templates.keeping import add_defaults

PHONE, OURS = "+96550001234", "+966112223333"
TRY = ("contact", "try", "--to", PHONE, "--yes")


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def double(environ):
    with doubled(environ, public_url="https://takeed.example") as double:
        yield double


@pytest.fixture
def ready(double, work, now):
    """Senders of every kind, and approved texts."""
    with work() as session:
        for kind in SenderKind:
            add_sender(session, kind=kind, address=OURS, actor="operator", now=now)
        add_defaults(session, seller_id=None, actor="operator", now=now)
        for text in session.scalars(select(MessageTemplate)):
            text.state = TemplateState.approved
            text.content_id = double.account.new_sid("HX")
    return double


@pytest.fixture
def quick(double, monkeypatch):
    """Half a minute passes at once."""
    passed = []

    def sleep(seconds):
        passed.append(seconds)
        double.due(datetime.now(UTC) + timedelta(seconds=60 * len(passed)))

    monkeypatch.setattr(contact.time, "sleep", sleep)


def test_in_the_sandbox_nobody_is_contacted(run):
    said = run(*TRY, "--channel", "sms")
    assert said.code == 1
    assert "this is the sandbox, where nobody is contacted" in said.err


@pytest.mark.usefixtures("quick")
def test_a_message_goes_out_as_a_buyer_would_get_it(run, ready, work):
    said = run(*TRY, "--channel", "sms")
    assert said.code == 0, said.err
    [message] = ready.messages
    assert (message.to, message.from_) == (PHONE, OURS)
    assert f"The message went out from {OURS}; {message.sid} is Twilio's id." in said.out
    assert "delivered" in said.out
    with work() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0
        assert session.scalars(select(Sender.next_slot_at).where(Sender.kind == SenderKind.sms)).one()


def test_whatsapp_gets_the_approved_text_of_the_language(run, ready):
    told = run(*TRY, "--channel", "whatsapp", "--language", "en", "--no-wait", "--json").json
    [message] = ready.messages
    form = dict(message.form)
    assert form["To"] == f"whatsapp:{PHONE}"
    assert form["ContentSid"].startswith("HX")
    assert "1001" in form["ContentVariables"]
    assert told == {
        "channel": "whatsapp",
        "sender": OURS,
        "provider_id": message.sid,
        "statuses": [],
    }


def test_a_country_that_allows_no_links_gets_no_sms(run, ready):
    said = run(*TRY, "--to", "+971501234567", "--channel", "sms")
    assert said.code == 1
    assert "allows no link to our pages" in said.err


def test_a_call_rings(run, ready):
    assert run(*TRY, "--channel", "ivr", "--no-wait").code == 0
    [call] = ready.calls
    assert call.to == PHONE
    assert "ref=try-" in dict(call.form)["Url"]


def test_before_anything_is_sent_it_asks(run, ready):
    said = run(*TRY[:-1], "--channel", "sms", stdin="n\n")
    assert said.code == 1
    assert "costs money" in said.err
    assert ready.messages == []


def test_a_sellers_own_texts_and_name_are_used(run, ready, work, now):
    with work() as session:
        store = stored.a_store(session, now)
        session.refresh(store, ["seller"])
        slug = store.seller.slug
    said = run(*TRY, "--channel", "sms", "--seller", slug, "--no-wait")
    assert "Noor" in said.out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--to", "0551234567"), "not one phone number"),
        (("--to", "call me"), "not one phone number"),
        (("--to", "+33612345678"), "a country that is served"),
        (("--seller", "nobody"), "no seller with this id"),
        (("--channel", "ivr", "--language", "ckb"), "there is no voice for ckb"),
    ],
)
def test_what_cannot_be_tried_is_said_in_a_sentence(run, ready, options, sentence):
    said = run(*TRY, "--channel", "sms", "--no-wait", *options)
    assert said.code == 1
    assert sentence in said.err
    assert ready.messages == ready.calls == []


def test_a_phone_that_opted_out_is_left_alone_unless_told_otherwise(run, ready, work, keys, now):
    with work() as session:
        silence(session, keys.phone_hash(PHONE), Channel.sms, now)
    said = run(*TRY, "--channel", "sms", "--no-wait")
    assert said.code == 1
    assert "this phone opted out of sms" in said.err
    assert "--despite-opt-out" in said.err
    assert ready.messages == []
    assert run(*TRY, "--channel", "sms", "--no-wait", "--despite-opt-out").code == 0
    assert run(*TRY, "--channel", "whatsapp", "--no-wait").code == 0
    assert len(ready.messages) == 2


def test_without_sender_or_text_nothing_is_sent(run, double, work, now):
    assert "no sender is there for whatsapp" in run(*TRY, "--channel", "whatsapp").err
    with work() as session:
        kept = {"kind": SenderKind.whatsapp, "address": OURS, "actor": "operator", "now": now}
        add_sender(session, **kept).resting_until = now + timedelta(minutes=5)
    assert "busy or rests until" in run(*TRY, "--channel", "whatsapp").err
    with work() as session:
        session.scalars(select(Sender)).one().resting_until = None
    assert "there is no approved text" in run(*TRY, "--channel", "whatsapp").err
    assert double.messages == []


def test_what_the_provider_does_not_take_is_told_with_its_code(run, ready, environ):
    environ["TWILIO_AUTH_TOKEN"] = "another"
    said = run(*TRY, "--channel", "sms", "--no-wait")
    assert said.code == 1
    assert "20003, the credentials are wrong" in said.err
    environ["TWILIO_API_BASE"] = "http://127.0.0.1:9"
    assert "did not take it: ConnectError" in run(*TRY, "--channel", "ivr", "--no-wait").err
