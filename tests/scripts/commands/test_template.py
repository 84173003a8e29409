"""Templates at the command line, approved by Twilio's double."""

from datetime import UTC, datetime, timedelta

import pytest

from scripts.twilio_double.serving import Double
from tests import stored
from verification import audit
from verification.templates.keeping import put_in
from verification.templates.listing import list_templates

SID, TOKEN = "AC" + "0" * 32, "token"
BODY = "من {{store}}: هل تؤكد الطلب {{number}}؟"


class Clock:
    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def twilio(clock, environ):
    with Double(SID, TOKEN, clock=clock) as double:
        environ |= {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_BASE": double.base}
        yield double


def states(run):
    listed = run("template", "list", "--json").json["templates"]
    return {(each["name"], each["language"], each["version"]): each["state"] for each in listed}


def test_the_defaults_are_added_submitted_and_approved(run, twilio, clock):
    assert len(run("template", "add", "--from-defaults", "--json").json["templates"]) == 9
    assert run("template", "add", "--from-defaults").out == "there was nothing to add\n"
    assert run("template", "submit", "--drafts").code == 0
    assert set(states(run).values()) == {"submitted"}
    assert len(twilio.contents) == 9
    assert {content.category for content in twilio.contents} == {"UTILITY"}
    clock.ahead = timedelta(minutes=1)
    twilio.due(clock())
    assert run("template", "refresh", "--json").json == {"sent": 0, "changed": 9}
    assert set(states(run).values()) == {"approved"}
    assert twilio.violations == []


def test_a_text_is_written_submitted_shown_and_retired(run, twilio):
    made = (
        "--channel",
        "whatsapp",
        "--name",
        "first",
        "--language",
        "ar",
        "--body",
        "-",
        "--button",
        "confirm=نعم",
    )
    added = run("template", "add", *made, "--json", stdin=BODY).json["templates"][0]
    assert (added["version"], added["buttons"]) == (1, [{"id": "confirm", "title": "نعم"}])
    assert BODY in run("template", "show", added["id"]).out
    assert (
        run("template", "submit", added["id"], "--json").json["templates"][0]["content_id"].startswith("HX")
    )
    again = run("template", "submit", added["id"])
    assert (again.code, again.err) == (1, "Error: state: it is submitted already\n")
    assert "retired" in run("template", "retire", added["id"]).out


def test_an_sms_needs_nobodys_approval(run):
    made = ("--channel", "sms", "--name", "first", "--language", "ar", "--body", "-")
    added = run("template", "add", *made, "--json", stdin="{{store}}: {{link}}").json["templates"][0]
    assert run("template", "submit", added["id"], "--json").json["templates"][0]["state"] == "approved"


def test_without_twilio_nothing_is_submitted(run):
    run("template", "add", "--from-defaults")
    said = run("template", "submit", "--drafts")
    assert (said.code, said.err) == (
        1,
        "Error: TWILIO_ACCOUNT_SID is not set: there is nobody to submit to\n",
    )
    assert set(states(run).values()) == {"draft"}
    assert run("template", "refresh").code == 1


def test_an_order_is_seen_and_the_look_recorded(run, work, session, now):
    with work() as writing:
        store = stored.a_store(writing, now)
        order = stored.an_order(writing, now, store, stored.a_buyer(writing, now, "+966551234567"))
    said = run("template", "preview", order.external_id)
    assert said.out.startswith(
        "whatsapp: no approved template\n\nsms: the country lets no SMS carry our link"
    )
    added = run("template", "add", "--from-defaults", "--json").json["templates"][0]
    said = run("template", "preview", str(order.id), "--template", added["id"])
    assert "المنتجات: خلاط محمول" in said.out
    assert [line.code for line in audit.lines(session, limit=2).lines].count("template_previewed") == 1
    assert run("template", "preview", "nobody").err == "Error: there is no such template or order\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "sentence"),
    [
        (["add"], "", 2, "say either --from-defaults"),
        (["add", "--channel", "sms"], "", 2, "are all needed"),
        (["add", "--from-defaults", "--channel", "sms"], "", 2, "say either"),
        (["add", "--from-defaults", "--seller", "nobody"], "", 1, "no seller with this id or slug"),
        (["submit"], "", 2, "say which"),
        (["submit", "01a20332-90ba-702c-9c0e-08e077d900b7"], "", 1, "no such template"),
        (["show", "x"], "", 2, "not a valid UUID"),
        (["retire", "01a20332-90ba-702c-9c0e-08e077d900b7"], "", 1, "no such template"),
    ],
)
def test_what_makes_no_sense_is_said(run, arguments, stdin, code, sentence):
    said = run("template", *arguments, stdin=stdin)
    assert said.code == code
    assert sentence in said.err


@pytest.mark.parametrize(
    ("body", "button", "sentence"),
    [
        ("", "confirm=x", "body: it is empty"),
        ("خصم كبير", "confirm=x", "body: “خصم” sells: say so with --class promotion, or leave it out"),
        ("أكّد {{phone}} هنا", "confirm=x", "body: there is no variable phone"),
        (BODY, "yes=x", "buttons: not one of those that there are"),
        (BODY, "confirm", "a button is written ANSWER=TITLE"),
    ],
)
def test_a_text_that_cannot_be_is_refused_in_words(run, body, button, sentence):
    made = ("--channel", "whatsapp", "--name", "first", "--language", "ar", "--button", button, "--body", "-")
    said = run("template", "add", *made, stdin=body)
    assert said.code in (1, 2)
    assert sentence in said.err


def test_the_scheduler_hands_over_and_asks_by_itself(run, twilio, clock, work):
    run("template", "add", "--from-defaults")
    with work() as session:
        put_in(session, list_templates(session)[0].id, actor="operator", now=datetime.now(UTC))
    assert run("tick").code == 0
    assert len(twilio.contents) == 1
    clock.ahead = timedelta(minutes=1)
    twilio.due(clock())
    assert run("tick").code == 0
    assert sorted(states(run).values()) == ["approved"] + ["draft"] * 8
